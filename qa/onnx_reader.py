"""The reader of this project, run with ONNX Runtime."""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from embeddings.onnx_session import physical_cores, session_options
from embeddings.retriever import Hit
from qa.errors import ReaderDamaged, ReaderNotFound
from qa.reader import Span
from qa.reading.windows import ALONE, Logits, Window, Windows, inputs_of

BUNDLED = Path(__file__).parent / "models"
GRAPH, TOKENIZER, MANIFEST = "reader.onnx", "tokenizer.json", "manifest.json"


@dataclass(frozen=True, slots=True)
class ReaderFiles:
    """What a reader's folder holds, its checksums verified."""

    name: str
    graph: bytes
    tokenizer: bytes


class OnnxReader:
    """Reads passages with a span model whose null answer stands at the first token.

    The model's folder holds the graph, its tokenizer, and a manifest with the name and the
    SHA-256 of both. The context that is read is the story's title and the passage; spans come
    from the passage alone. Each window is read by itself, so that what is read of a passage
    doesn't depend on what is read with it, and on one of *threads* threads, which all questions
    share, 0 for one per physical core.
    """

    def __init__(self, folder: Path = BUNDLED, *, threads: int = 0) -> None:
        """Load the model; raise `ReaderNotFound` or `ReaderDamaged`."""
        files = read_files(folder)
        self.name = files.name
        workers = ThreadPoolExecutor(threads or physical_cores(), thread_name_prefix="reading")
        self._windows = Windows(
            Tokenizer.from_buffer(files.tokenizer), batch_pieces=ALONE, each=workers.map
        )
        self._session = onnxruntime.InferenceSession(
            files.graph, session_options(1), providers=["CPUExecutionProvider"]
        )
        # A window by itself needs no mask, but a graph of the reader's own may take one.
        self._takes = [taken.name for taken in self._session.get_inputs()]

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the best spans of every hit's passage, best first over all of them."""
        return self._windows.read(question, hits, self._logits)

    def _logits(self, batch: Sequence[Window]) -> Logits:
        inputs = inputs_of(batch)._asdict()
        taken = {name: inputs[name] for name in self._takes}
        [logits] = self._session.run(["logits"], taken)
        return np.asarray(logits, dtype=np.float32)


def read_files(folder: Path) -> ReaderFiles:
    """Return what the reader's *folder* holds; raise `ReaderNotFound` or `ReaderDamaged`."""
    name, sha256 = _manifest(folder / MANIFEST)
    return ReaderFiles(
        name=name,
        graph=_verified(folder / GRAPH, sha256[GRAPH]),
        tokenizer=_verified(folder / TOKENIZER, sha256[TOKENIZER]),
    )


def _manifest(path: Path) -> tuple[str, dict[str, str]]:
    content = _read(path)
    try:
        manifest = json.loads(content)
        return manifest["name"], {file: manifest["sha256"][file] for file in (GRAPH, TOKENIZER)}
    except (ValueError, KeyError) as error:
        raise ReaderDamaged(f"{path} is damaged; install the reader again") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReaderNotFound(
            f"{path} can't be read ({error.strerror}); set DATELINE_READER__MODEL to a reader's "
            "folder, or install Dateline again"
        ) from error


def _verified(path: Path, sha256: str) -> bytes:
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ReaderDamaged(f"{path} is not the file that the manifest describes; install it again")
    return content
