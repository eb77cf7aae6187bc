"""A sitemap's pages, newest first."""

from collections.abc import Generator, Iterator
from dataclasses import replace

from corpus.errors import (
    AddressRefused,
    CorpusError,
    FetchError,
    FetchPutOff,
    PageGone,
    RobotsForbid,
    UnknownFormat,
    UnreadableSource,
)
from corpus.fetching.fetcher import Page
from corpus.fetching.run import Enough, Run, outcomes_of, text_of_page, unpacked
from corpus.origins import LISTING, Origin
from corpus.refusal import Refusal
from corpus.sources.sitemap import Listed, is_sitemap_index, sitemap_pages
from corpus.visits import Visit

MAX_SITEMAPS = 50
"""The most sitemaps of an index that are read in one run."""

_DEEPEST = 2
"""Sitemaps below sitemaps: an index may list indexes, and these sitemaps of pages."""


def sitemap_visits(run: Run, page: Page, origin: Origin, depth: int = 0) -> Iterator[Visit]:
    """Yield the pages that are new or changed, and then the sitemap.

    The sitemap lasts, so that it is asked for only if it changed, where each of its pages has been
    read and its changes stand in it. Raises `UnreadableSource` where it is damaged.
    """
    listed = sitemap_pages(unpacked(page))
    if is_sitemap_index(text_of_page(page)):
        whole = yield from _sitemaps(run, listed, depth)
    else:
        whole = yield from _pages(run, listed)
    yield Visit(origin=replace(origin, stamp=LISTING), lasting=whole)


def _sitemaps(run: Run, listed: list[Listed], depth: int) -> Generator[Visit, None, bool]:
    if depth >= _DEEPEST:
        raise UnreadableSource("a sitemap index below a sitemap index below another is not read")
    newest = sorted(listed, key=lambda sitemap: sitemap.changed or "", reverse=True)
    whole = len(listed) <= MAX_SITEMAPS
    for sitemap in newest[:MAX_SITEMAPS]:
        known = run.known(sitemap.url)
        if known and known.digest and known.digest == sitemap.changed:
            continue
        try:
            page = run.get(sitemap.url, known)
            if page is not None:
                origin = replace(run.origin(sitemap.url, page), digest=sitemap.changed)
                yield from sitemap_visits(run, page, origin, depth + 1)
            elif known is not None:
                yield Visit(origin=replace(known, digest=sitemap.changed), known=True)
        except (FetchError, UnknownFormat, UnreadableSource) as error:
            yield _refused(run, sitemap.url, error)
        whole = whole and sitemap.changed is not None and _is_settled(run, sitemap)
    return whole


def _is_settled(run: Run, sitemap: Listed) -> bool:
    known = run.known(sitemap.url)
    return known is not None and known.digest == sitemap.changed


def _pages(run: Run, listed: list[Listed]) -> Generator[Visit, None, bool]:
    whole = all(page.changed for page in listed)
    known = {page.url: run.known(page.url) for page in listed}
    # New pages first, and of these the newest; then those that may have changed.
    newest = sorted(listed, key=lambda page: page.changed or "", reverse=True)
    for page in sorted(newest, key=lambda page: known[page.url] is not None):
        before = known[page.url]
        if before and before.stamp and before.stamp == page.changed:
            continue
        try:
            visit = _page_visit(run, page, before)
        except Enough:
            return False
        except FetchPutOff as error:
            yield _refused(run, page.url, error)
            return False
        yield visit
        whole = whole and visit.lasting
    return whole


def _page_visit(run: Run, page: Listed, before: Origin | None) -> Visit:
    try:
        found = run.ask(page.url, before)
    except (Enough, FetchPutOff):
        raise
    except PageGone as error:
        return Visit(origin=before or _unread(run, page.url), gone=error)
    except (AddressRefused, RobotsForbid) as error:
        refusal = Refusal(source=page.url, error=error)
        origin = replace(_unread(run, page.url), stamp=page.changed)
        return Visit(origin=origin, outcomes=[refusal])
    except FetchError as error:
        return _refused(run, page.url, error)
    if found is None and before is not None:
        return Visit(origin=replace(before, stamp=page.changed), known=True)
    if found is None:
        raise AssertionError("only what is known can be unchanged")
    origin = run.origin(page.url, found, page.changed)
    return Visit(origin=origin, outcomes=outcomes_of(found, page.url))


def _refused(run: Run, place: str, error: CorpusError) -> Visit:
    """Return the visit to a place that is tried again the next time."""
    refusal = Refusal(source=place, error=error)
    return Visit(origin=_unread(run, place), outcomes=[refusal], lasting=False)


def _unread(run: Run, place: str) -> Origin:
    return Origin(place=place, followed=run.followed)
