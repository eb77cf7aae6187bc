"""Whether a sentence speaks of what was or of what is to come, at a place in it."""

import re
from typing import Literal

Tense = Literal["past", "future"]

_AHEAD = (
    r"will|won[’']t|shall|going to|(?:is|are) to|to be|(?:is|are) (?:\w{1,20}ing)|"
    r"scheduled|slated|expect(?:s|ed|ing)?|due|planned|plans? (?:to|for|on)|set (?:to|for)|would|"
    r"intends?|hopes? to|aims? to|upcoming|coming|deadline|begins|starts|opens|ends|closes|"
    r"concludes|kicks? off|returns|runs|arrives?|departs?|leaves?|takes? place|must|can|"
    r"register|next"
)
_BEHIND = (
    r"said|told|was|were|had|did|has been|have been|began|took|went|came|gave|made|met|left|held|"
    r"found|won|lost|struck|fell|rose|sent|led|ran|flew|died|spoke|wrote|signed|announced"
)
_MARK = re.compile(
    rf"\b(?:(?P<ahead>{_AHEAD})|(?P<behind>{_BEHIND})|(?P<ended>[a-z]{{2,20}}ed))\b|(?P<comma>,)|"
    r"(?P<who>\b(?:who|which|that|and|after|when)\b)",
    re.IGNORECASE,
)
_PARTICIPLES = frozenset({"held", "made", "sent", "led", "met", "found", "left", "won", "lost"})
_IS = re.compile(r"\b(?:is|are)(?: (?:on|in|for))?(?: the)?\s*$", re.IGNORECASE)


def tense_at(sentence: str, start: int, end: int) -> Tense | None:
    """Return the tense that governs the words at `sentence[start:end]`, None if nothing tells.

    The last sign before the words decides, and the first after them where there is none. After
    "will", a participle ("be held", "be deployed") is no sign of the past unless a comma or a
    "who" has begun a clause of its own.
    """
    if _IS.search(sentence[max(0, start - 20) : start]):
        return "future"
    tense: Tense | None = None
    own_clause = True
    for mark in _MARK.finditer(sentence):
        if mark.start() >= start and tense:
            break
        if mark.start() < end and mark.end() > start:
            continue
        if mark["comma"] or mark["who"]:
            own_clause = True
        elif mark["ahead"]:
            tense, own_clause = "future", False
        elif own_clause or not _may_follow_will(mark):
            tense = "past"
    return tense


def _may_follow_will(mark: re.Match[str]) -> bool:
    return bool(mark["ended"]) or (mark["behind"] or "").casefold() in _PARTICIPLES
