"""What kind of answer a question asks for, told from its words alone.

The first word that asks decides ("who", "which bank", "how many"), in whatever place it stands;
a question without one is read like the heading of what it asks for: "deadline for applications".
"""

import re

from qa.understanding.answer_types import AnswerType, type_of_noun

_DEFINITION = re.compile(
    r"\b(?:stands? for|short for|full forms?|abbreviations?|acronyms?|abbreviated|meaning|"
    r"definition of|define|spell(?:ed|s)? out|expansion of|expanded form)\b"
    r"|\b(?:what|which) (?:does|do|did|is|are) (?:the )?\S+(?: \S+)? mean\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\bwhat (?:did|does|do|has|have|had) .{1,80} "
    r"(?:say|said|told|tell|call|called|describe|described|promise|warn)\b"
    r"|\bhow (?:did|does|do|has|have|had) .{1,80} (?:describe|characteri[sz]e|call|put|explain)d?\b"
    r"|\bwhat (?:is|was|were|are) .{1,60} (?:words|quote|comments?|remarks?)\b"
    r"|^\W*quot(?:e|es|ation)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?P<ask>who|whom|whose|who's|when|where|why|how|which|what)\b[-’'s]*\s*", re.IGNORECASE
)
_SHORT_NAME = re.compile(r"(?:the )?[A-Z][A-Z0-9&.-]*[A-Z0-9][a-z]?\W*(?:$|,)")
_BE = re.compile(r"(?:['’]s|is|are|was|were|will be|has been|have been)\s+", re.IGNORECASE)
_STOP = frozenset(
    """
    of for in at on to from by as with between that who whom which what when where why how is are
    was were be been do does did has have had can could will would should may might must and or
    per under over after before during about into through than if because until since behind
    """.split()
)
_TOKEN = re.compile(r"[^\W_]+(?:[-.&][^\W_]+)*|['’]s\b|[^\w\s]")
_MARKS = frozenset(",;:(?!")
_PERIOD = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|time)"
_LASTS = re.compile(
    r"\b(?:deployments?|tours?|sentences?|courses?|wars?|missions?|flights?|cease-?fires?|talks|"
    r"exercises?|visits?|trips?|meetings?|trials?|terms?|stays?|training|contracts?|delays?)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\b(?:size|total|value)\W*$", re.IGNORECASE)  # of a grant: an amount
_REASON = re.compile(r"\b(?:reasons?|causes?)\b", re.IGNORECASE)
_USE = re.compile(r"\b(?:for|about|like)\W*$", re.IGNORECASE)
_BULK = re.compile(
    r"(?:more |less )?(?:water|fuel|oil|gas|ice|snow|rain|land|food|space|weight|power|energy|"
    r"material|electricity|waste|steel|grain|wheat|blood|sea|carbon|plastic|of (?:the|its|their)|"
    r"warmer|colder|higher|lower|taller|faster|bigger|larger|longer|weigh)\b",
    re.IGNORECASE,
)


# The office that somebody holds is a role; that of an agency is an organisation.
_HELD = re.compile(
    r"\b(?:what|which) (?:\w+ )?(?:office|post|position|job|role|rank|seat)s? "
    r"(?:did|does|do|has|had) .{1,80} "
    r"(?:hold|held|have|had|occup(?:y|ied)|take|taken|took|leave|left|given?)\b",
    re.IGNORECASE,
)


def asked_type(question: str) -> AnswerType:
    """Return the kind of answer that *question* asks for; `description` where none is plain."""
    if _DEFINITION.search(question):
        return "definition"
    if _SAID.search(question):
        return "quote"
    if _HELD.search(question):
        return "description"
    asks = _ASKS.search(question)
    heading = _of_heading(question[: asks.start()] if asks else question)
    if asks is None or (heading and not _leads_in(question[: asks.start()])):
        return heading or "description"
    return _asked(asks["ask"].casefold(), question[asks.end() :])


def _asked(word: str, rest: str) -> AnswerType:
    """Return what a question asks with *word* and the *rest* of its words."""
    if word in ("who", "whom", "whose", "who's"):
        return "person"
    if word == "when":
        return "date"
    if word == "where":
        return "place"
    if word == "why":
        return "reason"
    if word == "how":
        return _how(rest)
    return _which(rest)


