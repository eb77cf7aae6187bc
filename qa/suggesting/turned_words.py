"""What `qa/suggesting/next_questions.py` tells sentences by: names, dates, verbs, base forms.

Every pattern reads one sentence of bounded length, and each repetition in it is bounded too.
"""

import re

_RANK = (
    r"(?:(?:Gen|Lt|Maj|Col|Capt|Cmdr|Adm|Sgt|Cpl|Pvt|Brig|Cdr|Dr|Mr|Mrs|Ms|Sen|Rep|Gov|Prof)\. |"
    r"(?:Tech|Staff|Master|Chief|Senior|Rear|Vice|1st|2nd|Airman|President|Secretary|Minister|"
    r"Ambassador|Governor|Mayor|Senator|Captain|Major|General|Colonel|Sergeant|Judge|Admiral) )"
)
PERSON = (
    rf"(?P<name>(?P<rank>(?:{_RANK}){{0,3}})"
    r"[A-Z][a-zé’'-]+(?: [A-Z]\.)?(?: [A-Z][A-Za-zé’'-]*[a-zé]){1,2})"
)
"""The words that may name a person: ranks, a given and a family name; `is_person` tells."""

_ROLE_NOUN = (
    r"(?:director|commander|chief|secretary|minister|president|chairman|chairwoman|chair|manager|"
    r"leader|head|superintendent|administrator|ambassador|commissioner|coordinator|officer|"
    r"commandant|governor|mayor|chancellor|executive|founder|dean|attorney|supervisor|planner|"
    r"scientist|professor|engineer|historian|curator|coach|pilot|analyst|spokesman|spokeswoman|"
    r"spokesperson|adviser|advisor|inspector|editor|author|owner)"
)
ROLE = (
    r"(?!and |our |his |her |their |my |former |then |acting |retired )"
    rf"(?:[\w&.’'/-]+ ){{0,5}}{_ROLE_NOUN}"
    r"(?: (?:of|for|at|in|with)(?: [\w&’'/-]+){1,8})?"
)
"""What someone is: a role, perhaps with what it is a role in."""

_ONE_OF_MANY = re.compile(
    r"(?:officer|executive|attorney|supervisor|planner|scientist|professor|engineer|pilot|analyst|"
    r"spokes\w+|advis[eo]r|inspector|editor|author|owner|leader|manager|founder)\b"
)
_OF_SOMETHING = re.compile(r"(?:of|for) .*[A-Z]")

SUBJECT = r"(?P<subject>(?:[A-Za-z0-9&’'.-]+ ){0,7}?[A-Za-z0-9&’'.-]+)"
"""The words before a verb; `is_subject` tells whether they are what did it."""

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
)
_DAY = rf"{_MONTH} \d{{1,2}}(?:, \d{{4}})?|{_MONTH} \d{{4}}|\d{{1,2}} {_MONTH}(?: \d{{4}})?"
DATE = rf"(?P<date>{_DAY}|(?:1[89]|20)\d\d)\b"
"""A day, month or year."""

NUMBER = (
    r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,6}|"
    r"(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))"
)
PLACE = r"(?P<place>(?:the )?[A-Z][\w’'-]*\w(?:,? (?:of |the |de )?[A-Z][\w’'-]*\w){0,5})"

_IRREGULAR = {
    "began": "begin",
    "became": "become",
    "came": "come",
    "flew": "fly",
    "fell": "fall",
    "held": "hold",
    "left": "leave",
    "led": "lead",
    "met": "meet",
    "took": "take",
    "won": "win",
    "wrote": "write",
    "died": "die",
}
_REGULAR = """
    adopt announce appoint approve arrive assume attend attack award celebrate close complete
    conduct crash create deploy discover donate earn elect end enter establish finish graduate
    host inaugurate inspect install introduce issue join land launch march move open participate
    pass perform present publish purchase receive reject release resign retire return reveal sign
    start succeed tour train unveil visit welcome
    """.split()
_BASE_OF = _IRREGULAR | {base + ("d" if base[-1] == "e" else "ed"): base for base in _REGULAR}
TOLD = rf"(?P<verb>{'|'.join(_BASE_OF)})\b"
"""A verb in the past whose base form is known."""

