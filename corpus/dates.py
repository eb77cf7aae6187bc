"""Dates as news pages write them: known forms only, never a guess."""

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
"""The names of the months in lower case, the short ones first, with their numbers from 1."""

_LONGEST = 64
_WRITTEN = re.compile(r"(?:[A-Z][a-z]{2,8}day,? )?([A-Z][a-z]{2,8})\.? (\d{1,2}), (\d{4})", re.I)
_MONTH = re.compile(r"([A-Z][a-z]{2,8})\.?,? (\d{4})", re.I)
_DOTTED = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})(?: (\d{2}):(\d{2}))?")
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2})(:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2})?)?"
)


def written_date(text: str) -> date | None:
    """Return the day in "Sept. 22, 2021" or "Friday, May 27, 2015", or None for any other form."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found or found[1].lower() not in MONTHS:
        return None
    return _valid(int(found[3]), MONTHS[found[1].lower()], int(found[2]))


def written_month(text: str) -> str | None:
    """Return the month in "Sept. 2021" as ISO 8601's YYYY-MM, or None for any other form."""
    found = _MONTH.fullmatch(text.strip())
    if not found or found[1].lower() not in MONTHS:
        return None
    return f"{found[2]}-{MONTHS[found[1].lower()]:02}"


def dotted_date(text: str) -> date | datetime | None:
    """Return the day, or the minute, in DVIDS's "11.06.2019 09:38" (month first, no zone)."""
    found = _DOTTED.fullmatch(text.strip())
    if not found:
        return None
    day = _valid(int(found[3]), int(found[1]), int(found[2]))
    if day is None or found[4] is None:
        return day
    try:
        return datetime(day.year, day.month, day.day, int(found[4]), int(found[5]))  # noqa: DTZ001
    except ValueError:
        return day


def iso_date(text: str) -> date | datetime | None:
    """Return the ISO 8601 day or moment in *text*, with "T" or a space before the time."""
    found = _ISO.fullmatch(text.strip())
    if not found:
        return None
    day, hour, rest, zone = found.groups()
    try:
        if hour is None:
            return date.fromisoformat(day)
        return datetime.fromisoformat(f"{day}T{hour:0>2}{rest}{zone or ''}")
    except ValueError:
        return None


def mail_date(text: str) -> datetime | None:
    """Return the moment in an RFC 822 date such as a feed's "Wed, 04 May 2022 17:24:26 +0000"."""
    try:
        return parsedate_to_datetime(text.strip()[:_LONGEST])
    except (ValueError, OverflowError):
        return None


def any_date(text: str) -> date | datetime | None:
    """Return the date in whichever of the known forms *text* is, or None."""
    return iso_date(text) or written_date(text) or dotted_date(text) or mail_date(text)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
