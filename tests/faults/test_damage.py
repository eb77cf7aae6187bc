"""Files of the index, and the store's own, are damaged; whoever opens them next must see it.

A process of its own damages, opens and asks, so that a segmentation fault is seen as one.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus.errors import StoreDamaged
from corpus.store import StoryStore
from tests.faults.lengths import LENGTHS
from tests.faults.newsroom import Found, Step, inspected, open_index, perform, said_to, story_of
from tests.faults.processes import Tell, returned, run

logger = logging.getLogger(__name__)

STORIES = {number: number % 2 for number in range(8)}
STORED = {story.story_id: story for story in (story_of(*each) for each in STORIES.items())}
AT_ONCE = 20
"""Damages that one process does and mends."""
NO_CONTENT = {"lock", "merging.lock", ".tantivy-meta.lock", ".tantivy-writer.lock"}


def flip(content: bytes, at: int) -> bytes:
    changed = bytearray(content)
    changed[at % len(content)] ^= 1 << at % 8
    return bytes(changed)


def truncate(content: bytes, at: int) -> bytes:
    return content[: at % len(content)]


def blank(content: bytes, at: int) -> bytes:
    """Return *content* with a sector of zeros, as a disk gives for one that it lost."""
    start = at % len(content) // 512 * 512
    lost = content[start : start + 512]
    return content[:start] + bytes(len(lost)) + content[start + 512 :]


def lengthen(content: bytes, at: int) -> bytes:
    return content + content[: at % len(content) + 1]


HARMS: list[Callable[[bytes, int], bytes]] = [*[flip] * 7, truncate, blank, lengthen]


@contextmanager
def heard() -> Iterator[list[str]]:
    """Yield the warnings that are logged meanwhile."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield messages
    finally:
        logging.getLogger().removeHandler(handler)


def fill(tell: Tell, folder: Path) -> Found:
    for story in STORIES.items():
        perform(folder, Step(put=(story,)))
    perform(folder, Step(put=((100, 0),)))
    perform(folder, Step(removed=(100,)))
    return inspected(folder)


def harm_and_open(tell: Tell, folder: Path, undamaged: Found, seed: int) -> int:
    """Damage a file of the index, open it and ask, many times; return how many."""
    drawn = random.Random(seed)
    harmed = 0
    while harmed < AT_ONCE:
        every = [path for path in (folder / "index").rglob("*") if path.is_file()]
        path = drawn.choice(sorted(path for path in every if path.name not in NO_CONTENT))
        harm, at, content = drawn.choice(HARMS), drawn.getrandbits(40), path.read_bytes()
        if harm(content, at) == content:
            continue
        what = f"{harm.__name__} {path.relative_to(folder)} at {at % len(content)}"
        tell(what)
        path.write_bytes(harm(content, at))
        with heard() as warnings:
            found = inspected(folder)
        assert (found.edition, found.said) == (undamaged.edition, undamaged.said), what
        assert path.name == ".managed.json" or "built anew" in " ".join(warnings), what
        harmed += 1
    return harmed


def test_damaged_index_is_seen_and_healed_and_nothing_wrong_is_said(tmp_path: Path) -> None:
    undamaged = returned(Found, fill, tmp_path)
    done = 0
    for seed in range(-(-LENGTHS.flips // AT_ONCE)):
        ended = run(harm_and_open, tmp_path, undamaged, seed)
        assert (ended.code, ended.raised) == (0, None), (ended.told[-1:], ended.raised)
        done += len(ended.told)
    logger.info("%d damages of the index, all seen, all healed", done)


def harm_store_and_ask(tell: Tell, folder: Path, seed: int) -> Counter[str]:
    """Damage the store, open it and ask, many times; return how often what came of it."""
    drawn, path = random.Random(seed), folder / "stories.sqlite"
    intact = path.read_bytes()
    outcomes: Counter[str] = Counter()
    for _ in range(AT_ONCE):
        harm, at = drawn.choice(HARMS), drawn.getrandbits(40)
        tell(f"{harm.__name__} at {at % len(intact)}")
        for beside in folder.glob("stories.sqlite-*"):
            beside.unlink()
        path.write_bytes(harm(intact, at))
        try:
            with closing(StoryStore(path)) as store:
                index = open_index(folder)
                answers = [said_to(store, index, number) for number in sorted(STORIES)]
        except StoreDamaged:
            outcomes["told"] += 1
            continue
        outcomes["answered"] += 1
        for _, text, cited in answers:
            words = [STORED[story_id].body[start:end] for story_id, start, end, _ in cited]
            assert not cited or words[0] == text
            assert all(sha256 == STORED[story_id].sha256 for story_id, _, _, sha256 in cited)
    path.write_bytes(intact)
    return outcomes


def test_damaged_store_says_so_or_quotes_no_other_words_than_were_stored(tmp_path: Path) -> None:
    returned(Found, fill, tmp_path)
    outcomes: Counter[str] = Counter()
    for seed in range(-(-LENGTHS.flips // AT_ONCE // 3)):
        ended = run(harm_store_and_ask, tmp_path, seed)
        assert (ended.code, ended.raised) == (0, None), (ended.told[-1:], ended.raised)
        assert isinstance(ended.returned, Counter)
        outcomes += ended.returned
    logger.info("damages of the store: %s", dict(outcomes))
    assert outcomes["told"]
