"""Bytes in, stories out: the format is chosen by what the bytes hold."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import BinaryIO, TypeAlias

from corpus.errors import CorpusError, NotAStory, UnknownFormat, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources.afpims_text import is_afpims_text, read_afpims_text
from corpus.sources.allowance import Allowance, read_whole
from corpus.sources.archive import (
    Member,
    is_gzip,
    is_tar,
    is_zip,
    refuse_other_archives,
    tar_members,
    unzipped,
    zip_members,
)
from corpus.sources.decode import decode
from corpus.sources.dvids_text import is_dvids_text, read_dvids_text
from corpus.sources.feed import is_feed, read_feed
from corpus.sources.gum_xml import is_gum_xml, read_gum_xml
from corpus.sources.html_page import is_html, read_html_page
from corpus.sources.json_stories import is_json, read_json
from corpus.sources.markdown import is_markdown, read_markdown
from corpus.sources.pdf import is_pdf, read_pdf
from corpus.sources.plain_text import read_plain_text
from corpus.sources.sitemap import is_sitemap, read_sitemap
from corpus.sources.text_lines import check_length
from corpus.sources.warc import Capture, captures, is_warc
from corpus.sources.xml_root import root_name
from corpus.story import Story, story_id_of

Outcome: TypeAlias = Story | Refusal

_MARKUP = (
    (is_sitemap, read_sitemap),
    (is_feed, read_feed),
    (is_gum_xml, read_gum_xml),
    (is_html, read_html_page),
    (is_json, read_json),
)
_TEXTS = (
    (is_markdown, read_markdown),
    (is_dvids_text, read_dvids_text),
    (is_afpims_text, read_afpims_text),
    (lambda _: True, read_plain_text),
)
_HEAD = 512
"""Bytes that tell an archive, a WARC and a PDF from text."""

_DEEPEST = 2
"""Archives in archives: one in another is read, a third is not."""


def read_stories(
    content: bytes, source: str, *, url: str | None = None, charset: str | None = None
) -> list[Story]:
    """Return the stories in *content*, each with *source* as where it was read.

    *url* is where a page was fetched that doesn't say so itself, *charset* what came with it. The
    stories are never empty: title and body hold words. Raises `UnreadableSource` where the bytes
    can't be read, `UnknownFormat` where they are in no format that Dateline reads and
    `NotAStory` where they hold something else than news.
    """
    place = _Place(source=source, url=url, charset=charset)
    outcomes = list(_read(io.BytesIO(content), place, Allowance(len(content)), depth=0))
    stories = [outcome for outcome in outcomes if isinstance(outcome, Story)]
    refused = [outcome.error for outcome in outcomes if isinstance(outcome, Refusal)]
    if not stories:
        raise refused[0] if refused else NotAStory("the file holds no stories")
    return stories


def read_each(
    stream: BinaryIO, source: str, *, url: str | None = None, charset: str | None = None
) -> Iterator[Outcome]:
    """Yield every story in the open file *stream*, and what gave none with the reason.

    An archive, a WARC or JSON Lines may hold any number of them; no more than one member is in
    memory at a time. *url* and *charset* are as in `read_stories`. Raises nothing but `OSError`.
    """
    packed = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    place = _Place(source=source, url=url, charset=charset)
    yield from _read(stream, place, Allowance(packed), depth=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where bytes stand, and what came with them."""

    source: str
    url: str | None = None
    charset: str | None = None


def _read(stream: BinaryIO, place: _Place, allowance: Allowance, depth: int) -> Iterator[Outcome]:
    found = False
    try:
        for outcome in _outcomes(stream, place, allowance, depth):
            found = True
            yield _checked(outcome)
        if not found:
            raise NotAStory("the archive holds no stories")
    except CorpusError as error:
        yield Refusal(source=place.source, error=error)


