"""An amount with the words around it that change what it says."""

import re

_LEFT = 48
_RIGHT = 40
_BEFORE = re.compile(
    r"(?:(?:\b(?:about|around|some|approximately|roughly|nearly|almost|an?|estimated|more|less|fewer|"
    r"greater|than|over|under|above|below|at|least|most|up|to|as|many|much|no|additional|another|"
    r"extra|further|other|between|just|close)\s+|[$€£¥~])+)$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[-\s]*(?:[%]|[^\W\d]+(?:[-\s]+[^\W\d]+){0,2})?")
_CHANGE_AFTER = re.compile(
    r"\s*(?:\w+\s+)?(?:lower|higher|more|less|fewer|greater|larger|smaller|longer|shorter|above|"
    r"below|older|younger|earlier|later|increase|decrease|rise|drop)\b",
    re.IGNORECASE,
)


def worded_amount(body: str, start: int, end: int) -> str | None:
    """Return `body[start:end]` with the words beside it that an amount is said with.

    None where it is no amount by itself, but by how much something differs or has changed.
    """
    before, after = body[max(0, start - _LEFT) : start], body[end : end + _RIGHT]
    if _CHANGE_AFTER.match(after):
        return None
    led = _BEFORE.search(before)
    followed = _AFTER.match(after)
    return f"{led[0] if led else ''}{body[start:end]}{followed[0] if followed else ''}"
