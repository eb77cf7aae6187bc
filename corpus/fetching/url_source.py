"""An address that is followed: an article, a feed, a sitemap, or an archive of pages."""

from collections.abc import Iterator
from dataclasses import replace

from corpus.errors import PageGone
from corpus.fetching.feed_items import feed_visits
from corpus.fetching.fetcher import Fetcher
from corpus.fetching.listed_pages import sitemap_visits
from corpus.fetching.run import Reach, Run, outcomes_of, text_of_page
from corpus.origins import LISTING, Origins
from corpus.sources.feed import is_feed
from corpus.sources.sitemap import is_sitemap
from corpus.visits import Visit


class UrlSource:
    """What stands at *url*, asked for again only where it may have changed.

    A page that is gone (404, 410) is told as such. That a feed or a sitemap is gone says nothing
    of its stories, and is an error.
    """

    def __init__(self, url: str, fetcher: Fetcher, origins: Origins, reach: Reach) -> None:
        self.name = url
        self._fetcher = fetcher
        self._origins = origins
        self._reach = reach

    def visits(self) -> Iterator[Visit]:
        """Yield what is new or changed; raise `FetchError` where nothing can be told of it."""
        run = Run(self.name, self._fetcher, self._origins, self._reach)
        known = run.known(self.name)
        try:
            page = run.get(self.name, known)
        except PageGone as error:
            if known is None or known.stamp == LISTING:
                raise
            yield Visit(origin=known, gone=error)
            return
        if page is None:
            if known is not None:
                yield Visit(origin=known, known=True)
            return
        origin, text = run.origin(self.name, page), text_of_page(page)
        if is_sitemap(text):
            yield from sitemap_visits(run, page, origin)
        elif is_feed(text):
            yield from feed_visits(run, page, replace(origin, stamp=LISTING))
        else:
            yield Visit(origin=origin, outcomes=outcomes_of(page, self.name))
