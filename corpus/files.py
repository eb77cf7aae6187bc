"""Files, folders and patterns to the files to read, each with the source that its stories keep."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import UnreadableSource

_WILD = frozenset("*?[")


def files_at(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files at or below *path*, each with its path relative to the folder given.

    *path* may be a pattern ("*", "?", "[a-z]", "**" for any folders), where no file is named so;
    its folder is what stands before the first part with such a sign. Hidden files, and links to
    files, are passed over in folders. Raises `UnreadableSource` where there is nothing.
    """
    if path.is_file():
        yield path, path.name
    elif path.is_dir():
        yield from _below(path, path.rglob("*"))
    elif _WILD.isdisjoint(str(path)):
        kind = "is neither a file nor a folder" if path.exists() else "does not exist"
        raise UnreadableSource(f"{path} {kind}")
    else:
        found = list(_matching(path))
        if not found:
            raise UnreadableSource(f"no file matches {path}")
        yield from found


def _matching(pattern: Path) -> Iterator[tuple[Path, str]]:
    parts = pattern.parts
    first = next(at for at, part in enumerate(parts) if not _WILD.isdisjoint(part))
    folder = Path(*parts[:first])
    try:
        yield from _below(folder, folder.glob("/".join(parts[first:])))
    except (ValueError, NotImplementedError) as error:
        raise UnreadableSource(f"{pattern} is no pattern: {error}") from error


def _below(folder: Path, files: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for file in sorted(set(files)):
        below = file.relative_to(folder)
        hidden = any(part.startswith(".") for part in below.parts)
        if file.is_file() and not file.is_symlink() and not hidden:
            yield file, below.as_posix()
