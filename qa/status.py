"""What the store holds, for whoever keeps it running."""

from dataclasses import dataclass
from datetime import date

from corpus.store import StoryStore
from corpus.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The store's numbers, and its *latest* stories, newest first.

    *pending* passages wait for their vectors and can't be found yet; *change* is the number of
    the last change that indexes have to follow.
    """

    stories: int
    passages: int
    pending: int
    publishers: tuple[str, ...]
    first_date: date | None
    last_date: date | None
    encoder: str | None
    change: int
    latest: tuple[Story, ...]


def status_of(store: StoryStore, latest: int) -> Status:
    """Return what *store* holds, with its *latest* stories."""
    first_date, last_date = store.date_range()
    return Status(
        stories=store.count(),
        passages=store.passage_count(),
        pending=store.pending_count(),
        publishers=tuple(store.publishers()),
        first_date=first_date,
        last_date=last_date,
        encoder=store.encoder,
        change=store.change,
        latest=tuple(store.stories_page(latest, 0)),
    )


def status_json(status: Status) -> dict[str, object]:
    """Return *status* as it is printed for programs."""
    return {
        "stories": status.stories,
        "passages": status.passages,
        "pending": status.pending,
        "publishers": list(status.publishers),
        "first_date": status.first_date.isoformat() if status.first_date else None,
        "last_date": status.last_date.isoformat() if status.last_date else None,
        "encoder": status.encoder,
        "change": status.change,
        "latest": [_story_json(story) for story in status.latest],
    }


def _story_json(story: Story) -> dict[str, object]:
    return {
        "story_id": story.story_id,
        "title": story.title,
        "publisher": story.publisher,
        "published": story.published_at.isoformat() if story.published_at else None,
        "source": story.source,
    }
