"""How the index is, for whoever keeps it running."""

from dataclasses import dataclass

from corpus.store import StoryStore
from embeddings.errors import SearchError
from qa.assemble_search import open_encoder, open_index
from qa.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """The *engine* that searches, and in *detail* how it is.

    *change* and *passages* tell how far a server's index is; they are None where it can't be asked,
    and for the embedded index, which each process opens for itself.
    """

    engine: str
    detail: str
    change: int | None = None
    passages: int | None = None


def index_status(settings: Settings, store: StoryStore) -> IndexStatus:
    """Ask the index how it is; an error that this meets is told in the detail."""
    engine = settings.index_engine
    if engine == "embedded":
        return IndexStatus(engine=engine, detail="in the data folder")
    reading = settings.model_copy(update={"milvus_writes": False})
    try:
        index = open_index(reading, store, open_encoder(settings))
        change, passages = index.change, len(index)
    except SearchError as error:
        return IndexStatus(engine=engine, detail=str(error))
    behind = store.change - change
    state = "up to date" if behind <= 0 else f"{behind:,} changes behind"
    detail = f"{passages:,} passages, {state}"
    return IndexStatus(engine=engine, detail=detail, change=change, passages=passages)
