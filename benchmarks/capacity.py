"""What so many passages and questions need, from unit costs: `python -m benchmarks.capacity`.

Every cost is an option, so that the table of docs/capacity.md can be made again from newer figures.
"""

from dataclasses import dataclass
from math import ceil

import click

DAY_S = 86_400
GB = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one passage and one answer cost."""

    encoded_s: float
    """Passages that one core encodes and indexes in a second."""
    stored_bytes: float
    """Bytes that a passage takes in SQLite, its share of the story and its vector included."""
    index_bytes: float
    """Bytes that a passage takes in the index, which a search reads all of."""
    answer_core_s: float
    """Seconds of a core that an answer takes without the search through vectors."""
    scanned_s: float
    """Passages whose vectors one core compares in a second, where all are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a number of passages, and of questions a second, need."""

    encoding_core_days: float
    stored_gb: float
    index_gb: float
    scan_s: float
    answering_cores: int


def need_of(passages: float, questions_s: float, costs: Costs) -> Need:
    """Return what *passages* and *questions_s* need; a core is never used beyond 60 %."""
    return Need(
        encoding_core_days=passages / costs.encoded_s / DAY_S,
        stored_gb=passages * costs.stored_bytes / GB,
        index_gb=passages * costs.index_bytes / GB,
        scan_s=passages / costs.scanned_s,
        answering_cores=ceil(questions_s * costs.answer_core_s / 0.6),
    )


def table(costs: Costs, questions_s: float) -> str:
    """Return the needs of 10**6, 10**7 and 10**8 passages as a table of Markdown."""
    rows = [
        "| passages | encoding, core-days | SQLite, GB | index, GB "
        f"| exhaustive search, s of a core | answering {questions_s:g}/s, cores |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    for exponent in (6, 7, 8):
        need = need_of(10**exponent, questions_s, costs)
        rows.append(
            f"| 10^{exponent} | {need.encoding_core_days:.1f} | {need.stored_gb:,.1f} "
            f"| {need.index_gb:,.1f} | {need.scan_s:.2f} | {need.answering_cores} |"
        )
    return "\n".join(rows)


@click.command()
@click.option("--encoded-s", default=39.5, help="Passages encoded by a core in a second.")
@click.option("--stored-bytes", default=2760.0, help="Bytes of a passage in SQLite.")
@click.option("--index-bytes", default=838.0, help="Bytes of a passage in the index.")
@click.option("--answer-core-s", default=0.5, help="Seconds of a core for an answer.")
@click.option("--scanned-s", default=12_800_000.0, help="Vectors compared by a core in a second.")
@click.option("--questions-s", default=10.0, help="Questions a second.")
def main(**given: float) -> None:
    """Print the table."""
    questions_s = given.pop("questions_s")
    print(table(Costs(**given), questions_s))


if __name__ == "__main__":
    main()