_BODY = re.compile(
    r"\b(?:Squadron|Wing|Group|Force|Command|Center|University|Agency|Department|Office|Council|"
    r"Committee|Corps|Base|Bank|Union|House|Ministers?|Secretary|President|General|Commander|"
    r"Director|Officers?|Division|Institute|Association|Battalion|Brigade|Regiment|States|Nations|"
    r"Street|Day|Program|Bureau|Company|College|School|Hospital|Foundation|Museum|Air|National|"
    r"Army|Navy|Marine|News|Act|Court|Service|Services|District|County|City|Attorney)\b"
)
_OPENS_NO_NAME = frozenset(
    """
    a about after all almost also although an and approximately around nearly roughly
    any as at because before both but by despite during each
    every few following for from had has have he her here his however i if in into it its just
    last many more most my no not now on once one only or other others our over prior several
    she since so some such than that their then there these they this those though through to
    two three four five six seven eight nine ten under until upon was we were what when where
    whether which while who whose with within without yet you your
    """.split()
)
_OPENS_A_PHRASE = re.compile(r"\w+ly$|(?!United)\w+ed$|\w+ing$")
_A_RANK = re.compile(rf"^(?:{_RANK})+")
_IN_NO_SUBJECT = re.compile(
    r"\b(?:was|were|is|are|has|had|have|be|been|who|which|that|when|while|where|because|said|says|"
    r"to|and|will|would|can|could|[a-z]+ed|[a-z]+ing|who|whose|but|or|as|by|with|also|then|not)\b"
)
_HANGS_ON_ITS_STORY = re.compile(
    r"\b(?:it|he|she|they|we|you|his|her|hers|its|their|our|your|my|him|them|us|this|that|these|"
    r"those|here|there|today|tonight|yesterday|tomorrow|now|last(?= \w)|next|later|earlier|"
    r"recently|also|who|which|whose|another|other|others|same|similar|such|so|where|Monday|Tuesday|Wednesday|"
    r"Thursday|Friday|Saturday|Sunday|week|month|ago|I)\b"
)
_NAMED = re.compile(r"\w+ .*[A-Z][\w’'-]*\w")
_ENDS_LOOSELY = re.compile(
    r"(?:\b(?:a|an|the|of|in|on|at|by|(?<!guilty )(?<!sentenced )to|and|or|as|into|was|were|is|"
    r"are|has|had|be|between|during|after|before|when|while|over|about)|"
    r"\b[A-Z][a-z]{0,2}|\.[A-Z]?|[a-z]+ \d{1,2})\?$"
)
MAX_QUESTION_CHARS = 110


def base_of(verb: str) -> str:
    """Return the base form of *verb*, one of those that `TOLD` finds."""
    return _BASE_OF[verb]


def is_person(name: str) -> bool:
    """Say whether *name*, which `PERSON` found, can be a person's."""
    opens = name.split()[0].casefold()
    return opens not in _OPENS_NO_NAME and not _BODY.search(name.partition(" ")[2])


def is_of_one(role: str) -> bool:
    """Say whether one person at a time has *role*, by what it says: "Panama coach"."""
    named = bool(_OF_SOMETHING.search(role)) or role[0].isupper() or role[0].isdigit()
    return named and not _ONE_OF_MANY.search(role)


def is_subject(subject: str) -> bool:
    """Say whether *subject*, which opens a sentence, is a name or what a name makes clear."""
    opens, _, rest = subject.partition(" ")
    named = rest if opens == "The" else _A_RANK.sub("", subject)
    # A family name alone says too little among thousands of stories.
    enough = " " in named or not named[1:].islower()
    return (
        opens.casefold() not in _OPENS_NO_NAME
        and not _OPENS_A_PHRASE.match(opens)
        and any(letter.isupper() for letter in named)
        and enough
        and not _IN_NO_SUBJECT.search(subject)
    )


def stands_alone(question: str) -> bool:
    """Say whether *question* names something, and leaves nothing to be told by its story."""
    _, _, rest = question.partition(" ")
    return (
        len(question) <= MAX_QUESTION_CHARS
        and bool(_NAMED.match(question))
        and not _HANGS_ON_ITS_STORY.search(rest)
        and not _ENDS_LOOSELY.search(question)
    )
