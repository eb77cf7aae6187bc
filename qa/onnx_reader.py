"""The reader of this project, run with ONNX Runtime."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from corpus.story import Passage
from embeddings.onnx_session import session_options
from embeddings.retriever import Hit
from qa.decode import best_spans, closed
from qa.errors import ReaderDamaged, ReaderNotFound
from qa.reader import Span

BUNDLED = Path(__file__).parent / "models"
GRAPH, TOKENIZER, MANIFEST = "reader.onnx", "tokenizer.json", "manifest.json"

MAX_PIECES = 384
MAX_QUESTION_PIECES = 128
STRIDE = 64
"""A longer passage is read in windows of MAX_PIECES that overlap by STRIDE word pieces."""

BATCH_PIECES = 2048
"""Word pieces read at once; windows of like length share a batch, so little is padding."""

SPANS_A_PASSAGE = 3


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a passage as the model sees it; offsets count from *shift* in the context."""

    passage: Passage
    encoding: Encoding
    shift: int


class OnnxReader:
    """Reads passages with a span model whose null answer stands at the first token.

    The model's folder holds the graph, its tokenizer, and a manifest with the name and the
    SHA-256 of both. The context that is read is the story's title and the passage; spans come
    from the passage alone.
    """

    def __init__(self, folder: Path = BUNDLED, *, threads: int = 0) -> None:
        """Load the model; raise `ReaderNotFound` or `ReaderDamaged`."""
        self.name, sha256 = _manifest(folder / MANIFEST)
        graph = _verified(folder / GRAPH, sha256[GRAPH])
        tokenizer = _verified(folder / TOKENIZER, sha256[TOKENIZER])
        self._question_tokenizer = Tokenizer.from_buffer(tokenizer)
        self._question_tokenizer.enable_truncation(MAX_QUESTION_PIECES)
        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.enable_truncation(MAX_PIECES, stride=STRIDE, strategy="only_second")
        self._tokenizer.no_padding()
        self._session = onnxruntime.InferenceSession(
            graph, session_options(threads), providers=["CPUExecutionProvider"]
        )

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the best spans of every hit's passage, best first over all of them."""
        question = self._shortened(question)
        windows = [window for hit in hits for window in self._windows(question, hit)]
        windows.sort(key=lambda window: len(window.encoding), reverse=True)
        spans = {
            (span.passage.passage_id, span.start, span.end): span
            for batch in _batches(windows)
            for window, logits in zip(batch, self._logits(batch), strict=True)
            for span in _spans(window, logits)
        }
        return sorted(spans.values(), key=_best_first)

    def _shortened(self, question: str) -> str:
        offsets = self._question_tokenizer.encode(question, add_special_tokens=False).offsets
        return question[: offsets[-1][1]] if offsets else question

    def _windows(self, question: str, hit: Hit) -> Iterator[_Window]:
        context, shift = context_of(hit)
        encoding = self._tokenizer.encode(question, context)
        for part in (encoding, *encoding.overflowing):
            yield _Window(hit.passage, part, shift)

    def _logits(self, batch: Sequence[_Window]) -> NDArray[np.float32]:
        longest = max(len(window.encoding) for window in batch)
        pieces, types, mask = np.zeros((3, len(batch), longest), dtype=np.int64)
        for row, window in enumerate(batch):
            length = len(window.encoding)
            pieces[row, :length] = window.encoding.ids
            types[row, :length] = window.encoding.type_ids
            mask[row, :length] = 1
        [logits] = self._session.run(["logits"], {"pieces": pieces, "types": types, "mask": mask})
        return np.asarray(logits, dtype=np.float32)


def context_of(hit: Hit) -> tuple[str, int]:
    """Return what is read of a hit, and where in it the passage starts."""
    head = f"{hit.story.title}\n"
    return head + hit.passage.text, len(head)


def _spans(window: _Window, logits: NDArray[np.float32]) -> Iterator[Span]:
    offsets, sequences = window.encoding.offsets, window.encoding.sequence_ids
    allowed = [
        token
        for token, sequence in enumerate(sequences)
        if sequence == 1 and offsets[token][0] >= window.shift
    ]
    if not allowed:
        return
    for token_span in best_spans(logits, slice(allowed[0], allowed[-1] + 1), SPANS_A_PASSAGE):
        start, end = closed(
            window.passage.text,
            offsets[token_span.first][0] - window.shift,
            offsets[token_span.last][1] - window.shift,
        )
        yield Span(passage=window.passage, start=start, end=end, score=token_span.score)


def _batches(windows: Sequence[_Window]) -> Iterator[Sequence[_Window]]:
    """Yield runs of *windows*, which are sorted longest first, of at most BATCH_PIECES each."""
    at = 0
    while at < len(windows):
        size = max(1, BATCH_PIECES // len(windows[at].encoding))
        yield windows[at : at + size]
        at += size


def _best_first(span: Span) -> tuple[float, int, int, int]:
    # The rest of the key makes the order of equal scores the same every time.
    return -span.score, span.passage.passage_id, span.start, span.end


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
