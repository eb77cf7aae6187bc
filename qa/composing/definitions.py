"""What an abbreviation stands for, and the clause that says what a thing or a person is."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from embeddings.retriever import Hit
from qa.composing.descriptions import clauses_of, descriptions_of
from qa.composing.long_forms import long_forms
from qa.evidence import Candidate, Mention
from qa.reader import Span
from qa.values.same import same_words

LOOKED_THROUGH = 40
"""Passages that are looked through for an abbreviation whose words no passage read spells out."""

RULE_SCORE = 8.0
"""What such words score, in logits: about as much as words that the reader has no doubt of."""

SPELT_OUT = 3.0
"""The least quality of words that an abbreviation stands for, in logits.

It comes to a probability of 0.93 to 0.99, the more the less good other words are. Of 200
abbreviations that 8,835 stories spell out in one way only, each asked for by "What does … stand
for?", 188 were answered so surely, 187 of them right.
"""

DEFINED = 1.5
"""The least quality of a clause that says what is asked for: a probability of 0.8 to 0.9."""

_SHORT = r"[^\W_][^\W_&.-]{0,3}[^\s,?()\"“”]{1,12}"
_STANDS_FOR = re.compile(
    rf"what (?:does|do|did) (?:the )?(?:(?:letters?|abbreviation|acronym|initials|term) )?"
    rf"(?P<a>{_SHORT})(?:,[^?]{{1,80}},)? (?:stand for|mean)\b"
    rf"|what is (?:the )?(?P<b>{_SHORT}) (?:short|an acronym|an abbreviation) for\b"
    r"|(?:what(?:['’]s| is) )?(?:the )?(?:meaning|full form|full name|expansion|long form) of "
    rf"(?:the )?(?P<c>{_SHORT})\W*$"
    rf"|(?:expand|spell out) (?P<d>{_SHORT})\W*$"
    rf"|(?P<e>{_SHORT}) (?:[\w ]{{1,40}} )?"
    r"(?:full form|meaning|abbreviation|acronym|stands? for)\b",
    re.IGNORECASE,
)
_IS = r"(?:['’]s| is| are| was| were)(?: exactly)? "
_WHAT_IS = re.compile(
    rf"what{_IS}(?:(?:the|an?) )?(?P<thing>[^\s,?]+(?: [^\s,?]+){{0,4}}?)"
    r"(?: in [A-Z]\w+)?(?:,[^?]*)?\W*$",
    re.IGNORECASE,
)
_WHO_IS = re.compile(
    rf"who{_IS}(?!the |an? )(?P<name>[^\s,?]+(?: (?!of |in )[^\s,?]+){{0,4}})\W*$", re.IGNORECASE
)
_LETTERS = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Z][A-Za-z&-]{1,9}")


def abbreviation_asked(text: str) -> str | None:
    """Return the abbreviation that *text* asks the long form of, or None."""
    match = _STANDS_FOR.match(text)
    if match:
        short = next(group for group in match.groups() if group).strip("'’")
        return short if text.islower() or _LETTERS.fullmatch(short) else None
    asked = _WHAT_IS.match(text)
    return asked["thing"] if asked and _LETTERS.fullmatch(asked["thing"]) else None


def defining(
    text: str, hits: Sequence[Hit], found: Sequence[Candidate], look: Callable[[str], Sequence[Hit]]
) -> list[Candidate]:
    """Return *found* with the words that define what the question *text* asks for.

    *look* finds more passages by words; it is used for an abbreviation that *hits* don't spell out.
    """
    mentions: list[tuple[Mention, float]] = []
    short = abbreviation_asked(text)
    if short:
        spelt = list(_spelt_out(short, hits)) or list(_spelt_out(short, look(short)))
        mentions += [(mention, SPELT_OUT) for mention in spelt]
    at_least = SPELT_OUT if short else DEFINED
    mentions += [(mention, at_least) for mention in _described(text, hits)]
    return _merged(mentions, found) if mentions else list(found)


def _spelt_out(short: str, hits: Sequence[Hit]) -> Iterator[Mention]:
    for hit in hits:
        for start, end in long_forms(hit.passage.text, short):
            yield _mention(hit, start, end)


def _described(text: str, hits: Sequence[Hit]) -> Iterator[Mention]:
    if asked := _WHAT_IS.match(text):
        for hit in hits:
            for start, end in clauses_of(hit.passage.text, asked["thing"]):
                yield _mention(hit, start, end)
    elif asked := _WHO_IS.match(text):
        for hit in hits:
            for start, end in descriptions_of(hit.passage.text, asked["name"]):
                yield _mention(hit, start, end)


def _mention(hit: Hit, start: int, end: int) -> Mention:
    span = Span(passage=hit.passage, start=start, end=end, score=RULE_SCORE)
    return Mention(span=span, hit=hit)


def _merged(
    mentions: Sequence[tuple[Mention, float]], found: Sequence[Candidate]
) -> list[Candidate]:
    """Return *found* with *mentions*, each with its least quality; the same words are one."""
    by_words = {same_words(candidate.text): candidate for candidate in found}
    for mention, at_least in mentions:
        words = same_words(mention.span.text)
        same = by_words.get(words, Candidate(mentions=()))
        others = tuple(other for other in same.mentions if not mention.overlaps(other))
        # The first passage that a rule finds the words in is the best that was found.
        ordered = (*others, mention) if same.by_rule else (mention, *others)
        by_words[words] = replace(same, mentions=ordered, at_least=max(at_least, same.at_least))
    return [candidate for words, candidate in by_words.items() if words]
