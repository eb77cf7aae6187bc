"""A follow-up question made to stand alone, from the turns before it, by fixed rules.

A question that stands alone is never touched. One that doesn't is rewritten in one of these ways:
a fragment ("And in August?") takes the place of its like in the question before; a fragment that
asks ("By whom?") takes the place of what that question asked; pronouns give way to what was last
spoken of; and what is left without any subject is told the topic. The same question after the same
turns always becomes the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qa.conversation import Turn
from qa.followups.content_words import content_words
from qa.followups.ellipsis import (
    asks,
    beside,
    in_place_of_its_like,
    in_place_of_what_was_asked,
    is_fragment,
    is_owned_role,
)
from qa.followups.mentions import (
    MAX_READ_CHARS,
    Spoken,
    names_in_order,
    spoken_of,
    topic_of,
)
from qa.followups.references import referred
from qa.understanding.phrases import is_plural

TURNS_IN_VIEW = 3
"""How many turns back a pronoun may reach."""

_OPENER = re.compile(
    r"^(?:(?:no|sorry|actually|rather),\s*)?(?:(?:and|but|or|so|then|also|ok|okay)\b[,:]?\s*"
    r"|(?:what|how) about\s+(?!\w+ing\b)|i (?:meant|mean)\s+)"
    r"|^(?:no|sorry|actually|rather),\s*",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:(?P<person>he|she|him|hers|his|her)|(?P<many>they|them|theirs|their)"
    r"|(?P<thing>it|its|this one|that one)"
    r"|(?P<place>(?<!is )(?<!are )(?<!was )(?<!were )there(?! (?:is|are|was|were|any|a)\b)))\b"
    r"(?P<owns>(?=\s+[a-z]))?",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"^(?P<asks>who (?:said|says|stated|claimed)[\w ]*?)\s+(?:that|this|so|it)\W*$"
    r"|^(?P<tells>who (?:announced|reported|told|wrote)[\w ]*?)\s+(?:that|this|so)\W*$",
    re.IGNORECASE,
)
_OF_THAT_STORY = re.compile(
    r"(?:^|,?\s+)(?:and\s+)?(?:in|from|according to)\s+(?:that|this|the same)\s+"
    r"(?:story|article|report)\b,?(?=\s|\W*$)",
    re.IGNORECASE,
)
_IN_TURN = re.compile(r"\bin return\b|\binstead\b|\bas well\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:in return|as well|instead|else|that|this|those|these|such|ones?)\b(?! (?-i:[A-Z]))",
    re.IGNORECASE,
)
_POINTS_AT_TIME = re.compile(
    r"\b(?:that|the same) (?:year|day|date|month)\b|\b(?:then|at that time|at the time)(?=\W*$)",
    re.IGNORECASE,
)
_DEFINITE = re.compile(
    r"(?:(?<!\bof )|(?<=charge of )|(?<=head of )|(?<=member of )|(?<=leader of )|(?<=owner of ))"
    r"\bthe (?!same\b|us\b|uk\b|world\b)\w+",
    re.IGNORECASE,
)
_OF_ITS_OWN = re.compile(r"\b(?:of|between|about|versus|vs)\s+(?!(?:the|that|it|them|this)\b)\w+")
_SUBJECTLESS = re.compile(
    r"^(?:how (?:many|much)|who|which \w+|what \w+)(?:\s+(?:is|are|was|were|has|have|had|will be))?"
    r"\s+(?:\w+ed|been|bought|sold|won|lost|made|built|found|held|said|available|there)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:types?|kinds?|uses|advantages?|disadvantages?|effects?|symptoms?|causes?|examples?|"
    r"ingredients|pros|cons|members|benefits|features|differences?|reasons?|results?|outcomes?|"
    r"terms|costs?|risks?|goals?|dates?|details|size|price|address|names?)\W*$",
    re.IGNORECASE,
)
_OWNERS = frozenset({"his", "her", "hers", "their", "theirs", "its"})
# What the pronoun stands for is in the question itself: "feijoada and its significance".
_ITS_OWN = re.compile(
    r"^if\b|^(?:what|who|tell me about|describe)\s+(?:(?:is|are|was|were)\s+)?"
    r"(?:the |an? )?[\w ]+?\s+and\s+"
    r"(?:(?:why|where|how|what|when)\s+(?:is|are|was|were|do|does|did)\s+)?(?:its?|their|they)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(r"\bit(?:'s|’s)? (?:take|takes|took|possible|true|rain|mean)\b")
MAX_QUOTED_WORDS = 30
MAX_TOPICLESS_WORDS = 4
MAX_WORDS_OF_A_LIKE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a question means after the turns before it.

    *story_ids* are the stories that the turns before cited, the last first; none if the question
    stands alone. *of_story* is the one that the question is asked of ("in that story").
    """

    text: str
    story_ids: tuple[str, ...] = ()
    of_story: str | None = None


