"""One run: peers index, start and answer in turn, so that what else the machine does hits all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from shutil import rmtree
from time import perf_counter

from benchmarks.peers.legs import Leg
from benchmarks.peers.material import SEED, Material
from benchmarks.peers.process import PeerProcess
from benchmarks.peers.protocol import Message

Start = Callable[[Leg], AbstractContextManager[PeerProcess]]
Told = Callable[[str], None]
WARM_UP = 3
"""Questions that each peer answers before it is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    All questions are asked in each of *rounds*, in blocks of *block*, by each number of *clients*;
    the first of *clients* counts for how good the answers are. Each peer is started *starts* times
    and indexes *indexings* times.
    """

    rounds: int = 3
    block: int = 13
    clients: tuple[int, ...] = (1, 8)
    starts: int = 3
    indexings: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """How long a block of questions took: as a whole, and each answer."""

    clients: int
    seconds: float
    milliseconds: tuple[float, ...]

    @property
    def answers_per_s(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds


@dataclass(slots=True, kw_only=True)
class Record:
    """What was measured of a leg. Blocks stand in the same order in every leg's record."""

    leg: Leg
    passages: int = 0
    indexing_s: list[float] = field(default_factory=list)
    indexing_mb: float = 0.0
    cold_s: list[float] = field(default_factory=list)
    asking_mb: float = 0.0
    blocks: list[Block] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)


def run(
    material: Material, legs: Sequence[Leg], plan: Plan, *, start: Start, work: Path, told: Told
) -> list[Record]:
    """Measure *legs* and return a record of each; *told* hears what is being done."""
    records = [Record(leg=leg) for leg in legs]
    stories = material.write(work / "stories.jsonl")
    for _ in range(plan.indexings):
        _index(records, stories, start=start, work=work, told=told)
    questions = [gold.question for gold in material.questions]
    for _ in range(plan.starts):
        for record in records:
            told(f"starting {record.leg.name}")
            record.cold_s.append(_cold_start(start, record.leg, questions[0]))
    _ask_all(records, questions, plan, start=start, told=told)
    return records


def _ask_all(
    records: Sequence[Record], questions: Sequence[str], plan: Plan, *, start: Start, told: Told
) -> None:
    """Have every peer answer every block, all of them running."""
    with ExitStack() as running:
        peers = {record.leg: running.enter_context(start(record.leg)) for record in records}
        for peer in peers.values():
            peer.open()
            peer.ask(questions[:WARM_UP], 1)
        for number in range(plan.rounds):
            for block in blocks_of(questions, plan):
                for record in _shuffled(records, number, block):
                    told(f"round {number + 1} of {plan.rounds}: {record.leg.name}")
                    _ask(record, peers[record.leg], block, plan, keep=number == 0)
        for record in records:
            record.asking_mb = peers[record.leg].peak_mb()


def blocks_of(questions: Sequence[str], plan: Plan) -> Iterator[tuple[str, ...]]:
    """Yield *questions* in blocks; the last may be shorter."""
    for first in range(0, len(questions), plan.block):
        yield tuple(questions[first : first + plan.block])


def _index(
    records: Sequence[Record], stories: Path, *, start: Start, work: Path, told: Told
) -> None:
    """Have each index made once, and put what it took into the records of all legs that use it."""
    done: dict[str, Record] = {}
    for record in records:
        known = done.setdefault(record.leg.indexed_as, record)
        if known is record:
            told(f"indexing: {record.leg.name}")
            rmtree(work / record.leg.indexed_as, ignore_errors=True)
            with start(record.leg) as peer:
                record.passages, seconds = peer.index(stories)
                record.indexing_mb = max(record.indexing_mb, peer.peak_mb())
            record.indexing_s.append(seconds)
        else:
            record.passages, record.indexing_mb = known.passages, known.indexing_mb
            record.indexing_s.append(known.indexing_s[-1])


def _cold_start(start: Start, leg: Leg, question: str) -> float:
    """Return the seconds from nothing to the first answer out of the index on disk."""
    started = perf_counter()
    with start(leg) as peer:
        peer.open()
        peer.ask([question], 1)
        return perf_counter() - started


def _shuffled(records: Sequence[Record], number: int, questions: Sequence[str]) -> list[Record]:
    """Return *records* in an order of this block's own."""
    drawn = Random(f"{SEED} {number} {questions[0]}")  # noqa: S311 - no secret
    return drawn.sample(records, len(records))


def _ask(
    record: Record, peer: PeerProcess, questions: Sequence[str], plan: Plan, *, keep: bool
) -> None:
    """Have a block answered for each number of clients; *keep* the first replies."""
    for clients in plan.clients:
        seconds, replies = peer.ask(questions, clients)
        took = tuple(float(reply["milliseconds"]) for reply in replies)
        record.blocks.append(Block(clients, seconds, took))
        if keep and clients == plan.clients[0]:
            record.replies += replies
