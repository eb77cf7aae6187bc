"""Stories that come and go, and an index on a Milvus server that has to keep up."""

import random
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from corpus.errors import StoryNotFound
from corpus.store import StoryStore
from corpus.story import Passage, Story, passage_id
from embeddings.build import catch_up
from embeddings.index import Query
from embeddings.milvus_index import MilvusIndex, MilvusOptions
from tests.fakes import HashingEncoder

ENCODER = HashingEncoder()


def put_stories(store: StoryStore, numbers: Iterable[int], edition: int = 1) -> None:
    """Store a story of one passage for each of *numbers*."""
    for number in numbers:
        text = f"Story {number} in edition {edition} is news of the town."
        story = Story(story_id=f"s{number}", source=f"s{number}", title="News", body=text)
        passage = Passage(
            passage_id=passage_id(story.story_id, 0),
            story_id=story.story_id,
            ordinal=0,
            start=0,
            end=len(text),
            text=text,
        )
        store.put([(story, [passage])])


def open_index(uri: str, store: StoryStore, folder: Path, **options: object) -> MilvusIndex:
    """Open the index of *store*; *folder* is the data folder."""
    chosen = {"uri": uri, "folder": folder / "index", "search_s": 15.0} | options
    return MilvusIndex(
        MilvusOptions(**chosen),  # type: ignore[arg-type]
        store=store.identity,
        encoder=ENCODER,
    )


def ids_in(index: MilvusIndex) -> list[int]:
    """Return the id of every passage in the index, as often as it is there."""
    [vector] = ENCODER.encode_queries(["news of the town"])
    found = [scored.passage_id for scored in index.search(Query(text="", vector=vector), 5000)]
    assert len(index) == len(found)
    return sorted(found)


def ids_of(store: StoryStore) -> list[int]:
    """Return the id of every passage that the store has vectors of."""
    return sorted(passage_id(story.story_id, 0) for story in store.stories_page(5000))


def work(uri: str, folder: Path, seed: int, rounds: int) -> None:
    """Add, change and remove stories at random, and have the index follow: one of several."""
    rng = random.Random(seed)
    store = StoryStore(folder / "stories.sqlite")
    index = open_index(uri, store, folder, patience_s=rng.choice([0.0, 5.0]))
    for _ in range(rounds):
        put_stories(store, rng.sample(range(40), 4), edition=rng.randrange(100))
        there = [story.story_id for story in store.stories_page(100)]
        for story_id in rng.sample(there, min(3, len(there))):
            try:
                store.remove(story_id)
            except StoryNotFound:
                continue
        catch_up(store, index, ENCODER)
        time.sleep(rng.random() * 0.02)


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
