"""Questions that no words of a story can answer, and what is asked behind a polite opening."""

import re
from typing import Literal

Beyond = Literal[
    "yes_no", "comparison", "arithmetic", "counting", "opinion", "prediction", "writing"
]
"""What a question asks for that can't be copied out of a story."""

_WH = r"(?:who(?:m|se|['’]s)?|what(?:['’]s)?|which|when|where(?:['’]s)?|why|how(?:['’]s)?)"
_PREPOSITION = r"(?:in|on|at|by|to|for|from|since|under|with|during|about|into|of|until)"
_ASKING = rf"(?:{_PREPOSITION} )?{_WH}\b"
_AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|"
    r"must|(?:is|are|was|were|do|does|did|has|have|had|could|wo|would|should|ca)n['’]t|cannot)"
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_GREETING = _pattern(
    r"(?:(?:hi|hello|hey|please|ok|okay|so|well|now|and|but|also|excuse me|thanks|sorry|dateline)\b"
    r"[\s,.!:;]*+)++"
)
_POLITE = _pattern(
    r"(?:(?:can|could|would|will) (?:you|anyone|somebody|someone|we) (?:please )?(?:kindly )?"
    r"(?:tell|show|give|explain|say|remind|find|look up|check)(?: (?:me|us|out|to me))?"
    r"|(?:please )?(?:tell|show|remind) (?:me|us)"
    r"|d(?:o|id) (?:you|we|they) (?:happen to )?(?:know|remember)"
    r"|does (?:anyone|anybody|someone) (?:here )?know"
    r"|(?:do|does|did|can) (?:any of )?(?:the |your |any |these )?(?:stor(?:y|ies)|articles?|news)"
    r" (?:say|tell(?: us| me)?|mention|report|explain)"
    r"|(?:do you have|is there|have you|got) any (?:idea|information|news|details?)"
    r"(?: (?:of|on|about|as to))?"
    r"|any idea|is it known|i(?:['’]d| would)? (?:like|love|want|need|wanted) to know"
    r"|i(?:['’]m| am| was)? wonder(?:ing)?|(?:may|can|could) i (?:ask|know))"
    r"(?P<rest>[\s,:]+)"
)
_BID = _pattern(
    r"(?:can|could|would|will) you (?:please )?"
    r"(?=(?:name|list|define|describe|identify|give|summari[sz]e|translate|write)\b)"
)
_THERE_IS = _pattern(
    r"(?:is|are|was|were) there (?:already )?(?:a |an |any )(?:known |set |official |exact )?"
    r"(?P<noun>date|day|time|name|place|location|venue|price|deadline|reason|number|figure|"
    r"estimate|explanation|definition|schedule)s?\b(?P<about>.*)"
)
_IS_KNOWN = _pattern(
    r"(?P<verb>is|are|was|were) (?P<what>(?:the|their|his|her|its) [^?]{1,160}?) known[ ?]*+$"
)
_AFTERTHOUGHT = _pattern(
    rf"[,;] (?:and |or |but )?(?:if so,? |if not,? )?{_ASKING}|\bif so\b|^d(?:o|id) you .*know\b"
)
_YES_NO = _pattern(
    r"(?:(?:in|on|at|by|during|after|before|since|according to) (?!what|which|whom|whose)"
    rf"[^,?]{{1,80}}, )?{_AUXILIARY} \w|true or false|yes or no"
)
_WHETHER = _pattern(r"(?:whether|if) ")
_TAG = _pattern(
    rf",\s*{_AUXILIARY} (?:it|he|she|they|we|you|i|there)(?: not)?\s*\?$"
    r"|, (?:right|correct|yes|no)\?$"
)
_DAY_IN_MAY = re.compile(r"May \d")
_NAMED = re.compile(r"(?:Will|May) [A-Z]")
_STEM = (
    r"(?:old|young|larg|bigg|small|high|low|tall|"  # codespell:ignore larg
    r"short|long|fast|slow|rich|poor|strong|weak|"
    r"earl[iy]|lat|new|great|heav[iy]|cheap|costl[iy]|near|close|few)"
)
_COMPARATIVE = rf"(?:more|less|better|worse|{_STEM}er|further|farther)"
_CHOICE = _pattern(
    r"(?:who|which|what|whose)\b[^,]{0,80}"
    rf"\b(?:{_COMPARATIVE}|first|last|best|worst|{_STEM}i?est)\b[^,\"“]{{0,60}}, "
    r"[^,]{1,60} or (?!to\b|more\b|less\b)[^,]{1,60}$"
)
_COMPARE = _pattern(
    r"compar(?:e|ing) |how (?:do|does|did|would|can) .{1,120}\b(?:compare|differ)\b"
    r"|(?:what(?:['’]s| is| are| was| were)?|name|list|describe|explain) (?:the )?"
    r"(?:main |key |biggest )?differences? (?:in [\w ]{1,40} )?between\b"
    r"|how (?:is|are|was|were) .{1,80} different from\b"
)
_COMPUTE = _pattern(
    rf"(?:by )?how (?:much|many|far|long|often)? ?(?:times )?{_COMPARATIVE}\b.* than\b"
    rf"|by how (?:much|many) .*\b{_COMPARATIVE} than\b"
    r"|how many times (?:as )?\w+ .{0,60}\b(?:as|than)\b"
    r"|how many (?:years|months|weeks|days|hours|minutes) (?:\w+ )?"
    r"(?:(?:are|were|is|was) (?:there )?)?between\b"
    r"|(?:what(?:['’]s| is| are| was| would be)?|calculate|compute|work out|add up) (?:the )?"
    r"(?:sum of|(?:combined )?total of .{1,120} and|average of .{1,120} and|"
    r"average (?:over|across|of) (?:all|these|those|both)|difference of)"
    r"|(?:calculate|compute|add up|sum up|subtract|multiply|divide) "
    r"|(?:what(?:['’]s| is) |how much is )?\d[\d.,]* ?(?:plus|minus|times|divided by|[-+*/×]) ?"
    r"\d[\d.,]*\W*$"
    r"|how (?:much|many|old|big|large) .{1,160}\b(?:put|added|taken) together\b|how old would "
)
_COUNT_STORIES = _pattern(
    r"(?:how many|what number of) (?:of (?:the|your|these) )?(?:news )?(?:stories|articles|reports)"
    r" (?:mention|say|are (?:there )?(?:about|on)|talk|tell|report|cover|do you have|have you)"
)
_OPINION = _pattern(
    rf"(?:{_ASKING}.{{0,30}} )?(?:do|would|did) you (?:think|believe|feel|like|love|prefer|agree|"
    r"recommend|suggest|advise|say (?:that )?(?:is|was|are))\b"
    rf"|(?:{_ASKING} )?(?:should|shall) (?:i|we|you|one|my|our|your)\b|(?:would|could|can) you "
    r"|should \w"
    r"|(?:what|how) (?:is|are|about) your (?:opinion|view|favou?rite|take|feeling)"
    r"|(?:in|what(?:['’]s| is)) your (?:own )?(?:opinion|view|take)|(?:recommend|advise|suggest) "
    r"|(?:is|are|was|were) .{1,120}\b(?:a good idea|worth it|a mistake|right or wrong|fair|moral)\b"
)
_OURS = _pattern(r"^(?:what|which|where|when|how|why|who) should we\b")
_PREDICTION = _pattern(
    r"who (?:will|is going to|['’]s going to|would) win\b"
    r"|what (?:will|would|might|could) happen (?:if|next|in (?:ten|\d+) years)\b|what if\b"
    r"|(?:predict|forecast|guess) "
)
_WRITING = _pattern(
    r"(?:summari[sz]e|translate|write|rewrite|rephrase|paraphrase|draft|compose|draw|sing|joke"
    r"|tell (?:me|us) (?:a|another) (?:joke|story|poem)"
    r"|(?:give|make|show) (?:me |us )?(?:a|an|the) (?:\w+ )?"
    r"(?:summary|overview|outline|poem|essay|table|translation))\b"
)

