"""The `dateline` command: each subcommand parses, assembles, calls and prints."""

import json
import logging
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.commands.backup import backup, restore
from qa.commands.doctor import doctor
from qa.commands.export import export
from qa.commands.feedback import feedback
from qa.commands.keys import keys
from qa.commands.options import (
    data_option,
    evaluation_options,
    filter_options,
    json_option,
    ray_option,
)
from qa.commands.replay import replay
from qa.commands.suggest import suggest
from qa.commands.watch import watch
from qa.errors import QAError

# What takes long to import is imported by the commands that use it.
if TYPE_CHECKING:
    from embeddings.index import Filters
    from qa.scoring.limits import Limit
    from qa.scoring.results import Run
    from qa.settings import Settings


class Dateline(click.Group):
    """A group whose commands end with one sentence and status 1 when something fails."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that *ctx* names."""
        try:
            return super().invoke(ctx)
        except (CorpusError, SearchError, QAError) as error:
            raise click.ClickException(str(error)) from error


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
@click.argument("paths", nargs=-1, metavar="PATH|URL...")
@click.option("--bundled", is_flag=True, help="Add the stories that ship with Dateline.")
@click.option("--if-empty", is_flag=True, help="Add nothing to a store that holds stories.")
@click.option("--publisher", help="Publisher of the stories whose pages name none.")
@ray_option
@data_option
@json_option
def add(
    paths: tuple[str, ...],
    *,
    bundled: bool,
    if_empty: bool,
    publisher: str | None,
    ray: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Read stories from files, folders, archives, patterns and addresses, and index them."""
    from qa.commands.output import show_report
    from qa.commands.stories import BUNDLED, add_stories, report_json

    places = [*paths, *([str(BUNDLED)] if bundled else [])]
    if not places:
        raise click.UsageError("Name files or folders of stories, or say --bundled.")
    report = add_stories(_settings(data), places, publisher=publisher, if_empty=if_empty, ray=ray)
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
    from qa.commands.output import show_answer
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
    from qa.commands.chat import converse

    converse(assemble(_settings(data)), filters)


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@data_option
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Serve the chat page and the JSON endpoint."""
    from qa.commands.serve import start_server

    given = {"host": host, "port": port}
    start_server(_settings(data, web={name: value for name, value in given.items() if value}))


@main.command()
@data_option
def mcp(data: Path | None) -> None:
    """Serve the stories to other programs (Model Context Protocol, standard input and output)."""
    from qa.commands.serve import start_mcp

    start_mcp(_settings(data))


@main.command()
@click.argument("gold", nargs=-1, required=True, type=Path, metavar="GOLD.jsonl...")
@evaluation_options
@data_option
@json_option
def evaluate(
    gold: tuple[Path, ...],
    *,
    misses: Path | None,
    report: Path | None,
    against: "Run | None",
    limits: tuple["Limit", ...],
    data: Path | None,
    as_json: bool,
) -> None:
    """Score the answers to questions whose answers are known."""
    from qa.commands.evaluate import run, shortfalls
    from qa.commands.output import show_comparison, show_dialogue, show_scores
    from qa.scoring.evaluation import evaluation_json

    evaluation = run(_settings(data), gold, misses=misses, report=report, against=against)
    if as_json:
        _print_json(evaluation_json(evaluation))
    else:
        show_scores(evaluation.scores)
        show_dialogue(evaluation)
        show_comparison(evaluation)
    broken = shortfalls(evaluation.scores, limits)
    if broken:
        raise click.ClickException(broken)


@main.command()
@click.option("--latest", type=click.IntRange(0), default=10, help="How many stories to list.")
@data_option
@json_option
def status(latest: int, data: Path | None, as_json: bool) -> None:
    """Tell what the store holds, and list its latest stories."""
    from qa.assemble import open_confidence, open_store
    from qa.commands.output import show_status
    from qa.operations.index_status import index_status
    from qa.operations.status import status_json, status_of

    settings = _settings(data)
    point = open_confidence(settings).operating_point
    with closing(open_store(settings)) as store:
        index, threshold = index_status(settings, store), settings.answer.threshold
        found = status_of(store, latest, index=index, point=point, threshold=threshold)
    if as_json:
        _print_json(status_json(found))
    else:
        show_status(found)


@main.command()
@data_option
def rebuild(data: Path | None) -> None:
    """Throw the index away and build it again from the store; stop the server first."""
    from qa.commands.stories import rebuild_index

    rebuild_index(_settings(data))


@main.command()
@click.argument("story_ids", nargs=-1, required=True, metavar="STORY_ID...")
@data_option
def remove(story_ids: tuple[str, ...], data: Path | None) -> None:
    """Forget stories; `dateline status` lists their ids."""
    from qa.commands.stories import remove_stories

    remove_stories(_settings(data), story_ids)


for command in (keys, replay, watch, suggest, backup, restore, doctor, export, feedback):
    main.add_command(command)


def _print_json(fields: dict[str, object]) -> None:
    click.echo(json.dumps(fields))


def _settings(data: Path | None, **overrides: object) -> "Settings":
    from qa.settings import load_settings

    return load_settings(data=data, **overrides)


if __name__ == "__main__":
    main()
