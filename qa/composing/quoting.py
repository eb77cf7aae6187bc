"""Answers to what somebody said, and to who said something: a quotation with its speaker."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.abbreviations import TITLES
from corpus.sentences import sentence_spans
from embeddings.retriever import Hit
from qa.composing.quotations import Quotation, quotations, spoken_at
from qa.evidence import Candidate, Mention
from qa.question import analyse
from qa.reader import Span
from qa.values.same import same_words

QUOTED = 1.0
"""The least quality of a quotation whose speaker is asked for and that speaks of all that is."""

QUOTED_IN_PART = 0.0
"""The same where it speaks of half of what is asked about."""

RULE_SCORE = 6.0
LEAST_SHARE = 0.5

_SAY = (
    r"(?:say|said|tell|told|call|called|describe|think|write|explain|state|comment|remark|argue|"
    r"add|note|mention|reply|answer|respond|warn|put|see|view)"
)
_WHAT_SAID = re.compile(
    rf"(?:and |so )?(?:what|how) (?:did|does|do|has|have|had|was|is) (?P<who>.{{1,80}}?) {_SAY}\b"
    r"(?P<about>[^?]*)",
    re.IGNORECASE,
)
_WHOSE_WORDS = re.compile(
    r"(?P<about>.{3,200}?),? (?:in|to quote|according to|as) (?P<who>[^,?]{2,60}?)"
    r"(?:['’]s? (?:own )?(?:words|view|opinion)| put it| said| says)\W*$",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(
    r"who (?:said|says|told|asked|wrote|was quoted)\b[^“\"]{0,60}[“\"](?P<words>[^”\"]{8,400})",
    re.I,
)
_PART = re.compile(r"\w+")
_SMALL = frozenset(
    "the a an of about on to that for and or in at his her its their it was were is".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose words are asked for, and what about: words in lower case, without endings."""

    who: frozenset[str]
    surname: str
    about: frozenset[str]


def asked_of(text: str) -> Asked | None:
    """Return whose words the question *text* asks for, None where it asks for no quotation."""
    match = _WHAT_SAID.match(text) or _WHOSE_WORDS.match(text)
    if not match:
        return None
    who = [word.casefold() for word in _PART.findall(match["who"]) if word not in TITLES]
    who = [word for word in who if word not in _SMALL and word != "s"]
    about = {*analyse(match["about"]).words} - set(who)
    about = {word for word in about if not re.fullmatch(r"(?:1[89]|20)\d\d", word)}
    return Asked(
        who=frozenset(who),
        surname=who[-1] if who else "",
        about=frozenset(stem for word in about for stem in map(_stem, _PART.findall(word))),
    )


def quoting(text: str, hits: Sequence[Hit], found: Sequence[Candidate]) -> list[Candidate]:
    """Return *found* with the quotations that the question *text* asks for, or their speaker."""
    if asked := asked_of(text):
        fresh = [each for hit in hits for each in _said(asked, hit, found)]
    elif match := _WHO_SAID.match(text):
        fresh = [each for hit in hits for each in _speakers(match["words"], hit)]
    else:
        return list(found)
    words = {same_words(candidate.text) for candidate in fresh}
    return [*_distinct(fresh), *(each for each in found if same_words(each.text) not in words)]


def speaker_of(mention: Mention) -> str | None:
    """Return the name of whoever says the words of *mention*, None where the story doesn't say."""
    text = mention.hit.passage.text
    spoken = spoken_at(quotations(text), mention.span.start, mention.span.end)
    return text[slice(*spoken.speaker)] if spoken and spoken.speaker else None


def _said(asked: Asked, hit: Hit, found: Sequence[Candidate]) -> Iterator[Candidate]:
    text = hit.passage.text
    read = [
        mention.span
        for candidate in found
        for mention in candidate.mentions
        if mention.span.passage.passage_id == hit.passage.passage_id
    ]
    for quotation in quotations(text):
        if not _speaks(asked, text, quotation):
            continue
        start, end, share = _best_sentence(asked, text, quotation, read)
        if share >= LEAST_SHARE:
            quality = QUOTED if share == 1 else QUOTED_IN_PART
            yield _candidate(hit, start, end, quality)


def _speaks(asked: Asked, text: str, quotation: Quotation) -> bool:
    """Whether the speaker is the one who is asked about."""
    if quotation.told is None:
        return False
    told = {word.casefold() for word in _PART.findall(text[slice(*quotation.told)])}
    return bool(asked.who) and (asked.surname in told or asked.who <= told)


def _best_sentence(
    asked: Asked, text: str, quotation: Quotation, read: Sequence[Span]
) -> tuple[int, int, float]:
    """Return the sentence of a quotation that speaks most of what is asked, and of how much of it.

    Where two speak of as much, the one that the reader found something in is better.
    """
    share_of_all = _share(asked.about, text[quotation.start : quotation.end])
    best = (quotation.start, quotation.end, -1.0, 0)
    for first, last in sentence_spans(text[quotation.start : quotation.end]):
        start, end = quotation.start + first, quotation.start + last
        while end > start and text[end - 1] in ",;:. ":
            end -= 1
        seen = sum(span.start < end and start < span.end and span.score > 0 for span in read)
        share = _share(asked.about, text[start:end])
        if end > start and (share, seen) > best[2:]:
            best = (start, end, share, seen)
    return best[0], best[1], share_of_all


def _share(stems: frozenset[str], words: str) -> float:
    there = {_stem(word) for word in _PART.findall(words.casefold())}
    return len(stems & there) / len(stems) if stems else 1.0


def _speakers(words: str, hit: Hit) -> Iterator[Candidate]:
    text = hit.passage.text
    asked = " ".join(_PART.findall(words.casefold()))
    for quotation in quotations(text):
        said = " ".join(_PART.findall(text[quotation.start : quotation.end].casefold()))
        if quotation.speaker and (asked in said or (len(said) > 30 and said in asked)):
            yield _candidate(hit, *quotation.speaker, QUOTED + 1)


def _candidate(hit: Hit, start: int, end: int, quality: float) -> Candidate:
    span = Span(passage=hit.passage, start=start, end=end, score=RULE_SCORE)
    return Candidate(mentions=(Mention(span=span, hit=hit),), at_least=quality)


def _distinct(fresh: Sequence[Candidate]) -> Iterator[Candidate]:
    by_words: dict[str, Candidate] = {}
    for candidate in fresh:
        words = same_words(candidate.text)
        if words not in by_words:
            by_words[words] = candidate
        elif not any(candidate.best.overlaps(other) for other in by_words[words].mentions):
            mentions = (*by_words[words].mentions, candidate.best)
            by_words[words] = replace(by_words[words], mentions=mentions)
    yield from (candidate for words, candidate in by_words.items() if words)


def _stem(word: str) -> str:
    """Return the beginning that a word shares with its forms: live, lives and living have one."""
    return re.sub(r"(?:ing|ies|ed|es|s|e|y)$", "", word)[:5] if len(word) > 4 else word[:5]
