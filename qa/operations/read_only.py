"""A data folder that can't be written: what has to be written goes elsewhere until the end."""

import logging
import os
import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp

logger = logging.getLogger(__name__)


def is_read_only(folder: Path) -> bool:
    """Say whether *folder* is there and this process may not write to it."""
    return folder.is_dir() and not os.access(folder, os.W_OK)


def elsewhere(folder: Path | None = None) -> Path:
    """Return a new folder among the temporary ones, a copy of *folder* if one is given."""
    made = Path(mkdtemp(prefix="dateline-"))
    return Path(shutil.copytree(folder, made, dirs_exist_ok=True)) if folder else made


def gone_with(user: object, folder: Path) -> None:
    """Have *folder* deleted once *user* is used no longer, or the process ends."""
    weakref.finalize(user, shutil.rmtree, folder, ignore_errors=True)
