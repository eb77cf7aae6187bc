"""Settings to Assistant: with `qa/assemble_search.py`, the only places naming concrete classes."""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import UnreadableSource
from qa.assemble_search import open_encoder, open_index, settle
from qa.operations.read_only import elsewhere, gone_with, is_read_only
from qa.settings import Settings

# Most commands need a few of the parts, and shouldn't wait for what the others import.
if TYPE_CHECKING:
    from corpus.store import StoryStore
    from embeddings.build import EncodePending, Progress
    from embeddings.encoder import Encoder
    from embeddings.glossary import Glossary
    from embeddings.retriever import Retriever
    from qa.answer_cache import AnswerCache
    from qa.assistant import Assistant
    from qa.confidence import ConfidenceModel
    from qa.conversations.sql_conversations import SqlConversations
    from qa.reader import Reader
    from qa.reading.enough import StopRule
    from qa.understanding.knowledge import Knowledge

logger = logging.getLogger(__name__)

WRITER_WAITS_S = 60.0
"""How long a command that changes stories waits for another one that writes to a server's index."""


def open_store(settings: Settings) -> "StoryStore":
    """Open the story store in the data folder, both made if missing."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableSource(
            f"the data folder {settings.data} can't be made: {error.strerror}"
        ) from error
    from corpus.store import StoryStore

    return StoryStore(settings.data / "stories.sqlite")


def open_conversations(settings: Settings, *, forgets: bool = True) -> "SqlConversations":
    """Open the database of conversations and feedback that the settings name.

    Unless it *forgets*, conversations that are past their time stay, for the server to delete.
    Where they belong in a data folder that can't be written, they are kept as long as this is used.
    """
    kept = settings.conversations
    homeless = not kept.url and is_read_only(settings.data)
    folder = elsewhere() if homeless else settings.data.resolve()
    from sqlalchemy import URL

    from qa.conversations.sql_conversations import SqlConversations

    conversations = SqlConversations(
        kept.url.get_secret_value()
        if kept.url
        else URL.create("sqlite", database=str(folder / "conversations.sqlite")),
        keep=timedelta(days=kept.keep_days) if forgets else None,
        max_turns=kept.max_turns,
    )
    if homeless:
        gone_with(conversations, folder)
        logger.warning(
            "%s can't be written: conversations and feedback are forgotten when the server ends.",
            settings.data,
        )
    return conversations


def open_reader(settings: Settings) -> "Reader":
    """Load the reader that the settings name."""
    model, threads = settings.reader.model, settings.reader.threads
    if model and settings.reader.engine == "huggingface":
        from qa.reading.hf_reader import HfReader

        return HfReader(model, threads=threads)
    from qa.onnx_reader import BUNDLED, OnnxReader

    return OnnxReader(Path(model) if model else BUNDLED, threads=threads)


def open_stop_rule(settings: Settings) -> "StopRule":
    """Return when reading ends; a first look is fitted to the bundled reader, and to no other."""
    from qa.reading.enough import StopRule
    from qa.reading.first_look import FirstLook

    chosen = settings.reader
    look = FirstLook.load() if chosen.model is None and chosen.risk else None
    return StopRule(enough=chosen.enough, risk=chosen.risk, look=look)


def open_confidence(settings: Settings) -> "ConfidenceModel":
    """Load the confidence model that the settings name."""
    from qa.confidence import BUNDLED, ConfidenceModel

    return ConfidenceModel.load(settings.answer.confidence_model or BUNDLED)


def bring_up_to_date(
    settings: Settings,
    store: "StoryStore",
    on_encoding: "Progress | None" = None,
    on_indexing: "Progress | None" = None,
    *,
    encode: "EncodePending | None" = None,
) -> None:
    """Encode the stories that have no vectors yet, here or by *encode*, and index every change."""
    from embeddings.build import catch_up

    encoder = open_encoder(settings)
    index = open_index(settings, store, encoder, patience_s=WRITER_WAITS_S)
    catch_up(store, index, encoder, on_encoding, on_indexing, encode=encode)
    settle(index)
    open_glossary(settings).follow(store)


def open_glossary(settings: Settings) -> "Glossary":
    """Return the glossary beside the index."""
    from embeddings.glossary import Glossary

    return Glossary(settings.data / "index" / "glossary.sqlite")


def open_knowledge(settings: Settings, retriever: "Retriever") -> "Knowledge":
    """Return what helps to understand questions, up to date with the store."""
    from embeddings.embedded_index import EmbeddedIndex
    from qa.understanding.knowledge import Knowledge
    from qa.understanding.spelling import Speller

    store, index, glossary = retriever.store, retriever.index, open_glossary(settings)
    glossary.follow(store, index.change)
    speller = Speller(index.vocabulary, store) if isinstance(index, EmbeddedIndex) else None
    return Knowledge(glossary=glossary, speller=speller)


def open_retriever(settings: Settings) -> "Retriever":
    """Return the search over the data folder's stories, its index up to date with the store."""
    return _retriever(settings, open_encoder(settings))


def _retriever(settings: Settings, encoder: "Encoder") -> "Retriever":
    from embeddings.build import catch_up
    from embeddings.retriever import Retriever

    store = open_store(settings)
    index = open_index(settings, store, encoder)
    catch_up(store, index, encoder)
    return Retriever(store, encoder, index, settings.retrieval.candidates)


def assemble(settings: Settings) -> "Assistant":
    """Return the assistant that *settings* describe, its index up to date with the store.

    The models are read and checked in threads, which need little of Python, while the rest is
    imported and opened.
    """
    with ThreadPoolExecutor(2, "models") as threads:
        encoder = threads.submit(open_encoder, settings)
        reader = threads.submit(open_reader, settings)
        from qa.assistant import Assistant
        from qa.composing.compose import Composer
        from qa.suggesting.suggestion_store import SuggestionStore
        from qa.suggesting.suggestions import Suggestions

        retriever = _retriever(settings, encoder.result())
        confidence = open_confidence(settings)
        stop = open_stop_rule(settings)
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
            reader=reader.result(),
            composer=composer,
            passages_read=settings.reader.passages,
            stop=stop,
            max_question_chars=settings.answer.max_question_chars,
            settings=_fingerprint(settings, stop),
            suggestions=Suggestions(SuggestionStore(settings.data / "suggestions.sqlite")),
            knowledge=open_knowledge(settings, retriever),
            cache=open_cache(settings),
        )


def open_cache(settings: Settings) -> "AnswerCache | None":
    """Return an empty cache of answers, or None if the settings want none."""
    from qa.answer_cache import AnswerCache

    megabytes = settings.answer.cache_mb
    return AnswerCache(megabytes * 1_000_000) if megabytes else None


def _fingerprint(settings: Settings, stop: "StopRule") -> str:
    """Return a hash of what is set and makes a difference to answers, and of what *stop* knows."""
    deciding = settings.model_dump_json(
        include={"encoder", "reader", "retrieval", "answer", "index_engine"},
        exclude={"answer": {"cache_mb"}},
    )
    looked = stop.look.name if stop.look else ""
    return hashlib.blake2b((deciding + looked).encode(), digest_size=8).hexdigest()
