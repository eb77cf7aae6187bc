"""`dateline export`: files of stories that `dateline add` reads again."""

from collections.abc import Iterable
from pathlib import Path

from corpus.sources.allowance import MAX_BYTES
from qa.errors import ExportNotWritten


def write_files(lines: Iterable[str], folder: Path, *, most: int = MAX_BYTES) -> int:
    """Write *lines* into files of the *folder*, none larger than *most* bytes; return how many.

    The folder is made, or must be empty. Raises `ExportNotWritten`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ExportNotWritten(f"{folder} is not empty; name another folder.")
        number, size = 0, most
        for line in lines:
            content = f"{line}\n".encode()
            if size + len(content) > most:
                number, size = number + 1, 0
            with (folder / f"stories-{number:05}.jsonl").open("ab") as file:
                file.write(content)
            size += len(content)
    except OSError as error:
        raise ExportNotWritten(f"{folder} can't be written: {error.strerror}.") from error
    return number