def in_context(question: str, past: Sequence[Turn]) -> Context:
    """Return *question* as it would be asked without the turns of *past*, oldest first."""
    if len(question) > MAX_READ_CHARS:
        return Context(text=question)
    turns = [spoken_of(turn.answer) for turn in past[-TURNS_IN_VIEW:]]
    cited = dict.fromkeys(story_id for turn in reversed(turns) for story_id in turn.story_ids)
    if cited and (rest := _OF_THAT_STORY.sub("", question).strip()) != question and rest:
        meant = _capital(_resolved(rest, turns))
        return Context(text=meant, story_ids=tuple(cited), of_story=next(iter(cited)))
    hangs = bool(turns) and hangs_on_others(question)
    text = _rewritten(question, turns) if hangs else question
    return Context(text=text, story_ids=tuple(cited) if text != question else ())


def hangs_on_others(question: str) -> bool:
    """Whether *question* may mean something else after other questions than on its own."""
    text = _OPENER.sub("", question).strip()
    return (
        text != question.strip()
        or is_fragment(text)
        or bool(_SAID.match(text) or _PRONOUN.search(text) or _POINTS_AT_TIME.search(text))
        or _needs_a_topic(text)
    )


def _rewritten(question: str, turns: Sequence[Spoken]) -> str:
    last = turns[-1]
    if said := _SAID.match(question):
        return _said(said["asks"] or said["tells"], last) or question
    text = _OPENER.sub("", question).strip()
    opened = text != question
    needs_a_topic = _needs_a_topic(text)
    pointed = referred(text, turns) if needs_a_topic or _POINTS_AT_TIME.search(text) else text
    resolved = _resolved(pointed, turns)
    if is_fragment(resolved) and (opened or not asks(resolved)):
        if is_owned_role(resolved):
            return beside(resolved, last)
        if asks(resolved) and names_in_order(resolved):
            return _capital(_about(resolved, last.topic)) if last.topic else question
        return _capital(
            in_place_of_its_like(resolved, last.question) or _unlike(resolved, last) or question
        )
    if is_fragment(resolved):
        return _capital(in_place_of_what_was_asked(resolved, last))
    if resolved == text and (needs_a_topic or _unresolved(resolved)):
        topic = topic_of(turns)
        return _capital(_about(text, topic)) if topic else question
    return _capital(resolved) if resolved != text or opened else question


def _unlike(fragment: str, last: Spoken) -> str | None:
    """Return the question after *fragment*; None if it says enough by itself."""
    if len(content_words(fragment)) > MAX_WORDS_OF_A_LIKE:
        return None
    return beside(fragment, last)


def _unresolved(text: str) -> bool:
    """Whether a person or a place is still only pointed at."""
    return any(match["person"] or match["place"] for match in _PRONOUN.finditer(text))


def _about(text: str, topic: str) -> str:
    return f"{text.rstrip(' ?.!')} ({topic})?"


def _said(asked: str, last: Spoken) -> str | None:
    """Return a question after whoever said what the last answer stands in."""
    if not last.sentence:
        return None
    words = last.sentence.strip('“”" ').split()[:MAX_QUOTED_WORDS]
    return f"{asked} “{' '.join(words).rstrip('.,;:”')}”?"


def _resolved(text: str, turns: Sequence[Spoken]) -> str:
    """Return *text* with what its pronouns stand for in their place."""
    replaced: set[str] = set()

    @cache
    def meant_by(kind: str) -> str | None:
        return _meant(kind, turns, text)

    def stands_for(match: re.Match[str]) -> str:
        kind = _kind_of(match)
        meant = meant_by(kind)
        own = kind == "many" and any(map(is_plural, text[: match.start()].split()))
        if not meant or own or kind in replaced or meant.casefold() in text.casefold():
            return match.group()
        replaced.add(kind)
        if kind == "place":
            return f"in {meant}"
        owning = match.group().lower() in _OWNERS and (
            match.group().lower() != "her" or match["owns"] is not None
        )
        return _possessive(meant) if owning else meant

    if _EXPLETIVE.search(text) or _ITS_OWN.search(text):
        return text
    return _PRONOUN.sub(stands_for, text)


def _meant(kind: str, turns: Sequence[Spoken], text: str) -> str | None:
    kinds = ("group", "many") if kind == "many" else (kind,)
    meant = (turn.meant_by(each, beside=text) for each in kinds for turn in reversed(turns))
    return next(filter(None, meant), None)


def _kind_of(match: re.Match[str]) -> str:
    return next(kind for kind in ("person", "many", "thing", "place") if match[kind])


def _needs_a_topic(text: str) -> bool:
    """Whether *text* names nothing that it could be about, or points back at what does."""
    if names_in_order(text):
        return bool(_IN_TURN.search(text))
    count = len(content_words(text))
    if count > MAX_TOPICLESS_WORDS or _OF_ITS_OWN.search(text):
        return False
    if _POINTS_BACK.search(text) or _DEFINITE.search(text):
        return True
    return count <= 2 and bool(_SUBJECTLESS.search(text) or _PART.search(text))


def _possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
