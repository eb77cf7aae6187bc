"""`dateline replay`: gives an answer again from its receipt.

What takes long to import is imported by the command.
"""

import re
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.commands.options import data_option

if TYPE_CHECKING:
    from qa.settings import Settings

_ANSWER_ID = re.compile(r"ans_[0-9a-f]{1,60}")


@click.command()
@click.argument("receipt", metavar="RECEIPT")
@data_option
def replay(receipt: str, data: Path | None) -> None:
    """Give an answer again, byte for byte, or say what has changed since.

    RECEIPT is a file with the JSON of an answer or of its receipt, - for standard input, or the id
    of an answer in a conversation. Ends with status 1 if the answer isn't the same.
    """
    from qa.assemble import assemble
    from qa.replay import read_receipt
    from qa.replay import replay as replayed
    from qa.settings import load_settings

    settings = load_settings(data=data)
    kept = read_receipt(_text_of(receipt, settings))
    again = replayed(assemble(settings), kept)
    click.echo(again.bytes)
    for difference in again.differences:
        click.echo(difference, err=True)
    if not again.same:
        sys.exit(1)


def _text_of(receipt: str, settings: "Settings") -> str:
    """Return the JSON that *receipt* names; raise `InvalidReceipt` or `AnswerNotFound`."""
    import json

    from qa.assemble import open_conversations
    from qa.errors import InvalidReceipt

    if _ANSWER_ID.fullmatch(receipt) and not Path(receipt).exists():
        with closing(open_conversations(settings, forgets=False)) as conversations:
            return json.dumps(conversations.answer(receipt))
    try:
        content = sys.stdin.buffer.read() if receipt == "-" else Path(receipt).read_bytes()
        return content.decode("utf-8")
    except OSError as error:
        raise InvalidReceipt(f"{receipt} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidReceipt("That is no receipt: it isn't UTF-8.") from error
