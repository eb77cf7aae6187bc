"""Questions with parts left out: a fragment put where it belongs in the question before."""

import re
from calendar import month_name

from qa.followups.mentions import Spoken, names_in_order
from qa.understanding.phrases import is_plural, phrases

_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)"
_PREPOSITION = (
    r"(?:in|on|at|by|to|for|from|since|under|with|during|about|into|of|against|before|after)"
)
_ASKING_PHRASE = re.compile(
    rf"^(?:{_PREPOSITION}\s+)?(?:(?:whom?|when|where|why)\b(?:\s+else\b)?|(?:whose|what|which|how)\b"
    rf"(?:(?!\s+{_AUXILIARY}\b)\s+(?:much|many|long|old|far|often|other|else|[a-z’'-]+))?"
    rf"(?:(?!\s+{_AUXILIARY}\b)\s+[a-z’'-]+(?=\s+{_AUXILIARY}\b))*)",
    re.IGNORECASE,
)
_VERB = re.compile(
    rf"\b(?:{_AUXILIARY}|tell|describe|explain|list|name|give|compare|show|said|says|signed|ran|led|made|won|lost|met|went|gave|took|bought|sold|paid|"
    r"headed|built|killed|announced|happened|came|got|[a-z]{3,}ed|causes|caused)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"^(?:{_PREPOSITION}\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE
)
_MONTH = rf"(?:{'|'.join(month_name[1:])})"
_YEAR = r"(?:1[89]|20)\d\d"
_ROLE = re.compile(
    r"\b(?:deputy|successor|predecessor|director|head|chief|chair(?:man|woman|person)?|president|"
    r"minister|secretary|mayor|governor|commander|spokes(?:man|woman|person)|owner|founder|manager|"
    r"leader|engineer|architect|author|captain|ambassador|administrator|coordinator|wife|husband|"
    r"[a-z]+ologist|head of [a-z ]+)$",
    re.IGNORECASE,
)
_CIRCUMSTANCE = re.compile(
    rf"^{_PREPOSITION}\b|\b(?:later|earlier|before|after|ago|afterwards|today|now|since)$",
    re.IGNORECASE,
)
# Who "was sanctioned": what stood before the helping verb was asked for.
_PASSIVE = re.compile(rf"({_AUXILIARY})\s+(?:been\s+|being\s+)?[a-z]{{2,}}ed\b", re.IGNORECASE)
_ASKS_FOR_OBJECT = re.compile(r"^(?:what|whom)\s+(?:do|does|did)\b", re.IGNORECASE)
_COUNTED = re.compile(rf"^(How many )([a-z-]+(?: [a-z-]+)?)(?= {_AUXILIARY}\b| took | came )")
_DETERMINERS = frozenset({"which", "what", "the", "much", "many", "a", "an", "how"})
MAX_FRAGMENT_WORDS = 6


def asks(text: str) -> bool:
    """Whether *text* begins with a question word, or one after a preposition."""
    return bool(_ASKS.match(text))


def is_fragment(text: str) -> bool:
    """Whether *text* has no verb, so that it can only be part of a question."""
    words = text.strip(" ?.!").split()
    if not 1 <= len(words) <= MAX_FRAGMENT_WORDS or _VERB.search(text):
        return False
    if not asks(text):
        return bool(re.match(rf"(?:{_PREPOSITION}|the|a|an|[A-Z0-9])\b", text)) or len(words) <= 4
    return bool(re.match(rf"{_PREPOSITION}\b", text, re.IGNORECASE)) or len(words) <= 1


def in_place_of_its_like(fragment: str, question: str) -> str | None:
    """Return *question* with *fragment* instead of the part of it that is most like it.

    A time goes in place of a time, a phrase in place of one with the same preposition or the same
    last word, a name in place of the last name, many in place of many, a thing in place of a thing.
    None if nothing is alike.
    """
    fragment = fragment.strip(" ?.!")
    likes = (_time_like, _preposition_like, _last_word_like, _name_like, _count_like, _thing_like)
    return next(filter(None, (like(fragment, question) for like in likes)), None)


def is_owned_role(fragment: str) -> bool:
    """Whether *fragment* names somebody by a role and by what it is a role in."""
    return bool(
        _ROLE.search(fragment.rstrip(" ?.!")) and re.search(r"[’'](?:s\b)?\s|\bof\b", fragment)
    )


def beside(fragment: str, turn: Spoken) -> str:
    """Return a question after *fragment*, of which the turn's question holds no like.

    A role is asked for by name, a time or a circumstance with the question before, and anything
    else beside what that was about.
    """
    fragment = fragment.strip(" ?.!")
    about = f" ({turn.topic})?" if turn.topic else "?"
    if _ROLE.search(fragment):
        return f"Who is {fragment}{'?' if is_owned_role(fragment) else about}"
    if _CIRCUMSTANCE.search(fragment):
        return f"{turn.question.rstrip(' ?.!')} {fragment}?"
    return f"What about {fragment}{about}"


def in_place_of_what_was_asked(fragment: str, turn: Spoken) -> str:
    """Return the turn's question, asking *fragment* instead of what it asked."""
    fragment = fragment.strip(" ?.!")
    asked = _ASKING_PHRASE.match(turn.question)
    rest = turn.question[asked.end() :].strip(" ?.!") if asked else turn.question.rstrip(" ?.!")
    subject = turn.answer.strip(" .,;") if turn.answer else ""
    passive = _PASSIVE.match(rest)
    if passive and subject:
        rest = f"{passive[1]} {subject} {rest[passive.end(1) :].lstrip()}"
    elif subject and not re.match(rf"{_AUXILIARY}\b", rest, re.IGNORECASE):
        rest = f"{subject} {rest}"
    elif turn.answer and _ASKS_FOR_OBJECT.match(turn.question) and turn.type == "description":
        rest = f"{rest} ({subject})"
    return f"{fragment} {rest}?"


def _time_like(fragment: str, question: str) -> str | None:
    for kind in (rf"{_MONTH}(?:\s+\d{{1,2}},)?\s+{_YEAR}", _MONTH, _YEAR):
        new, old = re.search(rf"\b{kind}\b", fragment), re.search(rf"\b{kind}\b", question)
        if new and old:
            return question[: old.start()] + new.group() + question[old.end() :]
    return None


def _preposition_like(fragment: str, question: str) -> str | None:
    preposition = re.match(rf"({_PREPOSITION})\s+", fragment, re.IGNORECASE)
    if not preposition:
        return None
    word = re.escape(preposition[1])
    names = r"(?:the\s+)?[A-Z][\w’'-]*(?:\s+(?:of\s+)?[A-Z][\w’'-]*)*"
    found = list(re.finditer(rf"\b{word}\s+(?:{names}|(?:the\s+)?[\w’'-]+)", question))
    if not found:
        return None
    old = found[-1]
    return question[: old.start()] + fragment + question[old.end() :]


def _last_word_like(fragment: str, question: str) -> str | None:
    words = fragment.split()
    if words[-1][0].isupper():
        return None
    old = re.search(rf"((?:\b[a-z’'-]+\s+)?)\b{re.escape(words[-1])}\b", question, re.IGNORECASE)
    if old is None:
        return None
    opener = old[1].strip().casefold()
    kept = old[1] if opener in _DETERMINERS else ""
    before = question[: old.start()] + kept
    determined = before.split()[-1:] and before.split()[-1].casefold() in _DETERMINERS
    new = fragment.removeprefix("the ") if determined else fragment
    return before + new + question[old.end() :]


def _name_like(fragment: str, question: str) -> str | None:
    names = names_in_order(question)
    if not names or not names_in_order(f"x {fragment}"):
        return None
    bare = re.sub(r"^(?:the|a|an)\s+", "", fragment)
    same_kind = [name for name in names if name.isupper() == bare.isupper()]
    old = (same_kind or names)[-1]
    if bare != fragment and f"the {old}" in question:
        old = f"the {old}"
        bare = fragment
    at = question.rfind(old)
    return question[:at] + bare + question[at + len(old) :]


def _count_like(fragment: str, question: str) -> str | None:
    counted = _COUNTED.match(question)
    if not counted or not is_plural(fragment) or fragment.split()[0] in _DETERMINERS:
        return None
    return counted[1] + fragment + question[counted.end() :]


def _thing_like(fragment: str, question: str) -> str | None:
    article = fragment.split()[0].casefold()
    if article not in ("the", "a", "an") or names_in_order(f"x {fragment}"):
        return None
    like = [each for each in phrases(question) if each.text.split()[0].casefold() == article]
    if not like:
        return None
    start, end = like[-1].start, like[-1].start + len(like[-1].text)
    joint = re.search(r"\s(?:of|at|in)\s", like[-1].text)
    if joint and _ROLE.search(fragment) and _ROLE.search(like[-1].text[: joint.start()]):
        end = start + joint.start()
    elif _ROLE.search(fragment):
        return None
    return question[:start] + fragment + question[end:]
