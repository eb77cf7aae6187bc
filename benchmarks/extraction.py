"""What the readers take from real pages, field by field, beside trafilatura alone.

`make bench-extraction STORIES=../shared/stories` compares with the hand-checked values of
tests/gold/extraction.jsonl and prints Markdown for docs/benchmarks-extraction.md. The pages are
not part of the project.
"""

import html
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click
import trafilatura

from benchmarks.raw_articles import article_of, paragraphs_of
from corpus.errors import CorpusError
from corpus.sources import read_stories

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold" / "extraction.jsonl"
FEEDS = ("state_gov", "whitehouse")
FIELDS = ("title", "byline", "unit", "published", "dateline", "publisher", "url")
LEAST_WORDS = 8
"""Words of a line that is looked for in the body; shorter ones are labels as often as not."""

FURNITURE = {
    "af_mil": "DOWNLOAD HI-RES|PHOTO DETAILS|/ Published|Click here to view the comments"
    "|__VIEWSTATE",
    "justice": "Updated [A-Z]|Press Release Number|Component\\(s\\)|Topic\\(s\\)|Share on"
    "|FOR IMMEDIATE|Related Materials|Skip to main|Justice News$|Report a Crime",
    "state_gov": "^Office of the Spokesperson$|, Secretary of State$|Department Spokesperson$"
    "|document\\.get|data-filter",
    "whitehouse": "^ ?#(?: ?#)+ ?$|Next Post|Share this page|wp-block",
    "treasury": "Archived Content|^[A-Z]{1,3}-?\\d{2,5}$|FROM THE OFFICE OF PUBLIC|free Adobe"
    "|^REPORTS$|# ?# ?#|All media queries|-30-",
    "digitalgov": "\\{\\{[<%]|\\{:|^!\\[|legacy-img",
    "gsdf": "\\{\\{|\\{:|absolute_url|image fit|[Pp]hotos? by\\b",
    "wikinews": "^Categories:|^Sources?$|^Related news$|Have an opinion",
}
"""What is on the pages of each source and in none of its articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was taken from a page, as text; None stands for a field without a value."""

    body: str
    title: str | None = None
    byline: str | None = None
    unit: str | None = None
    published: str | None = None
    dateline: str | None = None
    publisher: str | None = None
    url: str | None = None


Reader = Callable[[Path, str], Reading | None]
Gold = dict[str, str | bool | list[str] | None]


def by_dateline(stories: Path, file: str) -> Reading | None:
    """Read the page as `dateline add` does; None where it is refused."""
    try:
        story = read_stories((stories / file).read_bytes(), file)[0]
    except CorpusError:
        return None
    return Reading(
        body=story.body,
        title=story.title,
        byline=story.byline,
        unit=story.unit,
        published=story.published_at.isoformat() if story.published_at else None,
        dateline=story.dateline,
        publisher=story.publisher,
        url=story.url,
    )


def by_trafilatura(stories: Path, file: str) -> Reading | None:
    """Read the page, or the HTML that a feed's item holds, with trafilatura's own defaults."""
    folder = file.partition("/")[0]
    page = (stories / file).read_bytes()
    markup = page[page.find(b"<") :].decode("utf-8", "replace")
    if folder in FEEDS:
        markup = f"<html><body><article>{article_of(folder, markup)}</article></body></html>"
    found = trafilatura.bare_extraction(markup, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return None
    return Reading(
        body=found.text or "",
        title=found.title,
        byline=found.author,
        published=found.date,
        publisher=found.sitename,
        url=found.url,
    )


READERS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "Dateline": (by_dateline, tuple(FURNITURE)),
    "trafilatura": (by_trafilatura, ("af_mil", "justice", *FEEDS)),
}
"""Each reader and the sources that it can read: trafilatura reads HTML."""


