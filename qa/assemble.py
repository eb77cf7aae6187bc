"""Settings to Assistant: the only place that names concrete classes."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import UnreadableSource
from corpus.store import StoryStore
from embeddings.build import Progress, catch_up
from embeddings.embedded_index import EmbeddedIndex
from embeddings.encoder import Encoder
from embeddings.glossary import Glossary
from embeddings.index import PassageIndex
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.retriever import Retriever
from embeddings.sentence_encoder import SentenceEncoder
from qa.assistant import Assistant
from qa.compose import Composer
from qa.confidence import BUNDLED as BUNDLED_CONFIDENCE
from qa.confidence import ConfidenceModel
from qa.hf_reader import HfReader
from qa.knowledge import Knowledge
from qa.onnx_reader import BUNDLED as BUNDLED_READER
from qa.onnx_reader import OnnxReader
from qa.reader import Reader
from qa.settings import Settings
from qa.spelling import Speller
from qa.suggestion_store import SuggestionStore
from qa.suggestions import Suggestions

if TYPE_CHECKING:
    from qa.sql_conversations import SqlConversations


def open_store(settings: Settings) -> StoryStore:
    """Open the story store in the data folder, both made if missing."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableSource(
            f"the data folder {settings.data} can't be made: {error.strerror}"
        ) from error
    return StoryStore(settings.data / "stories.sqlite")


def open_conversations(settings: Settings, *, forgets: bool = True) -> "SqlConversations":
    """Open the database of conversations and feedback that the settings name.

    Unless it *forgets*, conversations that are past their time stay, for the server to delete.
    """
    kept = settings.conversations
    beside_stories = settings.data.resolve() / "conversations.sqlite"
    # Asking needs no such database, and shouldn't wait for what speaks to one.
    from sqlalchemy import URL

    from qa.sql_conversations import SqlConversations

    return SqlConversations(
        kept.url.get_secret_value()
        if kept.url
        else URL.create("sqlite", database=str(beside_stories)),
        keep=timedelta(days=kept.keep_days) if forgets else None,
        max_turns=kept.max_turns,
    )


def open_encoder(settings: Settings) -> Encoder:
    """Load the encoder that the settings name."""
    if settings.encoder.engine == "sentence-transformers":
        return SentenceEncoder(settings.encoder.model)
    return OnnxEncoder(threads=settings.encoder.threads)


def open_reader(settings: Settings) -> Reader:
    """Load the reader that the settings name."""
    model, threads = settings.reader.model, settings.reader.threads
    if model and settings.reader.engine == "huggingface":
        return HfReader(model, threads=threads)
    return OnnxReader(Path(model) if model else BUNDLED_READER, threads=threads)


def open_confidence(settings: Settings) -> ConfidenceModel:
    """Load the confidence model that the settings name."""
    return ConfidenceModel.load(settings.answer.confidence_model or BUNDLED_CONFIDENCE)


def open_index(settings: Settings, encoder: Encoder) -> PassageIndex:
    """Open the index of *encoder*'s vectors in the data folder."""
    return EmbeddedIndex.open(settings.data / "index", encoder=encoder.name, dim=encoder.dim)


def bring_up_to_date(
    settings: Settings, store: StoryStore, on_progress: Progress | None = None
) -> None:
    """Encode the stories that have no vectors yet, and index every change."""
    encoder = open_encoder(settings)
    catch_up(store, open_index(settings, encoder), encoder, on_progress)
    open_glossary(settings).follow(store)


def open_glossary(settings: Settings) -> Glossary:
    """Return the glossary beside the index."""
    return Glossary(settings.data / "index" / "glossary.sqlite")


def open_knowledge(settings: Settings, retriever: Retriever) -> Knowledge:
    """Return what helps to understand questions, up to date with the store."""
    store, index, glossary = retriever.store, retriever.index, open_glossary(settings)
    glossary.follow(store, index.change)
    speller = Speller(index.vocabulary, store) if isinstance(index, EmbeddedIndex) else None
    return Knowledge(glossary=glossary, speller=speller)


def open_retriever(settings: Settings) -> Retriever:
    """Return the search over the data folder's stories, its index up to date with the store."""
    store, encoder = open_store(settings), open_encoder(settings)
    index = open_index(settings, encoder)
    catch_up(store, index, encoder)
    return Retriever(store, encoder, index, settings.retrieval.candidates)


def assemble(settings: Settings) -> Assistant:
    """Return the assistant that *settings* describe, its index up to date with the store."""
    retriever = open_retriever(settings)
    confidence = open_confidence(settings)
    threshold = settings.answer.threshold
    composer = Composer(
        store=retriever.store,
        retriever=retriever,
        confidence=confidence,
        threshold=confidence.operating_point.threshold if threshold is None else threshold,
    )
    return Assistant(
        store=retriever.store,
        retriever=retriever,
        reader=open_reader(settings),
        composer=composer,
        passages_read=settings.reader.passages,
        enough=settings.reader.enough,
        max_question_chars=settings.answer.max_question_chars,
        settings=_fingerprint(settings),
        suggestions=Suggestions(SuggestionStore(settings.data / "suggestions.sqlite")),
        knowledge=open_knowledge(settings, retriever),
    )


def _fingerprint(settings: Settings) -> str:
    """Return a hash of the settings that make a difference to answers."""
    deciding = settings.model_dump_json(include={"encoder", "reader", "retrieval", "answer"})
    return hashlib.blake2b(deciding.encode(), digest_size=8).hexdigest()
