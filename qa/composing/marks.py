"""What a text says to tell one occasion from others of its kind: years, months, places in a row."""

import re
from dataclasses import dataclass

from corpus.story import Story
from qa.times.date_words import ANY_MONTH, month_of, short_month
from qa.values.ordinals import ordinals

_MONTH = re.compile(rf"\b({ANY_MONTH})\b\.?(?: (\d{{1,2}})\b)?")
_YEAR = re.compile(r"(?<![\w.,$])(?:1[89]|20)\d\d(?![\w%]|[.,]\d)")
_PERIOD = re.compile(
    r"\b(?:(first|second|third|fourth|last|prior|previous|next|same)[- ](?:quarter|half|week|month|"
    r"year|season|round|day)|(\d{1,3}|two|three|four|five|six|ten)[- ](?:week|month|day|year)s?)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The years, months (abbreviated), days, ordinals and periods that a text names."""

    years: frozenset[str]
    months: frozenset[str]
    days: frozenset[tuple[str, str]]
    places: frozenset[int]
    periods: frozenset[str]

    @property
    def names_time(self) -> bool:
        """Whether the text says which time it is about."""
        return bool(self.years)

    def lacking_in(self, other: "Marks", story: Story) -> frozenset[object]:
        """Return the marks that neither *other* has nor the date of *story* implies."""
        day = story.published_on
        years = {str(day.year)} if day else set()
        month = short_month(day.month) if day else ""
        days = {(month, str(day.day))} if day else set()
        return (
            (self.years - other.years - years)
            | (self.days - other.days - days)
            | (self.months - other.months - {month})
            | (self.places - other.places)
        )

    def may_be_of(self, other: "Marks", asked: "Marks") -> bool:
        """Whether nothing that the question leaves open, *asked*, tells the two texts apart."""
        pairs = (
            (self.years, other.years, asked.years),
            (self.months, other.months, asked.months),
            (self.days, other.days, asked.days),
            (self.places, other.places, asked.places),
            (self.periods, other.periods, asked.periods),
        )
        return not any(
            one - known and two - known and not one & two - known for one, two, known in pairs
        )


def marks_of(text: str) -> Marks:
    """Return the marks of *text*."""
    words = text.casefold()
    named = [(short_month(month_of(month)), day) for month, day in _MONTH.findall(words)]
    return Marks(
        years=frozenset(_YEAR.findall(words)),
        months=frozenset(month for month, _ in named),
        days=frozenset((month, day) for month, day in named if day),
        places=ordinals(words),
        periods=frozenset(match.group() for match in _PERIOD.finditer(words)),
    )
