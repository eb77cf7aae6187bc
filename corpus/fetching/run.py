"""One run over an address that is followed: what is known, what may still be asked, what came."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.errors import CorpusError, FetchError
from corpus.fetching.fetcher import Fetcher, Page, Validators
from corpus.origins import Origin, Origins
from corpus.sources import Outcome, read_each
from corpus.sources.allowance import Allowance, read_whole
from corpus.sources.archive import is_gzip, unzipped
from corpus.sources.decode import decode


class Enough(FetchError):
    """The run has asked for as many pages as it may; the others wait for the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far an address is followed: to the pages of a feed's items, and to how many pages."""

    full_text: bool = True
    max_pages: int = 100


class Run:
    """Asks for the pages that *followed* leads to, as many as *reach* allows."""

    def __init__(self, followed: str, fetcher: Fetcher, origins: Origins, reach: Reach) -> None:
        self.followed = followed
        self.reach = reach
        self._pages_left = reach.max_pages
        self._fetcher = fetcher
        self._origins = origins

    def known(self, place: str) -> Origin | None:
        """Return what is known of *place*."""
        return self._origins.at(place)

    def get(self, place: str, known: Origin | None) -> Page | None:
        """Return what is at *place*, or None where it is what is *known*; else as `Fetcher.get`."""
        if known is None or known.missing:
            return self._fetcher.get(place)
        validators = Validators(etag=known.etag, last_modified=known.last_modified)
        return self._fetcher.get(place, validators)

    def ask(self, place: str, known: Origin | None) -> Page | None:
        """Get a page that *followed* leads to; raise `Enough` where it is one too many."""
        if self._pages_left <= 0:
            raise Enough(f"{place}: left for the next run (fetch.max_pages)")
        self._pages_left -= 1
        return self.get(place, known)

    def origin(self, place: str, page: Page, stamp: str | None = None) -> Origin:
        """Return *place* as it was when *page* was read there."""
        return Origin(
            place=place,
            followed=self.followed,
            stamp=stamp,
            etag=page.validators.etag,
            last_modified=page.validators.last_modified,
        )


def outcomes_of(page: Page, source: str) -> Iterator[Outcome]:
    """Yield the stories of *page*, each with *source*, and why others are none."""
    yield from read_each(io.BytesIO(page.content), source, url=page.url, charset=page.charset)


def unpacked(page: Page) -> bytes:
    """Return the bytes of *page*, unzipped where a sitemap or feed is stored so."""
    if not is_gzip(page.content):
        return page.content
    return read_whole(unzipped(io.BytesIO(page.content), Allowance(len(page.content))))


def text_of_page(page: Page) -> str:
    """Return the text of *page*, empty where it is none."""
    try:
        return decode(unpacked(page), page.charset)
    except CorpusError:
        return ""
