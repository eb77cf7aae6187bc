"""Whether the tests notice mistakes: mutmut plants one after another, and the quick tests run.

`make mutants ONLY="corpus.store.*"` prints Markdown for docs/quality.md and fails where the tests
of a module notice fewer than four fifths. The modules and the tests are those of `[tool.mutmut]` in
pyproject.toml. mutmut works in a copy of the project and keeps there what became of each mutant:
the next call goes on with those that were not tried, and tries those again that ONLY names.
"""

import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import click

COPIED = ("corpus", "embeddings", "qa", "tests", "web")

LEAST_KILLED = 0.8

KILLED = {"killed", "timeout", "segfault"}
"""A mistake that has the tests run for many times as long as they should is noticed as well."""


def killed_by_module(results: Iterable[str]) -> dict[str, Counter[bool]]:
    """Return how many mutants of each module were killed (True) and not, by mutmut's *results*.

    A line is `corpus.store.x_put__mutmut_3: survived`; mutants that were not tried don't count.
    """
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for line in results:
        mutant, _, fate = line.strip().rpartition(": ")
        if mutant and fate != "not checked":
            counts[mutant.rpartition(".")[0]][fate in KILLED] += 1
    return dict(counts)


def share_killed(count: Counter[bool]) -> float:
    """Return the share of mutants that were killed."""
    return count[True] / count.total()


def table(counts: dict[str, Counter[bool]]) -> list[str]:
    """Return *counts* as lines of Markdown."""
    everything = sum(counts.values(), Counter[bool]())
    return [
        "| module | mutants | killed | share |",
        "|---|--:|--:|--:|",
        *(
            f"| {name} | {count.total()} | {count[True]} | {share_killed(count):.1%} |"
            for name, count in [*sorted(counts.items()), ("together", everything)]
        ),
    ]


def copy_project(work: Path) -> None:
    """Bring the copy in *work* up to date; mutmut tells by times what has changed."""
    (work / "mutants").mkdir(parents=True, exist_ok=True)
    shutil.copy2("pyproject.toml", work)
    for folder in COPIED:
        shutil.rmtree(work / folder, ignore_errors=True)
        shutil.copytree(folder, work / folder, ignore=shutil.ignore_patterns("__pycache__"))
        # Of what it has copied before, mutmut renews the modules alone.
        data = shutil.ignore_patterns("__pycache__", "*.py")
        shutil.copytree(folder, work / "mutants" / folder, ignore=data, dirs_exist_ok=True)


@click.command(help=__doc__)
@click.argument("only", nargs=-1)
@click.option("--mutmut", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--work", type=click.Path(path_type=Path), required=True)
def main(only: tuple[str, ...], mutmut: Path, work: Path) -> None:
    """Try mutants, print what became of them, and fail where too many were not noticed."""
    copy_project(work)
    program = str(mutmut.resolve())
    subprocess.run([program, "run", *only], cwd=work, check=True)  # noqa: S603 - the Makefile's own
    results = subprocess.run(  # noqa: S603 - the same program
        [program, "results", "--all", "true"], cwd=work, check=True, capture_output=True, text=True
    )
    counts = killed_by_module(results.stdout.splitlines())
    print("\n".join(table(counts)))
    if weak := [name for name, count in counts.items() if share_killed(count) < LEAST_KILLED]:
        sys.exit(f"The tests notice fewer than {LEAST_KILLED:.0%} in {', '.join(weak)}")


if __name__ == "__main__":
    main()