def _outcomes(
    stream: BinaryIO, place: _Place, allowance: Allowance, depth: int
) -> Iterator[Outcome]:
    head = _head(stream)
    if is_gzip(head):
        stream = unzipped(stream, allowance)
        head = _head(stream)
        if is_gzip(head):
            raise UnreadableSource("gzipped twice; unpack it once")
        if is_zip(head):
            stream = io.BytesIO(read_whole(stream))
    if is_zip(head) or is_tar(head) or is_warc(head):
        if depth >= _DEEPEST:
            raise UnreadableSource("an archive in an archive in an archive; unpack it")
        yield from _members(head, stream, place.source, allowance, depth)
    else:
        refuse_other_archives(head)
        yield from _stories(read_whole(stream), place)


def _members(
    head: bytes, stream: BinaryIO, source: str, allowance: Allowance, depth: int
) -> Iterator[Outcome]:
    members: Iterator[Member | Capture | Refusal]
    if is_warc(head):
        members = captures(stream, source, allowance)
    elif is_zip(head):
        members = zip_members(stream, source, allowance)
    else:
        members = tar_members(stream, source, allowance)
    for member in members:
        if isinstance(member, Refusal):
            yield member
            continue
        place = _Place(source=member.source)
        if isinstance(member, Capture):
            place = _Place(source=member.source, url=member.url, charset=member.charset)
        yield from _read(io.BytesIO(member.content), place, allowance, depth + 1)


def _stories(content: bytes, place: _Place) -> Iterable[Outcome]:
    """Return what the page, text or feed holds."""
    if is_pdf(content[:_HEAD]):
        outcomes: Iterable[Outcome] = read_pdf(content, place.source)
    else:
        text = decode(content, place.charset)
        outcomes = _read_text(text, place.source)
    if place.url:
        # A feed's items have addresses of their own, and never the feed's.
        outcomes = list(outcomes)
        return [_at(outcomes[0], place.url)] if len(outcomes) == 1 else outcomes
    return outcomes


def _read_text(text: str, source: str) -> Iterable[Outcome]:
    for looks_like, read in _MARKUP:
        if looks_like(text):
            return read(text, source)
    _refuse_other_formats(text)
    check_length(text)
    return next(read(text, source) for looks_like, read in _TEXTS if looks_like(text))


def _at(outcome: Outcome, url: str) -> Outcome:
    """Return the story with *url* as its address, if it has none of its own."""
    if isinstance(outcome, Refusal) or outcome.url or not url.startswith(("http://", "https://")):
        return outcome
    named_by_words = outcome.story_id == story_id_of(f"{outcome.title}\n{outcome.body}")
    story_id = story_id_of(url) if named_by_words else outcome.story_id
    return replace(outcome, url=url, story_id=story_id)


def _checked(outcome: Outcome) -> Outcome:
    """Refuse a story without words, and one that can't be kept: UTF-8 has no half characters."""
    if isinstance(outcome, Story):
        if not (outcome.title.strip() and outcome.body.strip()):
            error = NotAStory("the page has no text" if outcome.title.strip() else "no title")
            return Refusal(source=outcome.source, error=error)
        try:
            for field in fields(outcome):
                value = getattr(outcome, field.name)
                ("".join(value) if isinstance(value, tuple) else str(value)).encode()
        except UnicodeEncodeError:
            error = NotAStory("holds half a surrogate pair, which is no character")
            return Refusal(source=outcome.source, error=error)
    return outcome


def _head(stream: BinaryIO) -> bytes:
    if isinstance(stream, io.BufferedReader) and not stream.seekable():
        return stream.peek(_HEAD)[:_HEAD]
    head = stream.read(_HEAD)
    stream.seek(0)
    return head


def _refuse_other_formats(text: str) -> None:
    if text.lstrip().startswith(("<?", "<!")) or root_name(text):
        raise UnknownFormat(
            f"XML whose root is <{root_name(text)}> is neither a feed nor a news page"
        )
    if text.startswith("{\\rtf"):
        raise UnknownFormat("RTF is not read; save the story as text, HTML or PDF")
