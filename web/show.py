"""What templates need to show dates, numbers, quotes and links."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, get_args
from urllib.parse import urlsplit

from flask import Flask

from qa.answer import Resolution
from qa.conversation import Complaint
from qa.times.date_wording import day_of, resolution_in_words, time_in_words
from web.cards import Json, Standing

BAND = {
    "high": "High confidence",
    "medium": "Medium confidence",
    "low": "Low confidence",
}
ROLE = {
    "primary": "Says so",
    "supports": "Also says so",
    "reprint": "Also published as",
    "conflicts": "Says otherwise",
    "nearest": "Came near",
    "read": "Also read",
}
STALE: dict[Standing, str] = {
    "superseded": "The story has changed since; these words stand in an earlier version of it.",
    "changed": "The story has changed since; these words are no longer where they were.",
    "gone": "This story is no longer among the stories.",
}
COMPLAINT: dict[Complaint, str] = {
    "wrong_answer": "The answer is wrong",
    "not_an_answer": "It doesn’t answer the question",
    "wrong_source": "A source doesn’t say this",
    "incomplete": "Something is missing",
    "outdated": "It is out of date",
    "should_have_answered": "The stories do say",
    "other": "Something else",
}
_OF_ABSTENTIONS: tuple[Complaint, ...] = ("should_have_answered", "other")

_PARAGRAPH = re.compile(r"[^\n]+")
_HIGHLIGHT = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


class Marked(NamedTuple):
    """A run of text in three parts, the middle one highlighted; *first* where a highlight opens."""

    before: str
    quote: str
    after: str
    first: bool = True


class Side(NamedTuple):
    """A value that stories give, with the citations that give it, newest first."""

    value: str
    citations: list[Json]


def register(app: Flask) -> None:
    """Make the filters and words of this module known to *app*'s templates."""
    for template_filter in (
        age,
        clipping,
        complaints,
        day,
        marked,
        preferred,
        reading,
        sides,
        web_link,
    ):
        app.add_template_filter(template_filter)
    app.jinja_env.globals.update(BAND=BAND, ROLE=ROLE, STALE=STALE)


def day(when: date | str | None) -> str:
    """Return *when*, a date or one in ISO 8601, as in 6 November 2019; nothing for None."""
    moment = _moment(when)
    return f"{moment.day} {moment:%B %Y}" if moment else ""


def age(when: date | str | None) -> str:
    """Return how long before today *when* was, as in 3 years ago; nothing if it is ahead."""
    moment = _moment(when)
    if moment is None:
        return ""
    on = moment.date() if isinstance(moment, datetime) else moment
    days = (datetime.now(UTC).date() - on).days
    if days < 0:
        return ""
    if days < 2:
        return ("today", "yesterday")[days]
    for unit, length in (("year", 365.25), ("month", 30.44), ("week", 7), ("day", 1)):
        if days >= length * (2 if unit in ("week", "month") else 1):
            count = int(days / length)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return ""


def reading(answer: Json) -> str:
    """Return what the answer's words come to, written out; nothing where they say so themselves."""
    value, text = answer["answer"]["normalized"], answer["answer"]["text"]
    if not text:
        return ""
    if told := answer["answer"].get("resolution"):
        published = answer["citations"][0]["published"] if answer["citations"] else None
        resolution = Resolution(**(told | {"relative_to": _moment(told["relative_to"])}))
        return resolution_in_words(resolution, text, day_of(_moment(published)))
    if not value:
        return ""
    written = _written(value)
    said = set(re.findall(r"\w+", text.replace(",", "").casefold()))
    return "" if set(re.findall(r"\w+", written.replace(",", "").casefold())) <= said else written


def preferred(preference: Json) -> str:
    """Return which stories are preferred, in words."""
    first, last = day(preference["from"]), day(preference["to"])
    if preference["newest"]:
        return "newest stories first"
    if first and last:
        return f"stories of {first} to {last} first"
    return f"stories since {first} first" if first else f"stories until {last} first"


def _written(value: str) -> str:
    number = value.removesuffix("%")
    try:
        grouped = f"{Decimal(number):,f}" if len(number) > 4 else number
    except InvalidOperation:
        return time_in_words(value)
    return grouped + value[len(number) :]


def clipping(answer: Json) -> str:
    """Return the answer with the sentence and the story it rests on, to be pasted elsewhere."""
    parts = [answer["answer"]["text"] or ""]
    for citation in answer["citations"]:
        if citation["role"] not in ("supports", "reprint"):
            source = (
                citation["title"],
                citation["publisher"],
                day(citation["published"]),
                citation["url"],
            )
            parts.append(f"“{citation['sentence']['text']}”\n{', '.join(filter(None, source))}")
    return "\n\n".join(parts)


def complaints(answer: Json) -> dict[Complaint, str]:
    """Return what can be wrong with *answer*, in words."""
    abstained = answer["status"] == "abstained"
    return {
        complaint: COMPLAINT[complaint]
        for complaint in get_args(Complaint)
        if (complaint in _OF_ABSTENTIONS) == abstained or complaint == "other"
    }


def sides(citations: Sequence[Json]) -> list[Side]:
    """Return the values that *citations* give; the one with the newest story first.

    What supports an answer stands with it, in whatever words.
    """
    side_of: dict[str | None, Side] = {}
    for citation in sorted(citations, key=lambda one: str(one["published"] or ""), reverse=True):
        value = citation["normalized"] or citation["quote"].casefold()
        side = value if citation["role"] == "conflicts" else None
        side_of.setdefault(side, Side(citation["quote"], [])).citations.append(citation)
    return list(side_of.values())


def web_link(url: str | None) -> str | None:
    """Return *url* if it leads to a web page, else None: a link must never run a script."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def marked(citation: Json) -> Marked:
    """Return the citation's sentence around its quote."""
    sentence, offsets = citation["sentence"], citation["offsets"]
    start, end = (offsets[edge] - sentence["start"] for edge in ("start", "end"))
    return _split(sentence["text"], start, end)


def highlight_of(text: str) -> tuple[int, int] | None:
    """Return the offsets that *text* names as START-END, or None if it names none."""
    match = _HIGHLIGHT.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def paragraphs(body: str, highlight: tuple[int, int] | None) -> list[Marked]:
    """Return the body's paragraphs, each split around its part of *highlight*.

    *highlight* holds code points in *body*, half-open; a part outside the body is ignored.
    """
    start, end = highlight or (0, 0)
    runs: list[Marked] = []
    opened = False
    for match in _PARAGRAPH.finditer(body):
        run = _split(match[0], start - match.start(), end - match.start())
        runs.append(run._replace(first=bool(run.quote) and not opened))
        opened = opened or bool(run.quote)
    return runs


def _split(text: str, start: int, end: int) -> Marked:
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    return Marked(text[:start], text[start:end], text[end:])


def _moment(when: date | str | None) -> date | None:
    if isinstance(when, str):
        return datetime.fromisoformat(when) if "T" in when else date.fromisoformat(when)
    return when
