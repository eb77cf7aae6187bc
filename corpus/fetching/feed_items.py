"""A feed's items: those that give only a lead are read on their own pages."""

from collections.abc import Generator, Iterator
from dataclasses import replace

from corpus.errors import AddressRefused, FetchError, PageGone, RobotsForbid
from corpus.fetching.fetcher import Page
from corpus.fetching.run import Reach, Run, outcomes_of
from corpus.origins import Origin
from corpus.refusal import Refusal
from corpus.sources import Outcome
from corpus.story import Story, story_id_of
from corpus.visits import Visit

LEAD_WORDS = 150
"""An item with fewer words than this may be the lead of a longer text."""


def feed_visits(run: Run, feed: Page, origin: Origin) -> Iterator[Visit]:
    """Yield the pages of items that are new or changed, and then the feed with its other items."""
    rest: list[Outcome] = []
    whole = True
    for outcome in outcomes_of(feed, origin.place):
        if isinstance(outcome, Refusal) or not is_lead(outcome, run.reach):
            rest.append(outcome)
        else:
            whole = (yield from _item_visits(run, outcome, rest)) and whole
    yield Visit(origin=origin, outcomes=rest, lasting=whole)


def is_lead(item: Story, reach: Reach) -> bool:
    """Say whether the page of *item* may say more than *item*, and is to be read."""
    return reach.full_text and item.url is not None and len(item.body.split()) < LEAD_WORDS


def _item_visits(run: Run, item: Story, rest: list[Outcome]) -> Generator[Visit, None, bool]:
    """Yield the visit to the page of *item*, or put it among the *rest*.

    Returns whether nothing is left to be tried. The page is asked for when the item is new in the
    feed or has changed there. Once the page was read, the item itself never takes its place.
    """
    place = item.url or ""
    stamp = story_id_of(f"{item.title}\n{item.body}\n{item.published_at}")
    known = run.known(place)
    if known and (known.stamp == stamp or known.missing):
        return True
    try:
        page = run.ask(place, known)
    except FetchError as error:
        if not known:
            gone = isinstance(error, PageGone)
            rest.append(Refusal(source=place, error=error) if gone else item)
        elif isinstance(error, PageGone):
            yield Visit(origin=known, gone=error)
        return isinstance(error, AddressRefused | PageGone | RobotsForbid)
    if page is not None:
        origin = run.origin(place, page, stamp)
        yield Visit(origin=origin, outcomes=[completed(item, page)])
    elif known:
        yield Visit(origin=replace(known, stamp=stamp), known=True)
    return True


def completed(item: Story, page: Page) -> Story:
    """Return the story of *page* as that of *item*, or *item* where the page says less.

    It keeps the item's id, so that it is the same story whether its page could be read or not.
    """
    stories = [found for found in outcomes_of(page, item.source) if isinstance(found, Story)]
    if len(stories) != 1 or len(stories[0].body.split()) < len(item.body.split()):
        return item
    [story] = stories
    return replace(
        story,
        story_id=item.story_id,
        title=item.title,
        url=story.url or item.url,
        byline=story.byline or item.byline,
        publisher=item.publisher or story.publisher,
        published_at=story.published_at or item.published_at,
        tags=story.tags or item.tags,
    )
