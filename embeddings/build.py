"""Brings vectors and an index up to date with the store."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from corpus.changes import Change
from corpus.store import StoryStore
from embeddings.encoder import Encoder
from embeddings.errors import IndexUnwritable
from embeddings.index import Entry, PassageIndex
from embeddings.passage_text import passage_text

logger = logging.getLogger(__name__)

STORIES_ENCODED = 32
"""Stories whose vectors are stored in one transaction; a crash loses no more."""

CHANGES_APPLIED = 500
"""Changes that an index commits together."""

_one_at_a_time = threading.Lock()

Progress = Callable[[int, int], None]
"""Called with the number of passages encoded so far, and of all that have to be."""

EncodePending = Callable[[StoryStore, Encoder, Progress | None], None]
"""Encodes the stories that have no vectors yet, as `encode_pending` does."""


def catch_up(
    store: StoryStore,
    index: PassageIndex,
    encoder: Encoder,
    on_progress: Progress | None = None,
    *,
    encode: EncodePending | None = None,
) -> None:
    """Encode the stories that have no vectors yet, then apply the store's changes to *index*.

    They are encoded by *encode*, which by default is `encode_pending`. Can be stopped at any moment
    and called again. Returns at once if another thread of this process is at it.
    """
    with _alone() as alone:
        if alone:
            store.set_encoder(encoder.name)
            (encode or encode_pending)(store, encoder, on_progress)
            apply_changes(store, index)


def follow(store: StoryStore, index: PassageIndex) -> None:
    """Apply to *index* what other processes have changed in the store; as `catch_up` else.

    Where the index can't be written, what it finds anyway has to do.
    """
    with _alone() as alone:
        if alone:
            try:
                apply_changes(store, index)
            except IndexUnwritable as error:
                logger.warning("%s", error)


@contextmanager
def _alone() -> Iterator[bool]:
    alone = _one_at_a_time.acquire(blocking=False)
    try:
        yield alone
    finally:
        if alone:
            _one_at_a_time.release()


def encode_pending(
    store: StoryStore, encoder: Encoder, on_progress: Progress | None = None
) -> None:
    """Encode the stories that have no vectors yet, a few at a time."""
    total, done = store.pending_count(), 0
    while pending := store.pending(STORIES_ENCODED):
        texts = [passage_text(story, passage) for story, cut in pending for passage in cut]
        vectors = encoder.encode_passages(texts)
        at = 0
        batch = []
        for story, passages in pending:
            batch.append((story, vectors[at : at + len(passages)]))
            at += len(passages)
        store.put_vectors(batch)
        done += len(texts)
        if on_progress:
            on_progress(done, max(total, done))


def apply_changes(store: StoryStore, index: PassageIndex) -> None:
    """Apply the changes that *index* lacks, in order, and commit them in batches.

    Stops early where another process is writing the index's files. Raises `IndexUnwritable`.
    """
    if index.change > store.change:
        logger.warning("The index is ahead of the store, which may be a backup: built anew.")
        index.clear()
    while changes := store.changes_since(index.change, CHANGES_APPLIED):
        for passage_ids in (step.passage_ids for step in changes if step.kind == "remove"):
            index.remove(passage_ids)
        index.add(entries(store, changes))
        started, change = index.change, changes[-1].change
        index.commit(change)
        if index.change <= started:
            return


def entries(store: StoryStore, changes: Sequence[Change]) -> list[Entry]:
    """Return the passages of the stories that *changes* add, as they are now."""
    story_ids = [step.story_id for step in changes if step.kind == "add"]
    return [
        Entry(
            passage_id=passage.passage_id,
            story_id=story.story_id,
            text=passage_text(story, passage),
            vector=vector,
            publisher=story.publisher,
            published_on=story.published_on,
        )
        for story, passage, vector in store.entries(story_ids)
    ]
