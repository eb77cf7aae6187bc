"""What `dateline doctor` looks at, in this order."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus.inspection import faults
from corpus.store import StoryStore
from embeddings.onnx_session import physical_cores
from qa.assemble import (
    assemble,
    open_confidence,
    open_conversations,
    open_reader,
    open_store,
)
from qa.assemble_search import open_encoder, open_index
from qa.keys import open_keys
from qa.operations.doctor import Check, Finding, fault, warning, well
from qa.settings import SECRETS_DIR, Settings
from qa.settings_page import variables

RESERVE_BYTES = 100_000_000
"""Less free space than this is a fault: SQLite's log of one large addition needs as much."""

STORES_KEPT_FREE = 2
"""A backup and a new index fit where so many times the store's size is free."""

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


def settings_given(settings: Settings) -> Iterator[Finding]:
    """Find variables, and files of secrets, that no setting has the name of."""
    known = {*variables(), SECRETS_DIR}
    folder = os.environ.get(SECRETS_DIR)
    files = [file.name.upper() for file in Path(folder).iterdir()] if folder else []
    given = [name for name in (*os.environ, *files) if name.startswith("DATELINE_")]
    unknown = sorted(set(given) - known)
    if unknown:
        says = f"no setting is named {', '.join(unknown)}"
        yield warning("settings", says, "See docs/settings.md for the names; these do nothing.")
    else:
        yield well("settings", "read, every value in its range")


def disk(settings: Settings) -> Iterator[Finding]:
    """Find a data folder that can't be written, or has little room."""
    if not os.access(settings.data, os.W_OK):
        do = "Give the folder to the user that runs Dateline, or name another with --data."
        yield fault("disk", f"{settings.data} can't be written", do)
        return
    free = shutil.disk_usage(settings.data).free
    size = sum(path.stat().st_size for path in settings.data.rglob("*") if path.is_file())
    says = f"{free / 1e9:,.1f} GB free, {size / 1e9:,.1f} GB in {settings.data}"
    if free < RESERVE_BYTES:
        yield fault("disk", says, "Make room: nothing can be added.")
    elif free < STORES_KEPT_FREE * size:
        yield warning("disk", says, "Make room for a backup beside it and for a new index.")
    else:
        yield well("disk", says)


def models(settings: Settings) -> Iterator[Finding]:
    """Find models that are missing, or not as their checksums say."""
    loaded = open_encoder(settings), open_reader(settings), open_confidence(settings)
    names = ", ".join(model.name for model in loaded)
    yield well("models", f"{names}; on {physical_cores()} cores")


def stories(settings: Settings) -> Iterator[Finding]:
    """Find what is wrong with the store."""
    with closing(open_store(settings)) as store:
        wrong = [*faults(store)]
        for sentence in wrong:
            do = "Keep a copy of the folder, then restore a backup, or add the stories anew."
            yield fault("stories", sentence, do)
        if not wrong:
            yield from _content(store)


def _content(store: StoryStore) -> Iterator[Finding]:
    if not store.count():
        yield fault("stories", "there are none", "`dateline add PATH` reads some.")
        return
    yield well("stories", f"{store.count():,} with {store.passage_count():,} passages, all whole")
    if store.pending_count():
        says = f"{store.pending_count():,} passages have no vector yet and can't be found"
        yield warning("stories", says, "Run `dateline add` again, with anything: it goes on.")
    _, last = store.date_range()
    if last and last > datetime.now(UTC).date() + timedelta(days=1):
        says = f"the newest is of {last}, which is to come"
        yield warning("stories", says, "See that the clock is right; `dateline status` lists it.")


def index(settings: Settings) -> Iterator[Finding]:
    """Find an index that is damaged, or behind the store."""
    encoder = open_encoder(settings)
    with closing(open_store(settings)) as store:
        opened = open_index(settings, store, encoder)
        behind = store.change - opened.change
        if store.encoder not in (None, encoder.name):
            says = f"the vectors are of {store.encoder}, and the settings name {encoder.name}"
            yield warning("index", says, "The next `dateline add` encodes every story anew.")
        elif behind and not opened.change:
            says = "it is missing, damaged or foreign"
            yield warning("index", says, "The next start makes it anew.")
        elif behind:
            where = "behind" if behind > 0 else "ahead of"
            says = f"it is {abs(behind):,} changes {where} the store"
            yield warning("index", says, "It catches up at the next start or question.")
        else:
            yield well("index", f"{len(opened):,} passages, complete up to change {opened.change}")


def conversations(settings: Settings) -> Iterator[Finding]:
    """Find a database of conversations that can't be used."""
    open_conversations(settings, forgets=False).close()
    elsewhere = settings.conversations.url is not None
    yield well("conversations", "in their own database" if elsewhere else "beside the stories")


def web(settings: Settings) -> Iterator[Finding]:
    """Find a server that others can reach and that lets everybody in."""
    keys = open_keys(settings).keys()
    if settings.web.host not in LOCAL_HOSTS and keys is None:
        says = f"it listens on {settings.web.host}, and the endpoints need no key"
        do = "If it is not for everybody, make keys with `dateline keys add NAME`."
        yield warning("web", says, do)
    else:
        needed = "no keys" if keys is None else f"{len(keys)} keys"
        yield well("web", f"for {settings.web.host}, {needed}")


def answers(settings: Settings) -> Iterator[Finding]:
    """Ask what a story's title says, and see that something comes of it."""
    assistant = assemble(settings)
    why_not = assistant.ready()
    if why_not:
        yield fault("answers", why_not, "Run `dateline add` or `dateline rebuild`.")
        return
    [story] = assistant.store.stories_page(1)
    answer = assistant.ask(story.title[: settings.answer.max_question_chars])
    yield well("answers", f"asked {story.title!r}: {answer.status}")


CHECKS: dict[str, Check] = {
    "settings": settings_given,
    "disk": disk,
    "models": models,
    "stories": stories,
    "index": index,
    "conversations": conversations,
    "web": web,
    "answers": answers,
}
