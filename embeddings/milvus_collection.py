"""MilvusCollection: passages on a Milvus server, and the change up to which they are complete."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pymilvus import MilvusClient

from embeddings import milvus_schema as schema
from embeddings.index import Entry, Query
from embeddings.milvus_link import MilvusLink

T = TypeVar("T")

ROWS_AT_ONCE = 500
"""Passages written by one call: some 2 MB, of the 64 MB that Milvus takes."""

MAX_K = 16_384
"""Milvus returns no more of one search."""

SEARCHED = 128
"""Breadth of the search in the graph of vectors (HNSW's ef), or k if that is more."""


class MilvusCollection:
    """One collection of passages, and its row among the states, which says what it holds.

    A collection without that row is half made, or about to be dropped. *search_s* and *write_s*
    bound a call, its retries included. Every method raises `IndexUnreachable` or `IndexRefused`.
    """

    def __init__(
        self,
        uri: str,
        token: str,
        *,
        name: str,
        states: str,
        consistency: str,
        search_s: float,
        write_s: float,
    ) -> None:
        self._name, self._states = name, states
        self._consistency = consistency
        self._search_s, self._write_s = search_s, write_s
        self._link = MilvusLink(uri, token, prepare=self._load)
        self.uri = self._link.uri
        self.engine = self._link.engine(within_s=search_s)

    def ensure(self, dim: int) -> None:
        """Make what is missing on the server, for one who holds the lock of the writers."""

        def ensure(client: MilvusClient, left: float) -> None:
            if not client.has_collection(self._states, timeout=left):
                schema.create_states(client, self._states, left)
            there = client.has_collection(self._name, timeout=left)
            if there and self._state(client, left) is not None:
                return
            if there:
                client.drop_collection(self._name, timeout=left)
            schema.create_passages(client, self._name, dim, words=self.engine.words, left=left)
            client.upsert(self._states, [schema.state_row(self._name, 0)], timeout=left)

        self._written(ensure)

    def recorded(self) -> int:
        """Return the change that is on record; 0 where there is none."""
        return self._link.call(self._state, within_s=self._search_s) or 0

    def record(self, change: int) -> None:
        """Put *change* on record."""
        row = schema.state_row(self._name, change)
        self._written(lambda client, left: client.upsert(self._states, [row], timeout=left))

    def write(self, removed: Sequence[int], entries: Sequence[Entry]) -> None:
        """Remove, then add; return once the server has acknowledged all of it."""
        for ids in _parts(removed):
            self._delete(self._name, ids)
        for part in _parts(entries):
            self._upsert([schema.passage_row(entry, words=self.engine.words) for entry in part])

    def forget(self) -> None:
        """Have the collection count as not made: `ensure` makes it anew."""
        self._delete(self._states, [self._name])

    def drop(self) -> None:
        """Delete the collection for good."""
        self.forget()
        self._written(lambda client, left: client.drop_collection(self._name, timeout=left))

    def count(self) -> int:
        """Return the number of passages."""

        def count(client: MilvusClient, left: float) -> int:
            [row] = client.query(self._name, filter="", output_fields=["count(*)"], timeout=left)
            return int(row["count(*)"])

        return self._link.call(count, within_s=self._search_s)

    def by_meaning(self, query: Query, k: int) -> list[int]:
        """Return the ids of at most *k* passages, nearest to the query's vector first."""
        breadth = {"ef": max(SEARCHED, min(k, MAX_K))}
        return self._ranked("vector", query, query.vector, k, breadth)

    def by_words(self, query: Query, k: int) -> list[int]:
        """Return the ids of at most *k* passages that share a word with the query, best first."""
        words = schema.words_of(query.text) if self.engine.words else ""
        return self._ranked("words", query, words, k, {}) if words else []

    def close(self) -> None:
        """Let the connection go."""
        self._link.close()

    def _ranked(
        self, field: str, query: Query, asked: object, k: int, parameters: dict[str, int]
    ) -> list[int]:
        [hits] = self._link.call(
            lambda client, left: client.search(
                self._name,
                data=[asked],
                anns_field=field,
                filter=schema.filter_of(query.filters),
                limit=min(k, MAX_K),
                output_fields=["passage_id"],
                search_params={"params": parameters},
                consistency_level=self._consistency,
                timeout=left,
            ),
            within_s=self._search_s,
        )
        # The order counts, not the sign: BM25 is a distance to one engine and a score to another.
        place: dict[float, int] = {}
        for hit in hits:
            place.setdefault(hit["distance"], len(place))
        rated = sorted((place[hit["distance"]], int(hit["passage_id"])) for hit in hits)
        return [passage_id for _, passage_id in rated]

    def _state(self, client: MilvusClient, left: float) -> int | None:
        rows = client.query(self._states, ids=[self._name], output_fields=["change"], timeout=left)
        return int(rows[0]["change"]) if rows else None

    def _delete(self, collection: str, ids: Sequence[int | str]) -> None:
        self._written(lambda client, left: client.delete(collection, ids=[*ids], timeout=left))

    def _upsert(self, rows: list[schema.Row]) -> None:
        self._written(lambda client, left: client.upsert(self._name, rows, timeout=left))

    def _written(self, act: Callable[[MilvusClient, float], T]) -> T:
        return self._link.call(act, within_s=self._write_s)

    def _load(self, client: MilvusClient) -> None:
        """Have a server that was started anew load the collections, which searches need."""
        for name in (self._states, self._name):
            if client.has_collection(name, timeout=self._search_s):
                client.load_collection(name, timeout=self._write_s)


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[at : at + ROWS_AT_ONCE]
