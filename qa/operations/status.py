"""What the store holds, for whoever keeps it running."""

from dataclasses import asdict, dataclass
from datetime import date

from corpus.store import StoryStore
from corpus.story import Story
from qa.confidence import OperatingPoint
from qa.operations.index_status import IndexStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The store's numbers, and its *latest* stories, newest first.

    *pending* passages wait for their vectors and can't be found yet; *change* is the number of
    the last change that indexes have to follow. Answers are given from the confidence
    *answers_from* on; *held_out_right* is the share of them that was right on questions held out,
    None where somebody set another threshold than the confidence model's.
    """

    stories: int
    passages: int
    pending: int
    publishers: tuple[str, ...]
    first_date: date | None
    last_date: date | None
    encoder: str | None
    change: int
    answers_from: float
    held_out_right: float | None
    index: IndexStatus
    latest: tuple[Story, ...]


def status_of(
    store: StoryStore,
    latest: int,
    *,
    index: IndexStatus,
    point: OperatingPoint,
    threshold: float | None,
) -> Status:
    """Return what *store* holds, with its *latest* stories, its index, and where answers begin.

    That is the confidence model's *point*, unless somebody set a *threshold*.
    """
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
        answers_from=point.threshold if threshold is None else threshold,
        held_out_right=point.right if threshold is None else None,
        index=index,
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
        "index": asdict(status.index),
        "answers_from": status.answers_from,
        "held_out_right": status.held_out_right,
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
