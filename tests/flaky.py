"""Run the suite again and again, each time in another order, and count what fails at times."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

FOLDER = Path("build/flaky")
PASSED = 0


def failures(report: Path) -> Iterator[str]:
    """Yield the name of each test that failed or broke, from a report in JUnit's form."""
    for case in ET.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            yield f"{case.get('classname', '')}::{case.get('name', '')}"


def run_once(seed: int, options: Sequence[str], folder: Path) -> tuple[list[str], int]:
    """Run pytest in the order that *seed* gives; return what failed, and pytest's exit status."""
    report, log = folder / f"{seed}.xml", folder / f"{seed}.log"
    report.unlink(missing_ok=True)
    line = [sys.executable, "-m", "pytest", f"--junitxml={report}", "--random-order-bucket=module"]
    line += [f"--random-order-seed={seed}", *options]
    with log.open("wb") as out:
        status = subprocess.run(line, stdout=out, stderr=out, check=False).returncode
    return (list(failures(report)) if report.exists() else []), status


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--runs", default=20, show_default=True, help="How often.")
@click.option("--first", default=1, show_default=True, help="The seed of the first order.")
@click.option("--folder", default=FOLDER, show_default=True, type=click.Path(path_type=Path))
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def main(runs: int, first: int, folder: Path, options: Sequence[str]) -> None:
    """Run the tests RUNS times; OPTIONS go to pytest. Exits with 1 unless all passed every time."""
    folder.mkdir(parents=True, exist_ok=True)
    tally: Counter[str] = Counter()
    broken = 0
    for seed in range(first, first + runs):
        failed, status = run_once(seed, options, folder)
        tally.update(failed)
        broken += status != PASSED
        click.echo(f"order {seed}: {len(failed)} failed, pytest ended with {status}")
    for test, times in tally.most_common():
        click.echo(f"{times:3} of {runs}  {test}")
    click.echo(f"{broken} of {runs} runs did not pass, {len(tally)} tests failed at least once")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
