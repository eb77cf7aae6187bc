"""`dateline doctor`: what is not well, and what to do about it."""

import json
import sys
from pathlib import Path

import click

from qa.commands.options import data_option, json_option

MARKS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "fault": ("FAULT", "red")}


@click.command()
@data_option
@json_option
def doctor(data: Path | None, as_json: bool) -> None:
    """Look at settings, disk, models, stories, index and answers, and say what to do.

    Ends with status 1 if something doesn't work.
    """
    from dataclasses import asdict

    from qa.operations.checks import CHECKS
    from qa.operations.doctor import examine
    from qa.settings import load_settings

    settings = load_settings(data=data)
    if not settings.data.is_dir():
        raise click.ClickException(f"{settings.data} is not there; name its folder with --data.")
    findings = []
    for finding in examine(settings, CHECKS):
        findings.append(finding)
        if not as_json:
            mark, colour = MARKS[finding.verdict]
            click.echo(f"{click.style(f'{mark:<8}', fg=colour)}{finding.what:<14}{finding.says}")
            if finding.do:
                click.echo(f"{'':<22}{finding.do}")
    faulty = any(finding.verdict == "fault" for finding in findings)
    if as_json:
        click.echo(json.dumps({"well": not faulty, "findings": [*map(asdict, findings)]}))
    if faulty:
        sys.exit(1)
