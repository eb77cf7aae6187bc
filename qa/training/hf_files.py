"""The files of a reader in Hugging Face form."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from qa.onnx_reader import TOKENIZER

WEIGHTS, CONFIG, TOKENIZER_CONFIG = "model.safetensors", "config.json", "tokenizer_config.json"
TOKENIZER_FILES = (TOKENIZER, TOKENIZER_CONFIG)


def copy_files(names: Iterable[str], start: Path, to: Path) -> None:
    """Copy those of the files *names* that the folder *start* holds."""
    for name in names:
        if (start / name).exists():
            shutil.copyfile(start / name, to / name)
