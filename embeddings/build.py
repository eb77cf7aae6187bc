"""Brings vectors and an index up to date with the store."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from corpus.changes import Change
from corpus.store import StoryStore
from embeddings.encoder import Encoder, Vectors
from embeddings.errors import IndexUnwritable
from embeddings.index import Entry, PassageIndex
from embeddings.passage_text import passage_text

logger = logging.getLogger(__name__)

STORIES_ENCODED = 128
"""Stories whose vectors are stored in one transaction; a crash loses no more.

Passages of like length are encoded together: among those of 128 stories of news 0.3 % of what is
computed is padding, among 32 0.9 %, in each story by itself 4 %.
"""

TEXTS_ENCODED = 512
"""Passages that an encoder is given at once: some seconds of work, after which progress is told."""

CHANGES_APPLIED = 500
"""Changes that an index commits together."""

_one_at_a_time = threading.Lock()

Progress = Callable[[int, int], None]
"""Called with how many passages are encoded, or changes applied, and with how many have to be."""

EncodePending = Callable[[StoryStore, Encoder, Progress | None], None]
"""Encodes the stories that have no vectors yet, as `encode_pending` does."""


def catch_up(
    store: StoryStore,
    index: PassageIndex,
    encoder: Encoder,
    on_progress: Progress | None = None,
    on_indexing: Progress | None = None,
    *,
    encode: EncodePending | None = None,
) -> None:
    """Encode the stories that have no vectors yet, then apply the store's changes to *index*.

    They are encoded by *encode*, which by default is `encode_pending`. *on_indexing* is called with
    how many changes *index* has applied. Can be stopped at any moment
    and called again. Returns at once if another thread of this process is at it.
    """
    with _alone() as alone:
        if alone:
            store.set_encoder(encoder.name)
            (encode or encode_pending)(store, encoder, on_progress)
            apply_changes(store, index, on_indexing)


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
    """Encode the stories that have no vectors yet, some at a time; what is stored is never lost."""
    total, done = store.pending_count(), 0

    def told(texts: int) -> None:
        if on_progress:
            on_progress(done + texts, max(total, done + texts))

    while pending := store.pending(STORIES_ENCODED):
        texts = [passage_text(story, passage) for story, cut in pending for passage in cut]
        vectors = _encoded(encoder, texts, told)
        at = 0
        batch = []
        for story, passages in pending:
            batch.append((story, vectors[at : at + len(passages)]))
            at += len(passages)
        store.put_vectors(batch)
        done += len(texts)


def _encoded(encoder: Encoder, texts: Sequence[str], told: Callable[[int], None]) -> Vectors:
    """Return the vectors of *texts*, which are encoded from the longest to the shortest."""
    vectors = np.empty((len(texts), encoder.dim), np.float32)
    rows = sorted(range(len(texts)), key=lambda row: len(texts[row]), reverse=True)
    for at in range(0, len(rows), TEXTS_ENCODED):
        together = rows[at : at + TEXTS_ENCODED]
        vectors[together] = encoder.encode_passages([texts[row] for row in together])
        told(at + len(together))
    return vectors


def apply_changes(
    store: StoryStore, index: PassageIndex, on_progress: Progress | None = None
) -> None:
    """Apply the changes that *index* lacks, in order, and commit them in batches.

    Stops early where another process is writing the index's files. Raises `IndexUnwritable`.
    """
    if index.change > store.change:
        logger.warning("The index is ahead of the store, which may be a backup: built anew.")
        index.clear()
    first = index.change
    while changes := store.changes_since(index.change, CHANGES_APPLIED):
        for passage_ids in (step.passage_ids for step in changes if step.kind == "remove"):
            index.remove(passage_ids)
        index.add(entries(store, changes))
        started, change = index.change, changes[-1].change
        index.commit(change)
        if on_progress:
            on_progress(index.change - first, max(store.change, index.change) - first)
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
