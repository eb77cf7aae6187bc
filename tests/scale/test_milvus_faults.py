"""Servers that are killed, connections that are cut, writers that die: nothing lost or doubled."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.store import StoryStore
from embeddings import build
from embeddings.build import catch_up, encode_pending, follow
from embeddings.errors import IndexUnreachable
from embeddings.index import Query
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.fakes import assistant_of_words
from tests.milvus import Cable, Server, lite_installed
from web import create_app

if not lite_installed():
    pytest.skip("needs the group `scale`", allow_module_level=True)

from embeddings.milvus_collection import MilvusCollection
from tests.scale.milvus_newsroom import ENCODER, ids_in, ids_of, open_index, put_stories

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cable(milvus_uri: str) -> Iterator[Cable]:
    cable = Cable(int(milvus_uri.rpartition(":")[2]))
    yield cable
    cable.close()


def killed(*_: object) -> None:
    """End as a process does that is killed at this step."""
    raise KeyboardInterrupt


def test_server_killed_while_stories_are_added_loses_and_doubles_none(
    mortal: Server, store: StoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "CHANGES_APPLIED", 20)
    index = open_index(mortal.uri, store, tmp_path)
    put_stories(store, range(400))
    encode_pending(store, ENCODER)
    adding = threading.Thread(target=catch_up, args=(store, index, ENCODER))
    adding.start()
    kills, seen = 0, -1
    while adding.is_alive() and kills < 2:
        if index._known[0] > max(seen, 0):  # something was acknowledged since the last time
            seen = index._known[0]
            mortal.kill()
            time.sleep(0.2)
            mortal.start()
            kills += 1
        time.sleep(0.002)
    adding.join(120)
    assert kills == 2
    assert index.change == store.change
    assert ids_in(index) == ids_of(store)
    assert len(ids_of(store)) == 400


@pytest.mark.parametrize("after_bytes", [500, 20_000, 90_000, 140_000])
def test_connection_cut_while_writing_is_made_anew_and_all_is_written(
    cable: Cable, store: StoryStore, tmp_path: Path, after_bytes: int
) -> None:
    index = open_index(cable.uri, store, tmp_path)
    put_stories(store, range(150))
    encode_pending(store, ENCODER)
    cable.cut_after = after_bytes
    catch_up(store, index, ENCODER)
    assert cable.cuts == 1
    assert index.change == store.change
    assert ids_in(index) == ids_of(store)


@pytest.mark.parametrize("step", ["record", "write"])
def test_what_a_killed_writer_left_undone_is_done_by_the_next(
    milvus_uri: str,
    store: StoryStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    put_stories(store, range(20))
    index = open_index(milvus_uri, store, tmp_path)
    catch_up(store, index, ENCODER)
    before = index.change
    store.remove("s3")
    put_stories(store, range(10, 30), edition=2)
    encode_pending(store, ENCODER)
    with monkeypatch.context() as patch:
        patch.setattr(MilvusCollection, step, killed)
        with pytest.raises(KeyboardInterrupt):
            catch_up(store, index, ENCODER)
    reopened = open_index(milvus_uri, store, tmp_path)
    assert reopened.change == before
    catch_up(store, reopened, ENCODER)
    assert reopened.change == store.change
    assert ids_in(reopened) == ids_of(store)


def test_collection_that_was_half_made_is_made_anew(
    milvus_uri: str, store: StoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_stories(store, range(3))
    index = open_index(milvus_uri, store, tmp_path)
    catch_up(store, index, ENCODER)
    with monkeypatch.context() as patch:
        patch.setattr(MilvusCollection, "ensure", killed)
        with pytest.raises(KeyboardInterrupt):
            index.clear()
    reopened = open_index(milvus_uri, store, tmp_path)
    assert (reopened.change, len(reopened)) == (0, 0)
    catch_up(store, reopened, ENCODER)
    assert ids_in(reopened) == ids_of(store)


def test_processes_that_add_and_remove_at_once_leave_what_the_store_has(
    milvus_uri: str, store: StoryStore, tmp_path: Path
) -> None:
    line = [sys.executable, "-m", "tests.scale.milvus_newsroom", milvus_uri, str(tmp_path)]
    open_index(milvus_uri, store, tmp_path)
    writers = [subprocess.Popen([*line, str(seed), "15"], cwd=ROOT) for seed in (1, 2)]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    index = open_index(milvus_uri, store, tmp_path)
    catch_up(store, index, ENCODER)
    assert index.change == store.change
    assert ids_in(index) == ids_of(store)
    for story in store.stories_page(100):
        [vector] = ENCODER.encode_queries([f"News\n{story.body}"])
        first = index.search(Query(text=story.body, vector=vector), 1)[0]
        assert store.passages([first.passage_id])[first.passage_id].story_id == story.story_id


def test_search_fails_in_time_while_the_server_is_away_and_works_once_it_is_back(
    mortal: Server, store: StoryStore, tmp_path: Path
) -> None:
    put_stories(store, range(5))
    with_password = mortal.uri.replace("http://", "http://me:secret@")
    index = open_index(with_password, store, tmp_path, search_s=1.0)
    catch_up(store, index, ENCODER)
    mortal.kill()
    [vector] = ENCODER.encode_queries(["town"])
    started = time.monotonic()
    with pytest.raises(IndexUnreachable, match="no story is lost") as told:
        index.search(Query(text="town", vector=vector), 3)
    assert time.monotonic() - started < 10
    assert "secret" not in str(told.value)
    with pytest.raises(IndexUnreachable):
        open_index(mortal.uri, store, tmp_path, search_s=0.5)
    mortal.start()
    patient = open_index(mortal.uri, store, tmp_path)
    assert ids_in(patient) == ids_of(store)
    assert len(index.search(Query(text="town", vector=vector), 3)) == 3


def test_stories_added_while_the_server_is_away_are_indexed_later(
    mortal: Server, store: StoryStore, tmp_path: Path
) -> None:
    index = open_index(mortal.uri, store, tmp_path, search_s=1.0, write_s=1.0)
    mortal.kill()
    put_stories(store, range(7))
    with pytest.raises(IndexUnreachable):
        catch_up(store, index, ENCODER)
    assert store.pending_count() == 0
    mortal.start()
    time.sleep(1)
    follow(store, index)
    assert ids_in(index) == ids_of(store)


def test_server_of_pages_says_503_and_when_to_come_back(
    cable: Cable, store: StoryStore, tmp_path: Path
) -> None:
    put_stories(store, range(5))
    index = open_index(cable.uri, store, tmp_path, search_s=1.0)
    assistant = assistant_of_words(store, index)
    conversations = SqlConversations(f"sqlite:///{tmp_path}/conversations.sqlite")
    client = create_app(Settings(), assistant, conversations).test_client()
    asked = {"question": "What is news of the town?"}
    assert client.get("/readyz").status_code == 200
    cable.cut()
    ready, answer = client.get("/readyz"), client.post("/v1/ask", json=asked)
    page = client.get("/", query_string={"q": "What is news of the town?"})
    assert [ready.status_code, answer.status_code, page.status_code] == [503, 503, 503]
    assert ready.headers["Retry-After"] == answer.headers["Retry-After"] == "5"
    assert client.get("/healthz").status_code == 200
    cable.mend()
    assert client.get("/readyz").status_code == 200
    assert client.post("/v1/ask", json=asked).status_code == 200
    conversations.close()
