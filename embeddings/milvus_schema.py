"""What Dateline keeps in Milvus: the fields of a passage, its row, and filters over them."""

import hashlib
import re
from datetime import date
from typing import Any

import tantivy
from pymilvus import CollectionSchema, DataType, Function, FunctionType, MilvusClient
from pymilvus.milvus_client import IndexParams
from tantivy import Filter, Tokenizer

from embeddings.index import Entry, Filters
from embeddings.passage_text import encodable

SCHEMA = 1
"""Raised whenever fields or words change, so that an older collection is left alone."""

UNDATED = 0
"""The day of a story without a date; others count from 1 as `date.toordinal` does."""

MAX_WORD_CHARS = 40
MAX_TEXT_BYTES = 65_535  # Milvus takes no longer VARCHAR
HNSW = {"M": 16, "efConstruction": 200}

Row = dict[str, Any]


def collection_name(prefix: str, *, store: str, encoder: str) -> str:
    """Return the collection of a store's passages under one encoder's vectors."""
    readable = re.sub(r"[^A-Za-z0-9]+", "_", encoder)[:40].strip("_")
    digest = hashlib.blake2b(f"{SCHEMA}\n{store}\n{encoder}".encode(), digest_size=8).hexdigest()
    return f"{prefix}_{readable}_{digest}"


def create_passages(client: MilvusClient, name: str, dim: int, *, words: bool, left: float) -> None:
    """Make the collection of passages, and load it."""
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("passage_id", DataType.INT64, is_primary=True)
    schema.add_field("story", DataType.INT64)
    schema.add_field("publisher", DataType.INT64)
    schema.add_field("day", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="HNSW", metric_type="IP", params=HNSW)
    if words:
        schema.add_field(
            "text",
            DataType.VARCHAR,
            max_length=MAX_TEXT_BYTES,
            enable_analyzer=True,
            analyzer_params={"tokenizer": "standard"},
        )
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25",
                function_type=FunctionType.BM25,
                input_field_names=["text"],
                output_field_names=["words"],
            )
        )
        index.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    _create(client, name, schema, index, left)


def create_states(client: MilvusClient, name: str, left: float) -> None:
    """Make the collection that says up to which change each other collection is complete."""
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("collection", DataType.VARCHAR, max_length=255, is_primary=True)
    schema.add_field("change", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)  # Milvus takes no collection without
    index = client.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="IP")
    _create(client, name, schema, index, left)


def _create(
    client: MilvusClient, name: str, schema: CollectionSchema, index: IndexParams, left: float
) -> None:
    # Strong: what is acknowledged is found by the next search, whoever searches.
    client.create_collection(name, schema=schema, consistency_level="Strong", timeout=left)
    # Nothing is there to be indexed yet: waiting for it would take half a second for each field.
    client.create_index(name, index, timeout=left, sync=False)
    client.load_collection(name, timeout=left)


def state_row(collection: str, change: int) -> Row:
    """Return the row that says that *collection* is complete up to *change*."""
    return {"collection": collection, "change": change, "vector": [0.0, 0.0]}


def passage_row(entry: Entry, *, words: bool) -> Row:
    """Return a passage as Milvus keeps it."""
    row: Row = {
        "passage_id": entry.passage_id,
        "story": key_of(entry.story_id),
        "publisher": key_of((entry.publisher or "").casefold()),
        "day": entry.published_on.toordinal() if entry.published_on else UNDATED,
        "vector": entry.vector,
    }
    return row | {"text": words_of(entry.text)} if words else row


def filter_of(filters: Filters) -> str:
    """Return *filters* as an expression of Milvus.

    It holds nothing but numbers: names are kept and compared as hashes, so that none can say more
    than a name, however it is written.
    """
    clauses = []
    if filters.from_date or filters.to_date:
        first = (filters.from_date or date.min).toordinal()
        clauses.append(f"day >= {first}")
        clauses.append(f"day <= {(filters.to_date or date.max).toordinal()}")
    if filters.publisher:
        clauses.append(f"publisher == {key_of(filters.publisher.casefold())}")
    if filters.story_ids:
        clauses.append(f"story in {sorted({key_of(id_) for id_ in filters.story_ids})}")
    return " and ".join(clauses)


def key_of(name: str) -> int:
    """Return the number that stands for *name*, from 0 to 2^63 - 1.

    Two of 10^8 names share one with a probability of 0.0005.
    """
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def words_of(text: str) -> str:
    """Return the words of *text* as the embedded index knows them: stems, in plain letters.

    They are made here, so that every release of Milvus finds the same; the lite one has no stemmer.
    """
    words = " ".join(_ANALYZER.analyze(encodable(text)))
    return words.encode()[:MAX_TEXT_BYTES].decode("utf-8", "ignore")


_ANALYZER = (
    tantivy.TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(MAX_WORD_CHARS))
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .filter(Filter.stemmer("english"))
    .build()
)
