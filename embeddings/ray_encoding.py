"""Encodes passages on the machines of a Ray cluster, and stores what comes back.

The stories stay where they are: texts go out in blocks, and vectors, 1.5 KB a passage, come back
to the process that has the store. It alone writes, so that nothing is written twice or by halves
whatever becomes of the machines that encode.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.store import StoryStore
from corpus.story import Passage, Story
from embeddings.build import STORIES_ENCODED, Progress
from embeddings.encoder import Encoder, Vectors
from embeddings.errors import ClusterFailed, EncodersDiffer
from embeddings.passage_text import encodable, passage_text
from embeddings.ray_cluster import connected, cores

logger = logging.getLogger(__name__)

BLOCK_PASSAGES = 256
"""Passages that are sent, encoded and lost together: some seconds of a core."""

STORIES_A_CORE = 256
"""Stories sent out in a round, a core: a minute of work or more for some seconds of starting."""

ROUND_STORIES = 16_384
"""The most that are sent out in a round: their texts and vectors take some 500 MB."""

Block = dict[str, NDArray[Any]]
OpenEncoder = Callable[[], Encoder]
"""Opens an encoder, wherever it is called; it is sent to other machines by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RayEncoding:
    """Takes the place of `encode_pending`, with as many encoders as the cluster has cores.

    Can be stopped at any moment and called again: what was stored is not encoded again.
    """

    address: str
    open_encoder: OpenEncoder
    block_passages: int = BLOCK_PASSAGES

    def __call__(
        self, store: StoryStore, encoder: Encoder, on_progress: Progress | None = None
    ) -> None:
        """Encode the stories that have no vectors yet.

        Raises `ClusterUnreachable`, `ClusterFailed`, `MissingExtra`, or `EncodersDiffer` if a
        machine has another encoder than *encoder*.
        """
        if not store.pending(1):
            return
        total, done = store.pending_count(), 0
        with connected(self.address):
            workers = cores()
            stories = min(ROUND_STORIES, STORIES_A_CORE * workers)
            while pending := store.pending(stories):
                waiting = Waiting(store, pending)
                for block in self._encoded(waiting.blocks(self.block_passages), workers):
                    check_encoder(block, encoder.name)
                    logger.info("%s encoded %d passages", block["machine"][0], len(block["vector"]))
                    done += waiting.take(block["passage_id"].tolist(), block["vector"])
                    if on_progress:
                        on_progress(done, max(total, done))
                waiting.finish()

    def _encoded(self, blocks: Sequence[Block], workers: int) -> Iterator[Block]:
        """Yield the encoded *blocks* in any order, each once.

        Ray Data spreads the encoders over the machines, which Ray itself wouldn't, and sends a
        block that is lost with its machine to another.
        """
        import pyarrow as pa
        import ray.data
        from ray.exceptions import RayError

        if not blocks:
            return
        encoded = ray.data.from_arrow([pa.table(block) for block in blocks]).map_batches(
            _BlockEncoder,
            fn_constructor_args=(self.open_encoder,),
            batch_size=None,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers, initial_size=workers),
            num_cpus=1,
        )
        try:
            yield from encoded.iter_batches(batch_size=None, batch_format="numpy")
        except RayError as error:
            raise ClusterFailed(_reason(error)) from error


class Waiting:
    """Stories whose passages are being encoded, in whatever order the vectors arrive."""

    def __init__(
        self, store: StoryStore, pending: Sequence[tuple[Story, Sequence[Passage]]]
    ) -> None:
        self._store = store
        self._pending = {story.story_id: (story, passages) for story, passages in pending}
        self._story_of = {
            passage.passage_id: story.story_id
            for story, passages in pending
            for passage in passages
        }
        self._vectors: dict[int, Vectors] = {}
        self._missing = {story.story_id: len(passages) for story, passages in pending}
        self._complete = [story_id for story_id, missing in self._missing.items() if not missing]

    def blocks(self, size: int) -> list[Block]:
        """Return what is to be encoded, *size* passages a block: columns of ids and texts."""
        rows = [
            (passage.passage_id, encodable(passage_text(story, passage)))
            for story, passages in self._pending.values()
            for passage in passages
        ]
        return [
            {
                "passage_id": np.array([passage_id for passage_id, _ in part], np.int64),
                "text": np.array([text for _, text in part], object),
            }
            for part in (rows[at : at + size] for at in range(0, len(rows), size))
        ]

    def take(self, passage_ids: Sequence[int], vectors: Vectors) -> int:
        """Take vectors in, store the stories that are complete; return how many were awaited.

        One that comes again is passed over.
        """
        awaited = 0
        for passage_id, vector in zip(passage_ids, vectors, strict=True):
            story_id = self._story_of.pop(passage_id, None)
            if story_id is None:
                continue
            awaited += 1
            self._vectors[passage_id] = vector
            self._missing[story_id] -= 1
            if not self._missing[story_id]:
                self._complete.append(story_id)
        if len(self._complete) >= STORIES_ENCODED:
            self._write()
        return awaited

    def finish(self) -> None:
        """Store the rest; raise `ClusterFailed` if not every passage has come back."""
        self._write()
        if self._story_of:
            raise ClusterFailed(f"{len(self._story_of):,} passages did not come back")

    def _write(self) -> None:
        batch = []
        for story_id in self._complete:
            story, passages = self._pending.pop(story_id)
            rows = [self._vectors.pop(passage.passage_id) for passage in passages]
            batch.append((story, np.array(rows, np.float32)))
        self._store.put_vectors(batch)
        self._complete = []


def check_encoder(block: Block, name: str) -> None:
    """Raise `EncodersDiffer` unless *block* was made by the encoder that is called *name*."""
    for other, machine in zip(block["encoder"], block["machine"], strict=True):
        if other != name:
            raise EncodersDiffer(machine=machine, other=other, name=name)


def _reason(error: Exception) -> str:
    """Return the last line of *error*, which names what was raised at the other machine."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


class _BlockEncoder:
    """An encoder in a process of its own, on one of the cluster's machines."""

    def __init__(self, open_encoder: OpenEncoder) -> None:
        import ray.util

        self._encoder = open_encoder()
        self._machine = ray.util.get_node_ip_address()

    def __call__(self, block: Block) -> Block:
        """Return the vectors of the texts in *block*, and who made them."""
        rows = len(block["passage_id"])
        return {
            "passage_id": block["passage_id"],
            "vector": self._encoder.encode_passages(block["text"].tolist()),
            "encoder": np.full(rows, self._encoder.name),
            "machine": np.full(rows, self._machine),
        }
