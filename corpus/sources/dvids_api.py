"""Assets of the DVIDS API (`GET /asset`, `GET /search`), in both spellings of their names."""

from dataclasses import replace

from corpus.dates import any_date
from corpus.errors import NotAStory
from corpus.sources.json_record import Fields, date_in, read_record, text_in
from corpus.story import Story, story_id_of

_OWN_NAMES = frozenset({"unit_name", "branch", "virin", "date_published", "publishdate", "credit"})
_NEWS = "news"


def is_dvids_asset(fields: Fields) -> bool:
    """Say whether *fields* are an asset's: of a DVIDS address, or an id such as "news:350582"."""
    kind, colon, number = text_in(fields, "id").partition(":")
    of_dvids = "dvidshub.net/" in text_in(fields, "url")
    named = len(_OWN_NAMES & fields.keys()) >= 2
    return bool((colon and kind.isalpha() and number.isdecimal()) and named) or (of_dvids and named)


def read_dvids_asset(fields: Fields, source: str) -> Story:
    """Return the news story; the publisher is the unit that wrote it, as on DVIDS pages.

    Its id is the number that the story's own page has, so that page and asset are one story. The
    API's "date" is when it happened or was taken, "date_published" or "publishdate" when it was
    posted. Raises `NotAStory` for pictures, videos and other assets.
    """
    kind, _, number = text_in(fields, "id").rpartition(":")
    kind = kind or str(fields.get("type") or _NEWS)
    if kind != _NEWS:
        raise NotAStory(f"the DVIDS asset is of type {kind[:20]}, not news")
    story = read_record(fields, source)
    posted = (any_date(str(fields.get(name) or "")) for name in ("date_published", "publishdate"))
    unit = text_in({"unit_name": fields.get("unit_name")}, "unit") or story.unit
    return replace(
        story,
        story_id=number if number.isdecimal() else story_id_of(story.url or story.title),
        url=story.url or f"https://www.dvidshub.net/news/{number}",
        unit=unit,
        publisher=unit or "DVIDS",
        location=_place(fields.get("location")) or story.location or _place(dict(fields)),
        published_at=next(filter(None, posted), None) or date_in(fields, "published"),
        taken_at=any_date(str(fields.get("date") or "")) or story.taken_at,
    )


def _place(location: object) -> str | None:
    """Return "LYON, FR" of a location that is given in parts."""
    if not isinstance(location, dict):
        return None
    parts = (location.get(name) for name in ("city", "state", "country"))
    return (
        ", ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None
    )