_GATES: tuple[tuple[Beyond, re.Pattern[str]], ...] = (
    ("writing", _WRITING),
    ("counting", _COUNT_STORIES),
    ("arithmetic", _COMPUTE),
    ("comparison", _COMPARE),
    ("comparison", _CHOICE),
    ("prediction", _PREDICTION),
    ("opinion", _OPINION),
    ("yes_no", _YES_NO),
)
_PASSES: dict[Beyond, re.Pattern[str]] = {"yes_no": _AFTERTHOUGHT, "opinion": _OURS}
"""What begins like one of those, but asks for words after all."""

FAR = 300
"""No question says later than so many characters what kind it is."""


def plainly(text: str) -> str:
    """Return what *text* asks behind a polite opening: "Can you tell me who won?" asks who won.

    A question with no such opening, or with nothing behind it that asks, is returned as it is.
    """
    bare = _GREETING.sub("", text, count=1) if _GREETING.match(text) else text
    bare = _BID.sub("", bare, count=1) if _BID.match(bare) else bare
    opened = _POLITE.match(bare)
    if opened and re.match(rf"(?:{_ASKING}|whether |if )", bare[opened.end() :], re.IGNORECASE):
        return _capital(bare[opened.end() :])
    if there := _THERE_IS.match(bare):
        return f"What is the {there['noun']}{there['about']}"
    if known := _IS_KNOWN.match(bare):
        return f"What {known['verb'].lower()} {known['what']}?"
    return _capital(bare) if bare and bare != text and _asks(bare) else text


def beyond_reach(text: str) -> Beyond | None:
    """Return what a stand-alone question asks for that no words of a story can give, or None.

    Only the first and the last FAR characters are looked at.
    """
    bare = plainly(text.strip())
    opening, end = bare[:FAR], bare[-FAR:]
    if _DAY_IN_MAY.match(opening) or (_NAMED.match(opening) and not bare.endswith("?")):
        return None
    for beyond, pattern in _GATES:
        if pattern.match(opening):
            passes = _PASSES.get(beyond)
            return None if passes and passes.search(opening) else beyond
    whether = bare != text.strip() and _WHETHER.match(opening)
    return "yes_no" if whether or _TAG.search(end) else None


def _asks(text: str) -> bool:
    return bool(
        re.match(
            rf"{_ASKING}|{_AUXILIARY} |name |list |define |describe |summari|translate|write ",
            text,
            re.I,
        )
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
