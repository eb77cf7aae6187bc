"""The time that a story's words name: read out of them, or counted from the story's own day.

Rules, no guesses: words that leave open what they count from ("two days later", with no other time
in the sentence) or how far ("in recent days") name nothing. Conventions: weeks run from Monday to
Sunday (ISO 8601); a weekday without a date lies within the seven days up to publication, or from
it on where the sentence speaks of what is to come; a month or day without its year is the nearest
that fits the tense; seasons are whole months; fiscal years are the US government's; "early", "mid"
and "late" are thirds; "two weeks ago" is as exact as its unit.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from corpus.dates import written_date
from corpus.story import Story
from qa.answer import Citation, Resolution
from qa.times.intervals import Interval, span
from qa.times.tense import tense_at
from qa.times.time_expressions import Expression, Reading, built, expressions, opened, read
from qa.times.time_rules import Vantage
from qa.understanding.answer_types import AnswerType

LONGEST = 200
"""Longer words are no expression of time; so far on either side a sentence is looked at."""

_SPACE = re.compile(r"\s")
_RANGE = re.compile(
    r"\s*(?:[-–—]|,?\s(?:to|through|thru|until|till)(?:\s+the)?\s)\s*", re.IGNORECASE
)
_AND = re.compile(r",?\s+(?:and|&)\s+(?:the\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE_TIMES = {"on", "in", "at", "from", "by", "during", "over", "until", "between"}
_BEFORE_DATELINE_ENDS = 160
_DATED = re.compile(
    r"[^\n]{0,100}?\b([A-Z][A-Za-z]{2,8}\.? [0-9]{1,2}, [0-9]{4})\)?(?:\s?\([^)\n]{1,30}\))?,?\s?"
    r"(?:--?|–|—|:)\s"
)


def resolve(
    words: str, sentence: str, counted_from: date | None, *, at: int | None = None
) -> Resolution | None:
    """Return the time that *words* name as they stand in *sentence*, or None if they name none.

    *counted_from* is the story's day, without which relative words name nothing; *at* is where in
    the sentence the words begin, their first place if None.
    """
    if not words.strip() or len(words) > LONGEST:
        return None
    start = sentence.find(words) if at is None else at
    if sentence[max(0, start) : max(0, start) + len(words)] != words:
        sentence, start = words, 0
    opens = max(0, start - LONGEST)
    sentence = _SPACE.sub(" ", sentence[opens : start + len(words) + LONGEST])
    start -= opens
    found = expressions(sentence)
    reading = _reading(sentence, found, (start, start + len(words)), counted_from)
    if reading is None:
        return None
    return Resolution(
        value=reading.interval.iso,
        words=" ".join(sentence[reading.start : reading.end].split()),
        relative_to=counted_from if reading.counted else None,
    )


def time_told(citation: Citation, story: Story, answer_type: AnswerType) -> Resolution | None:
    """Return the time that a citation's quote names, where a question asks when or how long.

    *story* is the cited one. How long something lasted is told by an interval alone; where it is
    not known what is asked for, the quote must be a time and nothing else.
    """
    if answer_type not in ("date", "duration", "description"):
        return None
    at = citation.start - citation.sentence_start
    told = resolve(citation.quote, citation.sentence, story_day(story), at=at)
    if told is None or answer_type == "date":
        return told
    fits = "/" in told.value if answer_type == "duration" else _is_all(told.words, citation.quote)
    return told if fits else None


def _is_all(words: str, quote: str) -> bool:
    return not set(quote.casefold().split()) - set(words.casefold().split()) - _BEFORE_TIMES


def story_day(story: Story) -> date | None:
    """Return the day that a story's words count from: its dateline's, else that of publication.

    A dateline's date, as in "MARIETTA, Georgia, July 10, 2013 -", counts where it isn't after
    publication.
    """
    published = story.published_on
    dated = _DATED.match(story.body, 0, _BEFORE_DATELINE_ENDS)
    written = written_date(dated[1]) if dated else None
    if written and (published is None or written <= published + timedelta(days=1)):
        return written
    return published


def _reading(
    sentence: str, found: Sequence[Expression], words: tuple[int, int], on: date | None
) -> Reading | None:
    start, end = words
    places = [n for n, one in enumerate(found) if one.start < end and start < one.end]
    if not places:
        return None
    first = found[places[0]]
    if len(places) == 1 and first.rule.kind == "range" and not _within(first, words):
        return _end_of_range(sentence, first, words, on)
    readings = [read(sentence, found, place, on) for place in places]
    if len(places) == 1 and (beside := _year_beside(sentence, found, places[0], on)):
        readings = [beside]
    known = [reading for reading in readings if reading]
    if len(places) == 2:
        ends = found[places[0]], found[places[1]]
        joined = _joined(sentence, ends, (readings[0], readings[1]), on)
        if joined:
            return joined
    if len(known) < len(places):
        return None
    known = [one for one in known if not any(_covers(other, one) for other in known)]
    finest = _finest(known)
    since = opened(sentence, finest) if finest else None
    return since if since and since.start >= start else finest


def _finest(readings: Sequence[Reading]) -> Reading | None:
    """Return the reading that lies within all others; None if they tell of different times."""
    finest = min(readings, key=lambda one: one.interval.last - one.interval.first)
    fits = all(other.interval.holds(finest.interval) for other in readings)
    return finest if fits else None


def _end_of_range(
    sentence: str, whole: Expression, words: tuple[int, int], on: date | None
) -> Reading | None:
    """Return what one end of a range names, which may have its year from the range."""
    ranged = read(sentence, [whole], 0, on)
    start = max(words[0], whole.start)
    found = expressions(sentence[start : min(words[1], whole.end)])
    if ranged is None or len(found) != 1:
        return None
    interval = built(found[0], Vantage(on=None, year=ranged.interval.first.year))
    if interval is None:
        return None
    edges = start + found[0].start, start + found[0].end
    return Reading(start=edges[0], end=edges[1], interval=interval, counted=ranged.counted)


def _year_beside(
    sentence: str, found: Sequence[Expression], place: int, on: date | None
) -> Reading | None:
    """Return the reading of one end of a range whose other end, outside the words, has the year."""
    one = found[place]
    for start in (place - 1, place):
        ends = found[max(start, 0) : start + 2]
        if len(ends) == 2 and _RANGE.fullmatch(sentence[ends[0].end : ends[1].start]):
            intervals = [built(end, Vantage(on=None)) for end in ends]
            readings = [read(sentence, found, start + n, on) for n in (0, 1)]
            own, other = (0, 1) if start == place else (1, 0)
            if intervals[own] is None and intervals[other]:
                interval = _in_order(sentence, (ends[0], ends[1]), (readings[0], readings[1]), on)[
                    own
                ]
                if interval:
                    return Reading(start=one.start, end=one.end, interval=interval)
    return None


def _joined(
    sentence: str,
    ends: tuple[Expression, Expression],
    readings: tuple[Reading | None, Reading | None],
    on: date | None,
) -> Reading | None:
    """Return the range from one expression to the other, if the words between them make it one."""
    first, last = ends
    between = sentence[first.end : last.start]
    is_range = bool(_RANGE.fullmatch(between))
    if not is_range and not _AND.fullmatch(between):
        return None
    opens, closes = _in_order(sentence, ends, readings, on)
    if opens is None or closes is None or opens.first > closes.last:
        return None
    is_range = is_range or bool(_BETWEEN.search(sentence, max(0, first.start - 20), first.start))
    if not is_range and opens.last + timedelta(days=1) != closes.first:
        return None
    counted = all(reading is None or reading.counted for reading in readings)
    return Reading(start=first.start, end=last.end, interval=span(opens, closes), counted=counted)


def _in_order(
    sentence: str,
    ends: tuple[Expression, Expression],
    readings: tuple[Reading | None, Reading | None],
    on: date | None,
) -> tuple[Interval | None, Interval | None]:
    """Return both ends of a range: either may give the other its year, or its week."""
    first, last = ends
    opens, closes = (reading.interval if reading else None for reading in readings)
    outright = [reading is not None and not reading.counted for reading in readings]
    if closes and outright[1] and not outright[0]:
        year = closes.first.year
        borrowed = [built(first, Vantage(on=None, year=one)) for one in (year, year - 1)]
        opens = next((one for one in borrowed if one and one.first <= closes.first), opens)
    elif opens and outright[0] and not outright[1]:
        year = opens.first.year
        borrowed = [built(last, Vantage(on=None, year=one)) for one in (year, year + 1)]
        closes = next((one for one in borrowed if one and one.last >= opens.last), closes)
    elif opens and closes and opens.first > closes.first:
        if tense_at(sentence, first.start, last.end) == "future":
            closes = built(last, Vantage(on=opens.first, tense="future"))
        else:
            opens = built(first, Vantage(on=closes.first, tense="past"))
    return opens, closes


def _covers(one: Reading, other: Reading) -> bool:
    """Return whether *one* was counted from *other*, which stands among its words."""
    return one.start < other.start and other.end <= one.end


def _within(one: Expression, words: tuple[int, int]) -> bool:
    return words[0] <= one.start and one.end <= words[1]
