"""`dateline suggest`: finds out what stories answer, so that it can be suggested.

What takes long to import is imported by the command.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.commands.options import data_option, json_option

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.commands.progress import OnProgress


@click.command()
@click.option("--all", "every", is_flag=True, help="Look through every story.")
@click.option(
    "--stories",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="How many stories to look through, the newest first.",
)
@data_option
@json_option
def suggest(every: bool, stories: int, data: Path | None, as_json: bool) -> None:
    """Find questions that stories answer, to be suggested after answers.

    Each is asked. What was asked of the stories as they are now is not asked again, so that the
    command can be stopped at any moment and run again.
    """
    from qa.assemble import assemble
    from qa.commands.progress import progress
    from qa.settings import load_settings

    assistant = assemble(load_settings(data=data))
    limit = assistant.store.count() if every else stories
    with progress("Asking") as on_progress:
        looked_through, found = _looked_through(assistant, limit, on_progress)
    if as_json:
        click.echo(json.dumps({"stories": looked_through, "suggestions": found}))
    else:
        click.echo(f"{looked_through} stories looked through, {found} suggestions")


def _looked_through(
    assistant: "Assistant", limit: int, on_progress: "OnProgress"
) -> tuple[int, int]:
    """Look through the newest stories; return how many there were and what they answer."""
    from qa.suggesting.suggester import Suggester

    assert assistant.suggestions  # noqa: S101 - assembled with it
    suggester = Suggester(assistant, assistant.suggestions.store)
    found = 0
    stories = assistant.store.stories_page(limit)
    for done, story in enumerate(stories, start=1):
        found += len(suggester.look_through(story).suggestions)
        on_progress(done, len(stories))
    return len(stories), found
