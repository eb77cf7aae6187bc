"""Where the files of a model in Hugging Face form are, and a hash that tells them apart."""

import hashlib
from pathlib import Path

from qa.errors import ReaderNotFound, ReaderUnsuitable

WEIGHTS = "model*.safetensors"
TOKENIZERS = ("tokenizer.json", "vocab.*", "*.model")
READ = [WEIGHTS, "*.json", "*.txt", "*.model"]
"""Weights, configuration and tokenizer; what could run code when it is loaded is left out."""


def find_folder(model: str) -> Path:
    """Return the folder of *model*: a folder, or a name on the hub.

    The local Hugging Face cache is looked at first; the hub is asked only for what is not there.
    Raises `ReaderNotFound`, which says how to get the model, or `ReaderUnsuitable` if it has no
    weights in safetensors or no tokenizer.
    """
    folder = Path(model).expanduser()
    if not folder.is_dir():
        folder = _cached(model) or _fetched(model)
    if not any(folder.glob(WEIGHTS)):
        raise ReaderUnsuitable(
            f"The reader {model} holds no model.safetensors. Weights in other files can run code "
            "when they are loaded, so they are not read: save the model again with its "
            "`save_pretrained`, which writes safetensors."
        )
    if not any(path for pattern in TOKENIZERS for path in folder.glob(pattern)):
        raise ReaderUnsuitable(
            f"The reader {model} holds no tokenizer: put the tokenizer.json that belongs to the "
            "model beside its weights."
        )
    return folder


def fingerprint(folder: Path) -> str:
    """Return 8 hexadecimal digits that differ when any file that a reader is made of differs."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in READ for path in folder.glob(pattern)}):
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]


def _cached(model: str) -> Path | None:
    from huggingface_hub import snapshot_download  # here, since it takes half a second

    try:
        # Nothing is fetched here.
        folder = Path(snapshot_download(model, allow_patterns=READ, local_files_only=True))  # nosec B615
    except (OSError, ValueError):
        return None
    return folder if any(folder.glob(WEIGHTS)) else None


def _fetched(model: str) -> Path:
    from httpx2 import HTTPError  # what huggingface_hub lets through
    from huggingface_hub import snapshot_download

    try:
        # Whoever runs Dateline names the model; none of its files is code.
        return Path(snapshot_download(model, allow_patterns=READ, ignore_patterns=["*/*"]))  # nosec B615
    except (OSError, ValueError, HTTPError) as error:
        raise ReaderNotFound(
            f"The reader {model} is no folder on this machine, and no model of that name could be "
            "fetched from the hub: set DATELINE_READER__MODEL to the folder that holds it, or "
            f"fetch it once where there is a network with `hf download {model}`."
        ) from error
