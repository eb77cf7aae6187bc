"""Dateline beside its peers, in one run: `make bench-peers`, or `python -m benchmarks.peers`.

Prints Markdown for docs/benchmarks-peers.md. The peers' environments are made by `make`.
"""

import json
import os
import platform
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.peers.legs import DATELINE, LEGS, Leg
from benchmarks.peers.limit import Limit, measured
from benchmarks.peers.material import Material, collect
from benchmarks.peers.process import THREADS, PeerFailed, PeerProcess
from benchmarks.peers.run import Plan, Record, run
from benchmarks.peers.sizes import installed_mb
from benchmarks.peers.tables import pages
from qa.commands.stories import BUNDLED
from qa.errors import QAError

GOLD = Path(__file__).parents[2] / "tests" / "gold"
FOLDER = click.Path(path_type=Path, exists=True)


@click.command()
@click.option("--stories", multiple=True, type=FOLDER, help="Stories; else the project's own.")
@click.option("--gold", multiple=True, type=FOLDER, help="Questions; else the project's own.")
@click.option("--passages", type=int, help="Take about so many passages of the stories.")
@click.option("--questions", type=int, help="Ask so many of the questions.")
@click.option("--reader", type=FOLDER, required=True, help="The reader in Hugging Face form.")
@click.option("--environments", type=Path, default=Path("build/peers"), show_default=True)
@click.option("--leg", "names", multiple=True, help="Measure these legs alone, by their names.")
@click.option("--rounds", type=int, default=3, show_default=True)
@click.option("--starts", type=int, default=3, show_default=True)
@click.option("--work", type=Path, help="Keep what the peers write here.")
@click.option("--to", type=click.Path(path_type=Path), help="Write all that was measured as JSON.")
def main(
    stories: tuple[Path, ...],
    gold: tuple[Path, ...],
    passages: int | None,
    questions: int | None,
    reader: Path,
    environments: Path,
    names: tuple[str, ...],
    rounds: int,
    starts: int,
    work: Path | None,
    to: Path | None,
) -> None:
    """Measure Dateline and its peers on the same stories and questions."""
    two_cores()
    environments, reader = environments.absolute(), reader.absolute()
    legs = chosen(names, environments)
    material = collect(
        stories or (BUNDLED, GOLD / "stories"), gold or (GOLD / "questions.jsonl",), passages
    )
    material = replace(material, questions=material.questions[:questions])
    limit = measured(material, reader, THREADS)
    with ExitStack() as stack:
        folder = (work or Path(stack.enter_context(TemporaryDirectory()))).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        start = partial(PeerProcess, environments=environments, work=folder, reader=reader)
        try:
            records = run(
                material,
                legs,
                Plan(rounds=rounds, starts=starts),
                start=start,
                work=folder,
                told=partial(click.echo, err=True),
            )
        except (PeerFailed, FileNotFoundError, QAError) as error:
            raise click.ClickException(str(error)) from error
    sizes = {leg.environment: installed_mb(environments, leg.environment) for leg in LEGS}
    click.echo(f"{platform.platform()}, {processor()}, Python {platform.python_version()}")
    click.echo("\n".join(pages(records, material, limit, sizes)))
    if to:
        to.write_text(json.dumps(as_json(records, material, limit), indent=1), "utf-8")


def chosen(names: Sequence[str], environments: Path) -> list[Leg]:
    """Return the legs of *names*, or all.

    Dateline runs in the environment of the benchmark where it has none of its own.
    """
    unknown = set(names) - {leg.name for leg in LEGS}
    if unknown:
        known = "; ".join(leg.name for leg in LEGS)
        raise click.BadParameter(
            f"no leg is called {', '.join(sorted(unknown))}; there are {known}"
        )
    legs = [leg for leg in LEGS if not names or leg.name in names]
    if not (environments / DATELINE.environment).exists():
        return [replace(leg, environment="") if leg == DATELINE else leg for leg in legs]
    return legs


def two_cores() -> None:
    """Keep this process and its peers on the same two cores, where the system lets them be told."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])


def processor() -> str:
    """Return the processor's name and the load when the run ended."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = f", load {os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{names[0] if names else platform.processor()}, {THREADS} threads{load}"


def as_json(records: Sequence[Record], material: Material, limit: Limit) -> dict[str, object]:
    """Return all that was measured, and what was answered, as JSON values."""
    return {
        "limit": asdict(limit),
        "questions": [question.model_dump(mode="json") for question in material.questions],
        "legs": [asdict(record) for record in records],
    }


if __name__ == "__main__":
    main()
