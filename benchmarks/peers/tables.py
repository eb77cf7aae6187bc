"""What was measured, as Markdown."""

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.legs import DATELINE
from benchmarks.peers.limit import Limit
from benchmarks.peers.material import Material
from benchmarks.peers.run import Record
from benchmarks.peers.scoring import Judged, judged, quality
from qa.scoring.metrics import Estimate, estimate

Sizes = dict[str, float | None]
"""The MB of each environment."""


def pages(
    records: Sequence[Record], material: Material, limit: Limit, sizes: Sizes
) -> Iterator[str]:
    """Yield the lines of every table."""
    yield (
        f"{len(material.stories):,} stories, {len(material.questions)} questions."
        f" Matrix products: {limit.gflops:.0f} GFLOP/s. Limits: {limit.answers_per_s:.1f} answers/s"
        f" ({limit.answer_gflop:.1f} GFLOP to read twelve passages),"
        f" {limit.passages_per_s:.0f} passages/s ({limit.passage_gflop:.2f} GFLOP each)."
    )
    yield from _quality(records, material)
    for clients in sorted({block.clients for record in records for block in record.blocks}):
        yield from _speed(records, limit, clients)
    yield from _cost(records, limit, sizes)


def _quality(records: Sequence[Record], material: Material) -> Iterator[str]:
    yield from _head(
        "answers",
        "F1",
        "exact match",
        "accuracy",
        "cites the story",
        "and the answer's words",
        "refused rightly",
    )
    for record in records:
        scores = quality(_judged(record, material))
        yield _row(record, *(_interval(score, 2) for score in scores.values()))


def _judged(record: Record, material: Material) -> list[Judged]:
    return [
        judged(gold, reply) for gold, reply in zip(material.questions, record.replies, strict=True)
    ]


def _speed(records: Sequence[Record], limit: Limit, clients: int) -> Iterator[str]:
    ours = next((record for record in records if record.leg == DATELINE), records[0])
    yield from _head(
        f"{clients} client{'s' * (clients > 1)}",
        "answers/s",
        "share of the limit",
        "p50 ms",
        "p95 ms",
        f"{ours.leg.name} is faster by",
    )
    for record in records:
        rates = rates_of(record, clients)
        rate = _median(rates)
        took = [
            ms for block in record.blocks if block.clients == clients for ms in block.milliseconds
        ]
        yield _row(
            record,
            _interval(rate, 2),
            f"{rate.value / limit.answers_per_s:.0%}" if rate and record.leg.same_reader else "–",
            *(_interval(_percentile(took, q), 0) for q in (50, 95)),
            _interval(_median(rates_of(ours, clients) / rates), 1),
        )


def rates_of(record: Record, clients: int) -> NDArray[np.float64]:
    """Return the answers a second of each block of so many clients."""
    return np.array([b.answers_per_s for b in record.blocks if b.clients == clients])


def _cost(records: Sequence[Record], limit: Limit, sizes: Sizes) -> Iterator[str]:
    yield from _head(
        "what it takes",
        "passages",
        "passages/s indexed",
        "share of the limit",
        "MB indexing",
        "MB answering",
        "cold start s",
        "MB installed",
    )
    for record in records:
        speed = record.passages / median(record.indexing_s)
        encodes = record.leg.retrieval != "bm25" and record.leg.same_reader
        size = sizes.get(record.leg.environment)
        yield _row(
            record,
            f"{record.passages:,}",
            f"{speed:.0f}",
            f"{speed / limit.passages_per_s:.0%}" if encodes else "–",
            f"{record.indexing_mb:.0f}",
            f"{record.asking_mb:.0f}",
            _interval(_median(np.array(record.cold_s)), 1),
            "–" if size is None else f"{size:.0f}",
        )


def _head(*names: str) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(names)} |"
    yield f"|---|{'--:|' * (len(names) - 1)}"


def _row(record: Record, *cells: str) -> str:
    return f"| {record.leg.name} | {' | '.join(cells)} |"


def _median(values: NDArray[np.float64]) -> Estimate | None:
    return estimate(values, lambda rows: float(np.median(rows)))


def _percentile(values: Sequence[float], q: int) -> Estimate | None:
    return estimate(np.array(values), lambda rows: float(np.percentile(rows, q)))


def _interval(found: Estimate | None, digits: int) -> str:
    if found is None:
        return "–"
    return f"{found.value:.{digits}f} ({found.low:.{digits}f}–{found.high:.{digits}f})"