def _how(rest: str) -> AnswerType:
    if re.match(rf"(?:long\b|(?:many|much) (?:more )?{_PERIOD}\b(?! old))", rest, re.IGNORECASE):
        return "duration"
    if re.match(r"many dollars\b", rest, re.IGNORECASE):
        return "money"
    if re.match(r"much\b", rest, re.IGNORECASE):
        return "number" if _BULK.match(rest[5:]) else "money"
    if re.match(r"(?:big|large|high|small)\b", rest, re.IGNORECASE):
        return "money" if _of_heading(re.sub(r"^\w+ \w+ ", "", rest)) == "money" else "number"
    if re.match(
        r"-?(?:many|old|far|tall|often|fast|deep|wide|heavy|young|few|frequently)\b",
        rest,
        re.IGNORECASE,
    ):
        return "number"
    if re.match(r"(?:recently|soon|early|late)\b", rest, re.IGNORECASE):
        return "date"
    return "reason" if re.match(r"come\b", rest, re.IGNORECASE) else "description"


def _which(rest: str) -> AnswerType:
    """Return what "which" or "what" asks before *rest*."""
    be = _BE.match(rest)
    if be:
        named = rest[be.end() :]
        if _USE.search(named):
            return "description"
        return "definition" if _SHORT_NAME.match(named) else _of_heading(named) or "description"
    if re.match(r"(?:caused|causes|led to|prompted|made|triggered)\b", rest, re.IGNORECASE):
        return "reason"
    if re.match(r"(?:do|does|did|will|would)\b", rest, re.IGNORECASE):
        return "money" if re.search(r"\bcosts?\W*$", rest, re.IGNORECASE) else "description"
    return _of_noun_phrase(rest) or "description"


def _of_noun_phrase(rest: str) -> AnswerType | None:
    """Return what the noun at the head of *rest* asks for: "Nordic leaders did Biden receive"."""
    found = None
    for token in _TOKEN.findall(rest):
        answer_type = type_of_noun(token)
        if token.casefold() in _STOP or not token[0].isalnum() or (found and not answer_type):
            break
        found = answer_type or found
        if found and token.endswith("s") and not token.endswith("ss"):
            break  # what follows several is what they do: "states share"
    return found


def _of_heading(text: str) -> AnswerType | None:
    """Return what *text* is the heading of: "cost of the runway", "the senator's wife"."""
    if named := re.match(r"\W*(?:the )?(?:full )?names? of (?:the )?", text, re.IGNORECASE):
        return _of_owned(text[named.end() :]) or "person"
    first, after = _first_phrase(text)
    if re.search(r"\b(?:length|time)\W*$", first, re.IGNORECASE):
        return "duration" if _LASTS.search(text) else "number"
    found = _last_type(first)
    if _SIZE.search(first) and _last_type(_first_phrase(after)[0]) == "money":
        return "money"
    return "reason" if _REASON.search(first) else found


def _of_owned(text: str) -> AnswerType | None:
    first, _ = _first_phrase(text)
    return _last_type(first)


def _first_phrase(text: str) -> tuple[str, str]:
    """Return *text* up to its first small word, but for one that opens it, and the rest."""
    opened = False
    for match in _TOKEN.finditer(text):
        token = match.group().casefold()
        if opened and (token in _STOP or token in _MARKS):
            return text[: match.start()], text[match.end() :]
        opened = opened or token not in _STOP
    return text, ""


def _last_type(phrase: str) -> AnswerType | None:
    """Return the type of the noun at the head of *phrase*: its last word, but for a name after it.

    A name after a title may be in lower case ("senator mike enzi"); what an owner owns is the head,
    not the owner.
    """
    named = True
    for token in reversed(_TOKEN.findall(phrase)):
        if token in ("'s", "’s"):
            return None
        if answer_type := type_of_noun(token):
            return answer_type if named or answer_type == "person" else None
        named = named and not token.islower()
    return None


def _leads_in(text: str) -> bool:
    """Whether *text*, before the word that asks, asks nothing itself: "In", "Tell me"."""
    words = text.casefold().split()
    return not words or words[-1].strip(",") in _STOP or words[0] in ("tell", "do", "can", "please")
