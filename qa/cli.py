"""The `dateline` command: each subcommand parses, assembles, calls and prints."""

import json
import logging
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.errors import QAError

# What takes long to import is imported by the commands that use it.
if TYPE_CHECKING:
    from embeddings.index import Filters
    from qa.settings import Settings

Command = TypeVar("Command", bound=Callable[..., object])


class Dateline(click.Group):
    """A group whose commands end with one sentence and status 1 when something fails."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that *ctx* names."""
        try:
            return super().invoke(ctx)
        except (CorpusError, SearchError, QAError) as error:
            raise click.ClickException(str(error)) from error


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


@click.group(cls=Dateline, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline", prog_name="dateline")
@click.option("-v", "--verbose", is_flag=True, help="Log what is done to standard error.")
def main(verbose: bool) -> None:
    """Answer questions in the words of news stories, or say that the stories don't say."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


@main.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--bundled", is_flag=True, help="Add the stories that ship with Dateline.")
@click.option("--if-empty", is_flag=True, help="Add nothing to a store that holds stories.")
@click.option("--publisher", help="Publisher of the stories whose pages name none.")
@data_option
@json_option
def add(
    paths: tuple[str, ...],
    *,
    bundled: bool,
    if_empty: bool,
    publisher: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Read stories from files and folders, and index them."""
    from qa.cli_output import show_report
    from qa.cli_stories import BUNDLED, add_stories, files_of, report_json

    places = [*files_of(paths), *([BUNDLED] if bundled else [])]
    if not places:
        raise click.UsageError("Name files or folders of stories, or say --bundled.")
    report = add_stories(_settings(data), places, publisher=publisher, if_empty=if_empty)
    if as_json:
        _print_json(report_json(report))
    else:
        show_report(report)
    if report.refused and not report.added + report.updated + report.unchanged:
        raise click.ClickException("No story was read.")


@main.command()
@click.argument("question")
@filter_options
@data_option
@json_option
def ask(question: str, data: Path | None, filters: "Filters", as_json: bool) -> None:
    """Answer one question."""
    from qa.assemble import assemble
    from qa.cli_output import show_answer
    from qa.serialize import answer_json

    answer = assemble(_settings(data)).ask(question, filters=filters)
    if as_json:
        _print_json(answer_json(answer))
    else:
        show_answer(answer)


@main.command()
@filter_options
@data_option
def chat(data: Path | None, filters: "Filters") -> None:
    """Answer questions until the input ends, one a line."""
    from qa.assemble import assemble
    from qa.cli_chat import converse

    converse(assemble(_settings(data)), filters)


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@data_option
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Serve the chat page and the JSON endpoint."""
    from qa.cli_serve import start_server

    given = {"host": host, "port": port}
    start_server(_settings(data, web={name: value for name, value in given.items() if value}))


@main.command()
@click.argument("gold", nargs=-1, required=True, type=Path, metavar="GOLD.jsonl...")
@click.option("--misses", type=Path, metavar="FILE", help="Write the wrong answers as JSON Lines.")
@data_option
@json_option
def evaluate(gold: tuple[Path, ...], misses: Path | None, data: Path | None, as_json: bool) -> None:
    """Score the answers to questions whose answers are known."""
    from qa.cli_evaluate import run
    from qa.cli_output import show_scores
    from qa.scores import scores_json

    scores = run(_settings(data), gold, misses)
    if as_json:
        _print_json(scores_json(scores))
    else:
        show_scores(scores)


@main.command()
@click.option("--latest", type=click.IntRange(0), default=10, help="How many stories to list.")
@data_option
@json_option
def status(latest: int, data: Path | None, as_json: bool) -> None:
    """Tell what the store holds, and list its latest stories."""
    from qa.assemble import open_store
    from qa.cli_output import show_status
    from qa.status import status_json, status_of

    with closing(open_store(_settings(data))) as store:
        found = status_of(store, latest)
    if as_json:
        _print_json(status_json(found))
    else:
        show_status(found)


@main.command()
@data_option
def rebuild(data: Path | None) -> None:
    """Throw the index away and build it again from the store; stop the server first."""
    from qa.cli_stories import rebuild_index

    rebuild_index(_settings(data))


@main.command()
@click.argument("story_ids", nargs=-1, required=True, metavar="STORY_ID...")
@data_option
def remove(story_ids: tuple[str, ...], data: Path | None) -> None:
    """Forget stories; `dateline status` lists their ids."""
    from qa.cli_stories import remove_stories

    remove_stories(_settings(data), story_ids)


def _print_json(fields: dict[str, object]) -> None:
    click.echo(json.dumps(fields))


def _settings(data: Path | None, **overrides: object) -> "Settings":
    from qa.settings import load_settings

    return load_settings(**({"data": data} if data else {}), **overrides)


if __name__ == "__main__":
    main()
