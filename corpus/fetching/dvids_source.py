"""A search in the DVIDS API that is followed: news assets, newest first.

As clients of it do (there was no server to try it on): `GET /search` lists assets, at most 50 a
page, `GET /asset` gives one. A description that is only a lead is completed from the story's page,
where its host is allowed. The key is a parameter of the query, so it is sent, but never part of an
address that is shown, logged or kept.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from corpus.errors import (
    AddressRefused,
    FetchError,
    FetchFailed,
    FetchPutOff,
    PageGone,
    RobotsForbid,
)
from corpus.fetching.feed_items import completed, is_lead
from corpus.fetching.fetcher import Fetcher, Page
from corpus.fetching.run import Reach, outcomes_of
from corpus.origins import Origin, Origins
from corpus.refusal import Refusal
from corpus.story import Story
from corpus.visits import Visit

PREFIX = "dvids:"
PAGE_SIZE = 50
"""The most results that the API gives at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DvidsAccess:
    """Where the API is, and the key that it wants."""

    url: str = "https://api.dvidshub.net"
    key: str = field(repr=False)


class DvidsSource:
    """The news that the DVIDS API finds for *query*; an empty one finds all."""

    def __init__(
        self, query: str, access: DvidsAccess, fetcher: Fetcher, origins: Origins, reach: Reach
    ) -> None:
        self.name = f"{PREFIX}{query}"
        self._query = query
        self._access = access
        self._fetcher = fetcher
        self._origins = origins
        self._reach = reach

    def visits(self) -> Iterator[Visit]:
        """Yield news that is new or was changed since it was read.

        Raises `FetchFailed` where the search can't be read, and `FetchPutOff` where the key has
        been used too often.
        """
        asked = self._reach.max_pages
        for result in self._results():
            asset_id = str(result.get("id", ""))
            stamp = _stamp(result)
            place = f"{self._access.url}/asset?id={asset_id}"
            known = self._origins.at(place)
            if not asset_id or (known and known.stamp == stamp and not known.missing):
                continue
            if not asked:
                return
            asked -= 1
            origin = Origin(place=place, followed=self.name, stamp=stamp)
            yield self._asset(asset_id, origin, known)

    def _asset(self, asset_id: str, origin: Origin, known: Origin | None) -> Visit:
        try:
            page = self._call("asset", {"id": asset_id})
        except PageGone as error:
            return Visit(origin=known or origin, gone=error)
        except FetchPutOff:
            raise
        except FetchError as error:
            refusal = Refusal(source=origin.place, error=error)
            return Visit(origin=origin, outcomes=[refusal], lasting=False)
        # An asset's own address goes before that of the API.
        outcomes = list(outcomes_of(replace(page, url=""), origin.place))
        whole = True
        for at, outcome in enumerate(outcomes):
            if isinstance(outcome, Story) and is_lead(outcome, self._reach):
                outcomes[at], whole = self._with_page(outcome)
        return Visit(origin=origin, outcomes=outcomes, lasting=whole)

    def _with_page(self, story: Story) -> tuple[Story, bool]:
        """Return *story* as its own page has it, and whether nothing is left to be tried."""
        try:
            page = self._fetcher.get(story.url or "")
        except FetchError as error:
            return story, isinstance(error, AddressRefused | PageGone | RobotsForbid)
        return (completed(story, page) if page else story), True

    def _results(self) -> Iterator[Mapping[str, object]]:
        """Yield what the search finds, page by page, newest first."""
        wanted = {"type": "news", "sort": "publishdate", "sortdir": "desc"}
        wanted |= {"q": self._query} if self._query else {}
        for number in range(1, 1 + -(-self._reach.max_pages // PAGE_SIZE) * 2):
            page = self._call(
                "search", wanted | {"max_results": str(PAGE_SIZE), "page": str(number)}
            )
            results = _results_in(page)
            yield from results
            if len(results) < PAGE_SIZE:
                return

    def _call(self, what: str, query: Mapping[str, str]) -> Page:
        key = {"api_key": self._access.key}
        return self._fetcher.call(f"{self._access.url}/{what}", query, key)


def _stamp(result: Mapping[str, object]) -> str:
    """Return what tells that an asset was changed, by all names that the API has for it."""
    names = ("timestamp", "date_published", "publishdate", "date", "title")
    return json.dumps([result.get(name) for name in names])


def _results_in(page: Page) -> list[Mapping[str, object]]:
    try:
        results = json.loads(page.content)["results"] or []
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchFailed(f"{page.url}: this is no answer of the DVIDS API") from error
    if not isinstance(results, list):
        raise FetchFailed(f"{page.url}: this is no answer of the DVIDS API")
    return [result for result in results if isinstance(result, dict)]
