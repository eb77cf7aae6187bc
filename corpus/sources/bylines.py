"""Who wrote a story: people, and the unit or office they wrote for."""

import re

_BY = re.compile(r"(?:(?:Story|Article|Compiled|Courtesy story|Written)\s+)?by:?(?:\s+|$)", re.I)
_LOGINS = frozenset(
    "admin administrator editor guest import root staff test user webmaster".split()
)
_POST_NOMINAL = re.compile(
    r"(?:Jr|Sr|I{1,3}|IV|Ph\.?D|M\.?D|D\.?D\.?S|J\.?D|R\.?N|Esq|USN|USMC|USAF|USA|USCG|Ret)\.?"
)
_LONGEST = 120
"""Characters; what is longer is a sentence."""

_LONGEST_NAME = 60


def byline_and_unit(credit: str) -> tuple[str | None, str | None]:
    """Split "By Staff Sgt. Jo Poe, 52nd Fighter Wing" at the comma after the people's names.

    "Dr. Jo Poe, Ph.D., 52nd Wing" keeps what belongs to the name. An office alone is the byline.
    """
    words = " ".join(credit.split())
    opening = _BY.match(words)
    parts = (words[opening.end() :] if opening else words).strip(" ,").split(",")
    named = 1
    while named < len(parts) and _POST_NOMINAL.fullmatch(parts[named].strip()):
        named += 1
    name = ",".join(parts[:named]).strip()
    unit = ",".join(parts[named:]).strip()
    return name or None, unit or None


def names_and_unit(names: str) -> tuple[str | None, str | None]:
    """Return the names that a page's data give, split as a credit only where they say "By"."""
    return byline_and_unit(names) if _BY.match(names) else (author(names), None)


def credit_in(paragraph: str) -> str | None:
    """Return the credit that a paragraph of its own gives ("By Pfc. Jo Poe"), or None."""
    opening = _BY.match(paragraph) if len(paragraph) <= _LONGEST else None
    if opening is None or "\n" in paragraph or paragraph.rstrip().endswith((".", "!", "?", ":")):
        return None
    name = paragraph[opening.end() :].partition(",")[0].split()
    is_name = 2 <= len(name) <= 14 and _opens_name(name[0]) and name[-1][0].isupper()
    return paragraph if is_name and len(" ".join(name)) <= _LONGEST_NAME else None


def _opens_name(word: str) -> bool:
    """Say whether *word* may be the first of a name or rank: "Jo", "Pfc.", "2nd", "1LT"."""
    return word[0].isupper() or (word[0].isdigit() and word[1:2].isalpha())


def author(name: str | None) -> str | None:
    """Return *name*, or None where it is a login such as "admin" or "Import"."""
    return name if name and name.casefold() not in _LOGINS else None
