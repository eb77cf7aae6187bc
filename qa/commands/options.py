"""Options that commands share, and those of `dateline evaluate`.

What takes long to import is imported when a value is checked.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from qa.scoring.limits import Limit
    from qa.scoring.results import Run

Command = TypeVar("Command", bound=Callable[..., object])


def data_option(command: Command) -> Command:
    """Give *command* the option that says where the stories are."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder of the story store (default: $DATELINE_DATA, else ./data).",
    )(command)


def json_option(command: Command) -> Command:
    """Give *command* the option to print for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def ray_option(command: Command) -> Command:
    """Give *command* the option to have other machines encode."""
    return click.option(
        "--ray",
        metavar="ADDRESS",
        help="Encode on the Ray cluster at HOST:PORT; `auto` takes the one that this machine "
        "belongs to, `local` starts one of this machine alone.",
    )(command)


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options that narrow down which stories may answer, as *filters*."""
    day = click.DateTime(["%Y-%m-%d"])

    @click.option("--from", "from_date", type=day, help="Only stories published from this day.")
    @click.option("--to", "to_date", type=day, help="Only stories published up to this day.")
    @click.option("--publisher", help="Only stories of this publisher.")
    @click.option("--story-id", "story_ids", multiple=True, help="Only this story; repeatable.")
    @wraps(command)
    def with_filters(
        from_date: datetime | None,
        to_date: datetime | None,
        publisher: str | None,
        story_ids: tuple[str, ...],
        **others: object,
    ) -> None:
        from embeddings.index import Filters

        filters = Filters(
            from_date=from_date.date() if from_date else None,
            to_date=to_date.date() if to_date else None,
            publisher=publisher,
            story_ids=story_ids,
        )
        command(filters=filters, **others)

    return with_filters


def evaluation_options(command: Command) -> Command:
    """Give *command* the options that say what becomes of the scores."""
    written = click.Path(dir_okay=False, writable=True, path_type=Path)
    for option in (
        click.option(
            "--fail-under",
            "limits",
            callback=_limits,
            multiple=True,
            metavar="METRIC=VALUE",
            help="End with status 1 if a score is under VALUE; over it, for ece, aurc and latency. "
            "Repeatable.",
        ),
        click.option(
            "--against",
            callback=_run,
            metavar="FILE",
            help="Compare with an earlier run, as --json printed it.",
        ),
        click.option(
            "--report", type=written, metavar="FILE", help="Write the scores as an HTML page."
        ),
        click.option(
            "--misses", type=written, metavar="FILE", help="Write the wrong answers as JSON Lines."
        ),
    ):
        command = option(command)
    return command


def _run(context: click.Context, parameter: click.Parameter, file: str | None) -> "Run | None":
    if file is None:
        return None
    from qa.errors import InvalidRun
    from qa.scoring.results import read_run

    try:
        return read_run(Path(file))
    except InvalidRun as error:
        raise click.BadParameter(str(error)) from error


def _limits(
    context: click.Context, parameter: click.Parameter, written: tuple[str, ...]
) -> "tuple[Limit, ...]":
    if not written:
        return ()
    from qa.errors import InvalidLimit
    from qa.scoring.limits import limit_of

    try:
        return tuple(map(limit_of, written))
    except InvalidLimit as error:
        raise click.BadParameter(str(error)) from error
