"""Places as people name them to sources that can be followed, and what these need."""

import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.errors import FetchingOff, UnreadableSource
from corpus.fetching.dvids_source import PREFIX, DvidsAccess, DvidsSource
from corpus.fetching.fetcher import Fetcher
from corpus.fetching.pace import Pause
from corpus.fetching.policy import FetchPolicy
from corpus.fetching.run import Reach
from corpus.fetching.url_source import UrlSource
from corpus.fetching.urls import is_address
from corpus.folder_source import FolderSource
from corpus.intake_log import IntakeLog
from corpus.origins import Origins
from corpus.store import StoryStore
from corpus.visits import Source
from qa.settings import Settings

_HOW = (
    "set fetch.enabled (DATELINE_FETCH__ENABLED=true) and name the hosts that Dateline may ask in "
    "fetch.hosts (DATELINE_FETCH__HOSTS=news.example)"
)


def is_remote(place: str) -> bool:
    """Say whether *place* is to be fetched: an address, or a search of the DVIDS API."""
    return place.startswith(PREFIX) or is_address(place)


def open_origins(settings: Settings) -> Origins:
    """Open what is known of places, beside the store, whose folder must be there."""
    return Origins(settings.data / "origins.sqlite")


def open_intake_log(settings: Settings) -> IntakeLog:
    """Return where it is counted what came in and what was refused, beside the store."""
    return IntakeLog(settings.data / "intake.sqlite")


def sources_of(
    settings: Settings, places: Sequence[str], origins: Origins, pause: Pause = time.sleep
) -> list[Source]:
    """Return the sources that *places* name: folders, files, patterns, addresses and searches.

    Raises `FetchingOff` where one is to be fetched and the settings don't allow that.
    """
    remote = any(is_remote(place) for place in places)
    fetcher = open_fetcher(settings, pause) if remote else None
    reach = Reach(full_text=settings.fetch.full_text, max_pages=settings.fetch.max_pages)
    sources: list[Source] = []
    for place in places:
        if fetcher is None or not is_remote(place):
            sources.append(FolderSource(Path(place), origins))
        elif place.startswith(PREFIX):
            query = place.removeprefix(PREFIX).strip()
            sources.append(DvidsSource(query, _access(settings), fetcher, origins, reach))
        else:
            sources.append(UrlSource(place, fetcher, origins, reach))
    return sources


def open_fetcher(settings: Settings, pause: Pause = time.sleep) -> Fetcher:
    """Return what fetches as the settings allow; raise `FetchingOff` where they allow nothing."""
    given = settings.fetch
    hosts = [host.strip() for host in (given.hosts or "").split(",") if host.strip()]
    if not given.enabled:
        raise FetchingOff(
            f"fetching is off, so Dateline asks no other machine; to let it fetch, {_HOW}"
        )
    if _key(settings):
        hosts.append(given.dvids_url.partition("://")[2].rstrip("/"))
    if not hosts:
        raise FetchingOff(f"no host is named that Dateline may ask; {_HOW}")
    policy = FetchPolicy(
        hosts=tuple(hosts),
        private_addresses=given.private_addresses,
        pause_s=given.pause_s,
        silence_s=given.silence_s,
        total_s=given.total_s,
        max_bytes=given.max_bytes,
        user_agent=_user_agent(given.contact),
    )
    return Fetcher(policy, pause=pause)


def forget_lost(store: StoryStore, origins: Origins, followed: str) -> None:
    """Forget the places that *followed* led to and that are gone, or whose stories are."""
    for origin in origins.followed(followed):
        if origin.missing or len(store.stories(sorted(origin.story_ids))) < len(origin.story_ids):
            origins.forget(origin.place)


def _access(settings: Settings) -> DvidsAccess:
    key = _key(settings)
    if not key:
        raise FetchingOff(
            "the DVIDS API wants a key; put yours in fetch.dvids_key "
            "(DATELINE_FETCH__DVIDS_KEY) or its file's name in fetch.dvids_key_file"
        )
    return DvidsAccess(url=settings.fetch.dvids_url.rstrip("/"), key=key)


def _key(settings: Settings) -> str | None:
    if settings.fetch.dvids_key:
        return settings.fetch.dvids_key.get_secret_value().strip()
    file = settings.fetch.dvids_key_file
    if file is None:
        return None
    try:
        return next(iter(file.read_text("utf-8").split()), None)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"fetch.dvids_key_file, {file}, can't be read: {error}") from error


def _user_agent(contact: str | None) -> str:
    name = "Dateline"
    with suppress(PackageNotFoundError):
        name += f"/{version('dateline')}"
    return f"{name} (+{contact})" if contact else name
