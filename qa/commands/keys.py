"""`dateline keys`: makes, lists and takes back API keys.

What takes long to import is imported by the commands that use it.
"""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.commands.options import data_option, json_option

if TYPE_CHECKING:
    from qa.keys import KeyFile, Scope

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_RATE = re.compile(r"[1-9][0-9]{0,6}/(second|minute|hour|day)")


@click.group()
def keys() -> None:
    """Make, list and take back API keys; with any, /v1/ and /mcp answer nobody without."""


def _name(context: click.Context, parameter: click.Parameter, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise click.BadParameter("use up to 64 letters, digits, dots, dashes and underscores")
    return name


def _rate(context: click.Context, parameter: click.Parameter, rate: str | None) -> str | None:
    if rate and not _RATE.fullmatch(rate):
        raise click.BadParameter("write it as 60/minute; a second, hour or day will do too")
    return rate


@keys.command()
@click.argument("name", callback=_name)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=("ask",),
    show_default=True,
    type=click.Choice(["ask", "conversations", "feedback"]),
    help="What the key may be used for; repeatable.",
)
@click.option("--rate", callback=_rate, help="How often it may ask, such as 60/minute.")
@data_option
def add(name: str, scopes: tuple["Scope", ...], rate: str | None, data: Path | None) -> None:
    """Make a key and print it: this once, since only its hash is kept."""
    click.echo(_keys(data).add(name, scopes, rate))
    click.echo("Keep it well: it is not shown again.", err=True)


@keys.command("list")
@data_option
@json_option
def list_keys(data: Path | None, as_json: bool) -> None:
    """List the keys by name, with what each may be used for."""
    file = _keys(data)
    kept = file.keys()
    if as_json:
        shown = [key.model_dump(mode="json", exclude={"sha256"}) for key in kept or ()]
        click.echo(json.dumps({"needed": kept is not None, "keys": shown}))
    elif kept is None:
        click.echo("There are no keys: /v1/ and /mcp answer everyone who reaches them.")
    else:
        for key in kept:
            limit = f", {key.rate}" if key.rate else ""
            click.echo(f"{key.name}: {', '.join(key.scopes)}{limit}, made on {key.made_on}")
        _warn_if_none(file)


@keys.command()
@click.argument("name")
@data_option
def remove(name: str, data: Path | None) -> None:
    """Take a key back; a running server refuses it from then on."""
    file = _keys(data)
    file.remove(name)
    _warn_if_none(file)


def _warn_if_none(file: "KeyFile") -> None:
    if not file.keys():
        click.echo(
            f"No key is left, so /v1/ and /mcp answer nobody. Delete {file.path} to open them.",
            err=True,
        )


def _keys(data: Path | None) -> "KeyFile":
    from qa.keys import open_keys
    from qa.settings import load_settings

    return open_keys(load_settings(data=data))
