"""`dateline backup` and `dateline restore`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.commands.options import data_option

if TYPE_CHECKING:
    from qa.operations.snapshot import Contents


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.tar")
@data_option
def backup(file: Path, data: Path | None) -> None:
    """Write everything in the data folder into one file; nothing has to be stopped for it."""
    from qa.operations.backup import back_up, left_out
    from qa.settings import load_settings

    settings = load_settings(data=data)
    contents = back_up(settings, file)
    size = sum(kept.bytes for kept in contents.files.values())
    click.echo(f"{file}: {_stories(contents)}, {size / 1e6:,.1f} MB.")
    for sentence in left_out(settings):
        click.echo(sentence, err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.tar")
@data_option
def restore(file: Path, data: Path | None) -> None:
    """Make a data folder, which must be empty, from a backup that is checked first."""
    from qa.operations.restore import restore as restored
    from qa.settings import load_settings

    folder = load_settings(data=data).data
    contents = restored(file, folder)
    made = contents.made_at.strftime("%Y-%m-%d %H:%M UTC")
    click.echo(f"{folder}: {_stories(contents)}, as of {made}.")


def _stories(contents: "Contents") -> str:
    return f"{contents.stories:,} {'story' if contents.stories == 1 else 'stories'}"