class Score:
    """Counts what was right in the pages of one source."""

    def __init__(self) -> None:
        self.right = Counter[str]()
        self.given = Counter[str]()
        self.invented = Counter[str]()
        self.words = self.lost = 0

    def add(self, gold: Gold, reading: Reading | None, raw: Iterable[str]) -> None:
        """Compare what was read with what the page holds."""
        if "story" in gold or reading is None:
            self.count("story or not", right=("story" in gold) == (reading is None))
            return
        self.count("story or not", right=True)
        self._compare_fields(gold, reading)
        body = squeezed(reading.body)
        self.count("body start", right=body.startswith(squeezed(str(gold["body_starts"]))))
        self.count("body end", right=body.endswith(squeezed(str(gold["body_ends"]))))
        captions = gold.get("captions")
        if isinstance(captions, list):
            leaked = any(map(has_caption(reading.body), captions))
            self.count("captions kept out", right=not leaked)
        furniture = re.compile(FURNITURE[str(gold["file"]).partition("/")[0]], re.MULTILINE)
        self.count("no furniture", right=not furniture.search(reading.body))
        self._look_for_words(article_lines(raw, gold), letters(reading.body))

    def count(self, field: str, *, right: bool) -> None:
        """Count one page's *field*."""
        self.given[field] += 1
        self.right[field] += right

    def _compare_fields(self, gold: Gold, reading: Reading) -> None:
        for field in FIELDS:
            value = getattr(reading, field)
            if gold.get(field) is None:
                self.invented[field] += field in gold and bool(value)
            elif field == "published":
                self.count(field, right=(value or "").startswith(str(gold[field])))
            else:
                self.count(field, right=squeezed(value or "") == squeezed(str(gold[field])))

    def _look_for_words(self, raw: Iterable[str], body: str) -> None:
        for line in raw:
            words = len(line.split())
            if words >= LEAST_WORDS:
                self.words += words
                self.lost += words * (letters(line) not in body)


def article_lines(raw: Iterable[str], gold: Gold) -> list[str]:
    """Return the lines from the article's first to its last, without those of captions."""
    lines = list(raw)
    first, last = letters(str(gold["body_starts"])), letters(str(gold["body_ends"]))
    starts = [number for number, line in enumerate(lines) if first in letters(line)]
    ends = [number for number, line in enumerate(lines) if last in letters(line)]
    within = lines[starts[0] if starts else 0 : ends[-1] + 1 if ends else len(lines)]
    captions = gold.get("captions")
    told = [letters(end) for end in captions] if isinstance(captions, list) else []
    return [line for line in within if not any(words in letters(line) for words in told)]


def has_caption(body: str) -> Callable[[str], bool]:
    """Return whether a caption stands in *body*; one that is only a name, as a line of its own."""
    text, lines = squeezed(body), set(map(squeezed, body.splitlines()))

    def is_leaked(end: str) -> bool:
        words = squeezed(end)
        return words in lines or (len(end) >= 40 and words in text)

    return is_leaked


def squeezed(words: str) -> str:
    """Return *words* without white space, which the formats don't agree on."""
    return re.sub(r"\s+", "", words)


def letters(words: str) -> str:
    """Return the letters and digits of *words*."""
    return re.sub(r"[\W_]+", "", html.unescape(words)).casefold()


def gold_rows() -> list[Gold]:
    """Return the hand-checked values of each page."""
    return [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


def scores(stories: Path, reader: str) -> dict[str, Score]:
    """Return what *reader* gets right, by source."""
    read, folders = READERS[reader]
    scores: dict[str, Score] = defaultdict(Score)
    for gold in gold_rows():
        file = str(gold["file"])
        folder = file.partition("/")[0]
        if reader == "trafilatura" and folder in FEEDS:
            # These stand in the feed, around the HTML that trafilatura is given.
            gold = {name: value for name, value in gold.items() if name not in FIELDS}
        if folder in folders:
            text = (stories / file).read_bytes().decode("utf-8", "replace")
            scores[folder].add(gold, read(stories, file), paragraphs_of(folder, text))
    return scores


def table(score_of: dict[str, Score]) -> str:
    """Return a Markdown table: sources down, what is right of how many across."""
    across = [field for field in FIELDS if any(s.given[field] for s in score_of.values())]
    across += ["body start", "body end", "captions kept out", "no furniture", "story or not"]
    lines = [" | ".join(["", "source", *across, "words lost", ""]).strip()]
    lines.append("|---|" + "--:|" * (len(across) + 1))
    for folder, score in score_of.items():
        cells = [f"{score.right[f]}/{score.given[f]}" if score.given[f] else "" for f in across]
        lost = f"{score.lost / score.words:.2%}" if score.words else ""
        lines.append(f"| {folder} | " + " | ".join(cells) + f" | {lost} |")
    return "\n".join(lines)


def main(stories: Path) -> None:
    """Print a table for each reader, and how often it gave a value where the page has none."""
    for reader in READERS:
        score_of = scores(stories, reader)
        click.echo(f"\n{reader}\n\n{table(score_of)}\n")
        invented = sum((score.invented for score in score_of.values()), Counter[str]())
        click.echo(f"values where the page has none: {dict(invented.most_common()) or 'none'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
