"""`dateline export`: the stories for another store, or for other programs."""

from contextlib import closing
from pathlib import Path

import click

from qa.commands.options import data_option


@click.command()
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path, allow_dash=True), metavar="FOLDER|-"
)
@click.option(
    "--form",
    type=click.Choice(["jsonl", "ninjs"]),
    default="jsonl",
    help="`jsonl` is what `dateline add` reads as the same stories; `ninjs` is IPTC's form, 1.4.",
)
@data_option
def export(folder: Path, form: str, data: Path | None) -> None:
    """Write every story as a line of JSON, into files of a new folder; - is standard output."""
    from corpus.export import LINES, exported
    from qa.assemble import open_store
    from qa.operations.export import write_files
    from qa.settings import load_settings

    with closing(open_store(load_settings(data=data))) as store:
        lines = exported(store, LINES[form])
        if str(folder) == "-":
            for line in lines:
                click.echo(line)
            return
        files = write_files(lines, folder)
        plural = "file" if files == 1 else "files"
        click.echo(f"{folder}: {store.count():,} stories in {files} {plural}.", err=True)
