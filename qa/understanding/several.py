"""Whether a question asks for several things at once."""

import re

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might)\b"
)
_IRREGULAR = "people|men|women|children|criteria|aircraft|personnel|troops"
_PLURAL = rf"(?:[\w’'-]*[a-rt-z0-9](?<![iu])s|{_IRREGULAR})\b(?![’'])"
_NO_NOUN = (
    r"(?:of|in|on|at|by|for|to|that|who|with|from|kind|type|sort|(?:share|support|train|lead|run|make|give|"
    r"take|hold|own|work|use|provide|represent|help|head|say|sell|build|belong|host|plan|want|need|"
    r"carrie|serve|cover|include|contain|operate|manage|produce|control|oversee|issue|set|get|goe|"
    r"come|pay|fund|play|show|mean|end|start|begin|open|close|stand|live)s)\b"
)
_WHICH_ONES = re.compile(
    r"(?:(?:at|by|in|on|for|from|to|with|of|about|through|under) )?(?:which|what) "
    r"(?:of (?:the|these|those|its|their|his|her) )?"
    rf"(?:(?!{_AUXILIARY}|{_NO_NOUN})[\w’'-]+ ){{0,4}}?(?!{_AUXILIARY}|{_NO_NOUN}){_PLURAL}",
    re.IGNORECASE,
)
_WHAT_ARE = re.compile(
    r"(?:what|who) (?:are|were) (?:all )?(?:the |his |her |its |their )?"
    rf"(?:[\w’'-]+ ){{0,4}}?{_PLURAL}|who (?:were|are) ",
    re.IGNORECASE,
)
_BID = re.compile(
    rf"(?:name|list|enumerate|give|identify|tell me) (?:me )?(?:all )?(?:of )?(?:the |its |their )?"
    rf"(?:[\w’'-]+ ){{0,5}}?{_PLURAL}",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"(?:who|with whom|whom)\b.{0,200}\b(?:attend(?:ed)?|participat(?:ed|e)|took part|take part|"
    r"joined|signed|co-?(?:hosted|sponsored|organi[sz]ed)|organi[sz]ed|sponsored|spoke|testified|met|"
    r"works?|worked with|partner(?:ed)?|received|won|died|was there|were there)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"how many\b", re.IGNORECASE)
_DIGIT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|"
    r"hundreds?|thousands?|dozens?|several|no|none|single|couple)\b",
    re.IGNORECASE,
)


def asks_for_several(text: str, answer: str) -> bool:
    """Return whether the question *text* asks for several things.

    One that asks for how many does so only where the *answer* names things and no number.
    """
    if _NUMBER.match(text):
        return _DIGIT.search(answer) is None
    return any(pattern.match(text) for pattern in (_WHICH_ONES, _WHAT_ARE, _BID, _WHO))
