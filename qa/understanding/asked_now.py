"""Whether a question asks how things stand now."""

import re

_OFFICES = (
    r"director|deputy director|president|vice president|(?:prime |foreign |finance |\w+ )?minister|"
    r"premier|chancellor|(?:\w+ )?secretary|(?:\w+ )?commander|commandant|chief(?: of \w+)?|head|"
    "ceo|cfo|chief executive|chair|chairman|chairwoman|chairperson|mayor|governor|ambassador|envoy|"
    "leader|administrator|commissioner|superintendent|captain|coach|spokes(?:man|woman|person)|"
    "speaker|attorney general|inspector general|treasurer|comptroller|general counsel|king|queen|"
    "pope|owner|dean|principal|undersecretary|under secretary"
)
NOW = re.compile(
    r"\b(?:current|currently|latest|newest|most recent|most recently|recently|nowadays|"
    r"these days|at present|presently|incumbent|right now|today)\b(?!['’])",
    re.IGNORECASE,
)
"""Words that ask how things stand."""

_HOLDS_OFFICE = re.compile(
    rf"\bwho(?:['’]s| is| are)\s+(?:now\s+)?(?:the\s+)?(?:[\w.]+(?:['’]s?)?\s+){{0,4}}?"
    rf"(?:{_OFFICES})s?\b(?!\s+(?:who|that|whose))"
    r"|^\W*who\s+(?:now\s+)?(?:leads|heads|commands|runs|chairs|directs|governs|owns|oversees)\b",
    re.IGNORECASE,
)


def asks_for_now(text: str) -> bool:
    """Whether *text* asks how things stand now, or for the latest of them."""
    return bool(NOW.search(text) or _HOLDS_OFFICE.search(text))
