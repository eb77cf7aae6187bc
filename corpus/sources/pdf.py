"""Press releases as PDF (extra `pdf`): their text in reading order, as pypdf finds it."""

import io
import re
import struct
import zlib
from collections import Counter
from typing import Any

from corpus.dates import written_date
from corpus.errors import NotAStory, UnreadableSource
from corpus.sources.bylines import byline_and_unit, credit_in
from corpus.sources.dateline import dateline_of
from corpus.sources.html_text import collapse
from corpus.sources.pdf_lines import paragraphs_of
from corpus.story import Story, story_id_of

_MOST_PAGES = 200
_LIMITS: dict[str, Any] = {
    # The defaults allow a minute's work for a file.
    "zlib_maximum_output_length": 4_000_000,
    "lzw_maximum_output_length": 4_000_000,
    "run_length_maximum_output_length": 4_000_000,
    "array_based_stream_maximum_output_length": 4_000_000,
    "stream_decoding_work_maximum_length": 16_000_000,
    "stream_parsing_work_maximum_count": 100_000,
    "xform_maximum_invocations_per_extraction": 50,
    "page_tree_maximum_entries": 2_000,
    "page_tree_maximum_page_entries": 20_000,
    "array_maximum_element_count": 20_000,
    "dictionary_maximum_element_count": 20_000,
}
_MOST_OPERATIONS = 150_000
"""Drawing operations in a file; a page of text has some hundreds."""

_DATE = re.compile(
    r"[A-Z][a-z]{2,8}day,? [A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
)
_NOTICE = re.compile(
    r"(?:for (?:immediate|general) release|press release|news release|media release|news|embargoed"
    r"|immediate release)\b.{0,80}|(?:media |press )?contacts?:.{0,120}"
    r"|(?:no|release|number|release no)\.?:? ?[\w-]{1,20}",
    re.I,
)
_HEAD = 12
"""Paragraphs from the top among which date, title and byline stand."""

_LEAST_WORDS = 30
_TITLE_LIMIT = 250


def is_pdf(head: bytes) -> bool:
    """Say whether the file that begins with *head* is a PDF."""
    return head.lstrip().startswith(b"%PDF-")


def read_pdf(content: bytes, source: str) -> list[Story]:
    """Return the press release.

    Its title is the one that the file names, if the text has it too, else the first line that is
    no letterhead. A day in the lines at the top is that of publication. Raises `UnreadableSource`
    where the file is damaged or encrypted, has too many pages or draws too much, and `NotAStory`
    where it holds pictures instead of text.
    """
    pages, named = _pages(content)
    paragraphs = paragraphs_of(pages)
    if sum(len(words.split()) for words in paragraphs) < _LEAST_WORDS:
        raise NotAStory("the PDF holds no text, as scans do; add the story's text")
    at = _title_at(paragraphs, named)
    title = paragraphs[at] if len(paragraphs[at]) <= _TITLE_LIMIT else named or paragraphs[at][:80]
    rest = paragraphs[at + 1 :] if title == paragraphs[at] else paragraphs[at:]
    day = next(filter(None, map(_day_in, paragraphs[: min(_HEAD, at + 3)])), None)
    credit = next(filter(None, map(credit_in, rest[:3])), None)
    body = "\n\n".join(words for words in rest if words != credit and not _is_head(words, rest))
    if len(body.split()) < _LEAST_WORDS:
        raise NotAStory("the PDF has a title but no text below it")
    byline, unit = byline_and_unit(credit or "")
    return [
        Story(
            story_id=story_id_of(f"{title}\n{body}"),
            source=source,
            title=title,
            body=body,
            byline=byline,
            unit=unit,
            dateline=dateline_of(body),
            published_at=written_date(day) if day else None,
        )
    ]


def _pages(content: bytes) -> tuple[list[str], str]:
    """Return the text of each page, and the title that the file names."""
    try:
        import pypdf
    except ImportError as exc:
        raise UnreadableSource(
            "reading PDF needs the extra `pdf`: pip install 'dateline[pdf]'"
        ) from exc
    operations = Counter[str]()

    def count(*_: object) -> None:
        operations["all"] += 1
        if operations["all"] > _MOST_OPERATIONS:
            raise pypdf.errors.LimitReachedError("it draws too much")

    try:
        with pypdf.apply_configuration(**_LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(content), root_object_recovery_limit=1_000)
            if reader.is_encrypted:
                raise UnreadableSource("the PDF is encrypted; save it without a password")
            if len(reader.pages) > _MOST_PAGES:
                raise UnreadableSource(f"the PDF has more than {_MOST_PAGES} pages; split it")
            pages = [page.extract_text(visitor_operand_before=count) for page in reader.pages]
            title = reader.metadata.title if reader.metadata else None
    except _PDF_DAMAGE as exc:
        raise UnreadableSource(f"the PDF is damaged: {exc}") from exc
    except pypdf.errors.PyPdfError as exc:
        raise UnreadableSource(f"the PDF can't be read: {exc}") from exc
    return pages, collapse(str(title or ""))


_PDF_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pypdf raises on damaged files beside its own errors; Python's own, of every kind."""


def _title_at(paragraphs: list[str], named: str) -> int:
    """Return where the title stands: where the file's own does, else the first that may be one."""
    head = paragraphs[:_HEAD]
    if named:
        for at, words in enumerate(head):
            if words.casefold() == named.casefold():
                return at
    fitting = (at for at, words in enumerate(head) if not _is_notice(words))
    return next(fitting, 0)


def _is_notice(words: str) -> bool:
    return _NOTICE.fullmatch(words) is not None or (_day_in(words) is not None and len(words) < 120)


def _is_head(words: str, rest: list[str]) -> bool:
    return words in rest[:3] and _is_notice(words)


def _day_in(words: str) -> str | None:
    found = _DATE.search(words[:120])
    return found[0] if found and written_date(found[0]) else None
