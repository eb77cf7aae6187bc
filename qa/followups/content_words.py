"""The words of a text that carry meaning."""

import re

_EMPTY = frozenset(
    """
    a an the of in on at by to for from since under with during about into over between as and or
    but is are was were be been being do does did has have had can could will would should may
    might not no so if than then there here this that these those it its he she him his her they
    them their who whom whose what which when where why how much many long often old far come
    came goes go get got give gave tell me us you your i we our some any more most other also
    else one ones
    """.split()
)
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


def content_words(text: str) -> list[str]:
    """Return the words of *text* that carry meaning."""
    return [word for word in _WORD.findall(text) if word.casefold() not in _EMPTY]
