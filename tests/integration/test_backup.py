"""Backups of a data folder in use, restored elsewhere."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from corpus.store import StoryStore
from qa.assemble import assemble, bring_up_to_date, open_conversations
from qa.assistant import Assistant
from qa.commands.stories import add_stories
from qa.operations.backup import back_up
from qa.operations.checks import CHECKS
from qa.operations.doctor import examine
from qa.operations.restore import restore
from qa.receipt import canonical
from qa.serialize import answer_json
from qa.settings import Settings
from tests.fakes import mayor_story

pytestmark = pytest.mark.models

OWN = Path(__file__).parents[1] / "gold"
BUNDLED = Path(__file__).parents[2] / "corpus" / "stories"
ADDED = 8


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with Dateline's own stories and a conversation."""
    settings = Settings(data=tmp_path_factory.mktemp("backup") / "data")
    add_stories(settings, [BUNDLED, OWN / "stories"], publisher=None, if_empty=False)
    with closing(open_conversations(settings)) as conversations:
        conversations.begin()
    return settings


@pytest.fixture(scope="module")
def questions() -> list[str]:
    lines = (OWN / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][:100]


def answers(assistant: Assistant, questions: list[str]) -> list[str]:
    with ThreadPoolExecutor(max_workers=2) as threads:
        return [canonical(answer_json(given)) for given in threads.map(assistant.ask, questions)]


def test_a_hundred_answers_are_the_same_elsewhere_after_a_backup_under_load(
    settings: Settings, questions: list[str], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(max_workers=1) as aside:
        asked = aside.submit(answers, assemble(settings), questions)
        contents = back_up(settings, tmp_path / "backup.tar")
        assert not asked.done()
        restore(tmp_path / "backup.tar", tmp_path / "elsewhere")
        before = asked.result()
    again = answers(assemble(Settings(data=tmp_path / "elsewhere")), questions)

    assert len(again) == 100
    assert again == before
    assert {"stories.sqlite", "conversations.sqlite"} <= contents.files.keys()


def test_backup_while_stories_are_added_holds_whole_stories_and_an_index_that_catches_up(
    settings: Settings, tmp_path: Path
) -> None:
    restore_of_start = tmp_path / "start.tar"
    back_up(settings, restore_of_start)
    restore(restore_of_start, tmp_path / "busy")
    busy = Settings(data=tmp_path / "busy")
    begun = threading.Event()

    def add() -> None:
        for n in range(ADDED):
            with closing(StoryStore(busy.data / "stories.sqlite")) as store:
                body = f"Edition {n} was printed in Springfield on Monday. " * 40
                store.add([mayor_story(story_id=f"added-{n}", body=body)])
                bring_up_to_date(busy, store)
            begun.set()

    with ThreadPoolExecutor(max_workers=1) as aside:
        adding = aside.submit(add)
        assert begun.wait(timeout=120)
        contents = back_up(busy, tmp_path / "backup.tar")
        adding.result()
    restore(tmp_path / "backup.tar", tmp_path / "elsewhere")
    assistant = assemble(Settings(data=tmp_path / "elsewhere"))

    assert assistant.ready() is None
    assert assistant.store.count() == contents.stories
    assert len(assistant.retriever.index) == assistant.store.passage_count()
    assert assistant.store.pending_count() == 0
    [hit, *_] = assistant.search("Edition 0 was printed in Springfield", k=1)
    assert hit.story.story_id.startswith("added-")


def test_doctor_finds_nothing_wrong_and_asks_a_question(settings: Settings) -> None:
    found = [*examine(settings, CHECKS)]

    assert [finding for finding in found if finding.verdict == "fault"] == []
    assert {finding.what for finding in found} == CHECKS.keys()


def test_doctor_tells_an_index_that_is_damaged(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "damaged")
    for path in (tmp_path / "damaged" / "index" / "words").glob("*.idx"):
        path.write_bytes(b"?")

    [found] = examine(Settings(data=tmp_path / "damaged"), {"index": CHECKS["index"]})

    assert (found.verdict, found.says) == ("warning", "it is missing, damaged or foreign")
