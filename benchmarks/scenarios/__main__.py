"""`python -m benchmarks.scenarios SCENARIO`, or `make load SCENARIO=…`: run one, and judge it."""

import json
import os
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.load import questions_of
from benchmarks.scenarios.judging import Figure, Run
from benchmarks.scenarios.running import LOCUST, Length, LoadFailed, run
from benchmarks.scenarios.scenarios import SCENARIOS


@click.command()
@click.argument("name", metavar="SCENARIO", type=click.Choice([*SCENARIOS]))
@click.option("--data", type=click.Path(path_type=Path), default="data", show_default=True)
@click.option("--gold", type=click.Path(path_type=Path), multiple=True, metavar="GOLD.jsonl")
@click.option("--minutes", type=click.FloatRange(0.1), help="How long it takes.")
@click.option("--times", type=click.IntRange(1), help="How many swaps, reloads or kills.")
@click.option("--to", type=click.Path(path_type=Path), help="Folder of what is measured.")
def main(
    name: str,
    data: Path,
    gold: tuple[Path, ...],
    minutes: float | None,
    times: int | None,
    to: Path | None,
) -> None:
    """Put a server through SCENARIO, print what came of it, and fail where that is too little."""
    if not LOCUST.exists():
        raise click.ClickException(f"There is no {LOCUST}: `make load SCENARIO={name}` makes it.")
    scenario = SCENARIOS[name]
    folder = (to or Path("build") / "scenarios" / name).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    questions = questions_of(data, gold)
    if not questions:
        raise click.ClickException("There is nothing to ask: add stories, or give --gold.")
    if name == "swaps":  # what is in the folder stays as it is
        data = Path(shutil.copytree(data, folder / "data"))
    seconds = 60 * (minutes or scenario.minutes)
    length = Length(
        seconds=seconds,
        measuring_s=min(20.0, seconds / 4),
        every_s=min(10.0, seconds / 40),
        times=times or scenario.times,
    )
    try:
        capacity, came = run(scenario, data, questions, folder, length)
    except LoadFailed as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    click.echo(f"{name}, {seconds:.0f} s, {len(questions)} questions, {capacity:.1f} answers/s")
    figures = scenario.judge(came)
    _tell(came, figures)
    told = {figure.name: figure.value for figure in figures}
    (folder / "figures.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    if not all(figure.met for figure in figures):
        raise SystemExit(1)


def _tell(came: Run, figures: Sequence[Figure]) -> None:
    for stage in came.stages:
        click.echo(f"  {stage.name}: {stage.per_second:.1f} questions/s for {stage.seconds:.0f} s")
    for figure in figures:
        click.echo(figure.line())
    for error, count in came.replies.wrong.most_common():
        click.echo(f"  {count} x {error}")


if __name__ == "__main__":
    main()
