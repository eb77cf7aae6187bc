"""Settings to encoder and index: with `qa/assemble.py`, the only places naming concrete classes."""

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.errors import MissingExtra
from qa.operations.read_only import elsewhere, gone_with, is_read_only
from qa.settings import Settings

# Most commands need a few of the parts, and shouldn't wait for what the others import.
if TYPE_CHECKING:
    from corpus.store import StoryStore
    from embeddings.embedded_index import EmbeddedIndex
    from embeddings.encoder import Encoder
    from embeddings.index import PassageIndex
    from embeddings.ray_encoding import RayEncoding

logger = logging.getLogger(__name__)


def open_encoder(settings: Settings) -> "Encoder":
    """Load the encoder that the settings name."""
    if settings.encoder.engine == "sentence-transformers":
        from embeddings.sentence_encoder import SentenceEncoder

        return SentenceEncoder(settings.encoder.model)
    from embeddings.onnx_encoder import OnnxEncoder

    return OnnxEncoder(threads=settings.encoder.threads)


def open_index(
    settings: Settings, store: "StoryStore", encoder: "Encoder", *, patience_s: float = 0.0
) -> "PassageIndex":
    """Open the index of *encoder*'s vectors: in the data folder, or on the server that is named.

    While another process writes to a server's index, one of *patience_s* waits for it so long.
    """
    folder = settings.data / "index"
    if settings.index_engine == "embedded":
        return _open_embedded(folder, encoder)
    try:
        from embeddings.milvus_index import MilvusIndex, MilvusOptions
    except ModuleNotFoundError as error:
        raise MissingExtra("the search engine milvus", "milvus") from error
    options = MilvusOptions(
        uri=settings.milvus_uri or "",
        folder=folder,
        token=settings.milvus_token.get_secret_value() if settings.milvus_token else "",
        prefix=settings.milvus_collection,
        writes=settings.milvus_writes,
        patience_s=patience_s,
        consistency=settings.milvus_consistency,
        search_s=settings.milvus_search_s,
        write_s=settings.milvus_write_s,
    )
    return MilvusIndex(options, store=store.identity, encoder=encoder)


def _open_embedded(folder: Path, encoder: "Encoder") -> "EmbeddedIndex":
    """Open the index in *folder*, or a copy of it where it can't be written: it has locks."""
    from embeddings.embedded_index import EmbeddedIndex

    if not is_read_only(folder):
        return EmbeddedIndex.open(folder, encoder=encoder.name, dim=encoder.dim)
    copy = elsewhere(folder)
    logger.warning("%s can't be written: questions are answered from a copy, %s.", folder, copy)
    index = EmbeddedIndex.open(copy, encoder=encoder.name, dim=encoder.dim)
    gone_with(index, copy)
    return index


def empty_index(settings: Settings, store: "StoryStore") -> None:
    """Throw away the index, and all that is kept beside it, to be made anew from the store."""
    from embeddings.embedded_index import EmbeddedIndex

    EmbeddedIndex.delete(settings.data / "index")
    if settings.index_engine != "embedded":
        open_index(settings, store, open_encoder(settings)).clear()


def settle(index: "PassageIndex") -> None:
    """Leave *index*, at the end of a command, so that it opens quickly; raise `IndexUnwritable`."""
    from embeddings.embedded_index import EmbeddedIndex

    if isinstance(index, EmbeddedIndex):
        index.settle()


def encoding_on(settings: Settings, address: str) -> "RayEncoding":
    """Return what encodes on the Ray cluster at *address*, a core to each encoder."""
    from embeddings.ray_cluster import check_address
    from embeddings.ray_encoding import RayEncoding

    check_address(address)
    if settings.encoder.engine == "sentence-transformers":
        from embeddings.sentence_encoder import SentenceEncoder

        return RayEncoding(
            address=address, open_encoder=partial(SentenceEncoder, settings.encoder.model)
        )
    from embeddings.onnx_encoder import OnnxEncoder

    return RayEncoding(address=address, open_encoder=partial(OnnxEncoder, threads=1))
