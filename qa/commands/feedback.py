"""`dateline feedback`: what people thought of answers, counted or written as a gold file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.commands.options import data_option, json_option

if TYPE_CHECKING:
    from qa.operations.feedback import FeedbackReport


@click.command()
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.jsonl",
    help="Write it as a gold file for a person to review and `dateline evaluate` to read.",
)
@click.option("--clear", is_flag=True, help="Forget it, once it is written.")
@click.option("--yes", is_flag=True, help="Forget without asking back.")
@data_option
@json_option
def feedback(*, to: Path | None, clear: bool, yes: bool, data: Path | None, as_json: bool) -> None:
    """Tell what people thought of answers, or write it as a gold file."""
    from qa.operations.feedback import report_json, run
    from qa.settings import load_settings

    def confirmed(question: str) -> bool:
        return yes or click.confirm(question, err=True)

    report = run(load_settings(data=data), to=to, clear=clear, confirmed=confirmed)
    if as_json:
        click.echo(json.dumps(report_json(report)))
    else:
        _show(report)


def _show(report: "FeedbackReport") -> None:
    """Print how many votes there are of each kind, and what became of them."""
    from rich.text import Text

    from qa.commands.output import console, shown
    from qa.operations.feedback import counted, report_json

    out = console()
    if not report.feedback:
        out.print("No feedback yet.")
        return
    printed = report_json(report)
    for name in ("answers", "sources", "complaints"):
        counts = printed[name]
        if isinstance(counts, dict) and any(counts.values()):
            told = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items())
            out.print(Text.assemble((f"{name:<11}", "bold"), told))
    if report.file:
        out.print(f"{counted(report.lines, 'question')} written to {shown(str(report.file))}.")
    if report.to_review:
        out.print(
            f"{report.to_review} to be reviewed: give `answers` and `files`, or say "
            "`is_impossible`, and set `done` in `review` to true."
        )
    if report.forgotten:
        out.print(f"{counted(report.forgotten, 'vote')} forgotten.")
