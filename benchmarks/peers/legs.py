"""The legs of the benchmark: a peer, set up in one of the ways that its users would."""

import sys
from dataclasses import dataclass
from pathlib import Path

PASSAGES_READ = 12
"""What Dateline reads by default, and every peer where it can be told to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A peer's set-up.

    *adapter* is the module that wraps the peer, *environment* the name of the environment that it
    runs in, empty for the benchmark's own. Legs that index alike share *indexed_as*. *same_reader*
    tells whether it reads with Dateline's weights. Where *one_at_a_time*, clients wait for one
    another: txtai's database is not made to be shared by threads.
    """

    name: str
    adapter: str
    environment: str
    retrieval: str = ""
    k: int | None = PASSAGES_READ
    same_reader: bool = True
    one_at_a_time: bool = False

    @property
    def indexed_as(self) -> str:
        """The name of the leg's index."""
        return "-".join(filter(None, (self.environment or self.name, self.retrieval)))

    def interpreter(self, environments: Path) -> Path:
        """Return the leg's Python; raise `FileNotFoundError` if its environment was not made."""
        if not self.environment:
            return Path(sys.executable)
        python = environments / self.environment / "bin" / "python"
        if not python.exists():
            raise FileNotFoundError(
                f"{python} is not there: `make bench-peers` makes the peers' environments"
            )
        return python


def _haystack(retrieval: str, **set_up: int | None) -> Leg:
    own = ", own k" if "k" in set_up else ""
    return Leg(
        name=f"Haystack, {retrieval}{own}",
        adapter="benchmarks.peers.haystack_peer",
        environment="haystack",
        retrieval=retrieval,
        k=set_up.get("k", PASSAGES_READ),
    )


def _txtai(retrieval: str, **set_up: int | None) -> Leg:
    own = ", own k" if "k" in set_up else ""
    return Leg(
        name=f"txtai, {retrieval}{own}",
        adapter="benchmarks.peers.txtai_peer",
        environment="txtai",
        retrieval=retrieval,
        k=set_up.get("k", PASSAGES_READ),
        one_at_a_time=True,
    )


def _by_hand(name: str, k: int | None = PASSAGES_READ) -> Leg:
    adapter = "benchmarks.peers.by_hand_peer"
    return Leg(name=name, adapter=adapter, environment="by_hand", k=k)


DATELINE = Leg(name="Dateline", adapter="benchmarks.peers.dateline_peer", environment="dateline")

LEGS = (
    DATELINE,
    _haystack("bm25"),
    _haystack("embedding"),
    _haystack("hybrid"),
    _txtai("dense"),
    _txtai("hybrid"),
    _by_hand("by hand"),
    Leg(
        name="cairn-assistant",
        adapter="benchmarks.peers.cairn_peer",
        environment="cairn",
        k=None,
        same_reader=False,
    ),
    _haystack("hybrid", k=None),
    _txtai("hybrid", k=None),
    _by_hand("by hand, own k", k=None),
)
"""Every leg; those of an own k read as many passages as the peer does unless told."""
