"""The benchmark beside other libraries, with a peer that needs no library."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peers.legs import DATELINE, LEGS, Leg
from benchmarks.peers.limit import Limit, Shape
from benchmarks.peers.material import Material, collect, sampled
from benchmarks.peers.process import PeerFailed, PeerProcess
from benchmarks.peers.protocol import Message
from benchmarks.peers.run import Plan, Record, run
from benchmarks.peers.scoring import judged, quality
from benchmarks.peers.sizes import installed_mb
from benchmarks.peers.tables import pages
from benchmarks.peers.windows import OVERLAP, WORDS, windows
from corpus.story import Story
from qa.scoring.gold import GoldAnswer, GoldQuestion

PINS = sorted((Path(__file__).parents[2] / "benchmarks" / "peers").glob("*.txt"))
WORDS_LEG = Leg(name="words", adapter="tests.word_peer", environment="")
OTHER_LEG = replace(WORDS_LEG, name="others", retrieval="other")
LIMIT = Limit(gflops=100.0, answer_gflop=20.0, passage_gflop=2.0)

Start = Callable[[Leg], PeerProcess]


def story(name: str, body: str) -> Story:
    return Story(story_id=name, source=f"folder/{name}.txt", title=name, body=body)


def question(text: str, *answers: str, files: Sequence[str] = ()) -> GoldQuestion:
    return GoldQuestion(
        id=text,
        question=text,
        answers=tuple(GoldAnswer(text=answer) for answer in answers),
        files=tuple(files),
        is_impossible=not answers,
    )


MATERIAL = Material(
    stories=(story("Harbor", "The harbor opens on Monday."), story("Bridge", "A bridge fell.")),
    questions=(
        question("when harbor opens", "Harbor", files=["Harbor.txt"]),
        question("which bridge fell", "Bridge", files=["Harbor.txt"]),
        question("who sings"),
    ),
)


@pytest.fixture
def start(tmp_path: Path) -> Start:
    return partial(PeerProcess, environments=tmp_path, work=tmp_path, reader=tmp_path)


def measure(start: Start, work: Path, plan: Plan) -> list[Record]:
    return run(
        MATERIAL, [WORDS_LEG, OTHER_LEG], plan, start=start, work=work, told=lambda what: None
    )


def test_every_peer_is_asked_every_block_in_the_same_order(start: Start, tmp_path: Path) -> None:
    plan = Plan(rounds=2, block=2, clients=(1, 8), starts=2)
    for record in measure(start, tmp_path, plan):
        assert [b.clients for b in record.blocks] == [1, 8] * 4
        assert [len(b.milliseconds) for b in record.blocks] == [2, 2, 1, 1] * 2
        assert [reply["text"] for reply in record.replies] == ["Harbor", "Bridge", None]
        assert record.passages == 2
        assert len(record.cold_s) == 2
        assert 1 < record.asking_mb < 1000


def test_legs_that_index_alike_share_an_index(start: Start, tmp_path: Path) -> None:
    again = replace(WORDS_LEG, k=None)
    told: list[str] = []
    first, second = run(
        MATERIAL,
        [WORDS_LEG, again],
        Plan(rounds=1, starts=0),
        start=start,
        work=tmp_path,
        told=told.append,
    )
    assert [line for line in told if line.startswith("indexing")] == ["indexing: words"]
    assert first.indexing_s == second.indexing_s


def test_a_peer_that_ends_says_why(start: Start, tmp_path: Path) -> None:
    with start(WORDS_LEG) as peer:
        peer.index(MATERIAL.write(tmp_path / "stories.jsonl"))
        peer.open()
        with pytest.raises(PeerFailed, match=r"words ended at 'ask'(?s:.*)the reader is gone"):
            peer.ask(["die"], 1)


def test_clients_may_wait_for_one_another(start: Start, tmp_path: Path) -> None:
    with start(replace(WORDS_LEG, one_at_a_time=True)) as peer:
        peer.index(MATERIAL.write(tmp_path / "stories.jsonl"))
        peer.open()
        _, replies = peer.ask(["harbor"] * 20, 8)
    assert {reply["source"] for reply in replies} == {"folder/Harbor.txt"}


def test_a_peer_without_an_environment_is_told_how_to_get_one(start: Start) -> None:
    with pytest.raises(FileNotFoundError, match="make bench-peers"):
        start(LEGS[1])


def test_the_tables_have_a_row_for_every_leg(start: Start, tmp_path: Path) -> None:
    records = measure(start, tmp_path, Plan(rounds=1, starts=1))
    lines = list(pages(records, MATERIAL, LIMIT, {}))
    assert sum(line.startswith("| words |") for line in lines) == 4
    assert sum(line.startswith("| others |") for line in lines) == 4
    assert "5.0 answers/s" in lines[0]
    assert "50 passages/s" in lines[0]
    columns = {
        name: line.count("|") for name in ("words", "others") for line in lines if name in line
    }
    assert columns["words"] == columns["others"]


def test_answers_are_judged_like_those_of_an_evaluation() -> None:
    replies: list[Message] = [
        {"text": "the Harbor", "source": "folder/Harbor.txt", "passage": "The harbor opens."},
        {"text": "Harbor", "source": "folder/Bridge.txt", "passage": "The bridge fell."},
        {"text": None, "source": None, "passage": None},
    ]
    scores = quality([judged(*each) for each in zip(MATERIAL.questions, replies, strict=True)])
    means = {name: score.value for name, score in scores.items() if score}
    assert means == {
        "f1": 0.5,
        "exact_match": 0.5,
        "accuracy": pytest.approx(2 / 3),
        "cites_story": 0.5,
        "citation_accuracy": 0.5,
        "abstention_recall": 1.0,
    }


def test_a_citation_needs_the_story_and_the_words() -> None:
    asked = question("when", "on Monday", files=["a.txt"])
    elsewhere = judged(asked, {"text": "Monday", "source": "a.txt", "passage": "It opens Sunday."})
    assert elsewhere.cites_story == 1.0
    assert elsewhere.cites_words == 0.0
    within = judged(asked, {"text": "Sun", "source": "a.txt", "passage": "It opens on Monday."})
    assert within.cites_words == 1.0
    refused = judged(asked, {"text": None, "source": None, "passage": None})
    assert refused.cites_words is None
    assert (refused.f1, refused.right) == (0.0, 0.0)


def test_a_sample_holds_the_stories_that_questions_need() -> None:
    stories = [story(f"s{number}", f"Story {number} is told.") for number in range(50)]
    kept = sampled(stories, [question("what", "told", files=["s41.txt"])], 10)
    assert len(kept) == 10
    assert "s41" in {each.story_id for each in kept}


def test_questions_that_need_a_dialogue_or_filters_are_left_out(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    alone = '{"id": "a", "question": "Who?", "answers": [{"text": "Ada"}]}'
    narrowed = (
        '{"id": "b", "question": "Who?", "answers": [{"text": "Ada"}],'
        ' "filters": {"publisher": "DTRA"}}'
    )
    gold.write_text(f'{alone}\n{narrowed}\n{{"id": "c", "turns": [{alone}]}}\n')
    (tmp_path / "s.md").write_text("# A story\n\nAda Quinn opened the harbor on Monday.\n")
    material = collect([tmp_path / "s.md"], [gold], None)
    assert [each.id for each in material.questions] == ["a"]
    assert len(material.stories) == 1
    assert material.passage_count == 1


@given(st.lists(st.text("abcé-", min_size=1, max_size=9), max_size=400).map(" ".join))
def test_windows_hold_every_word_and_none_is_too_long(text: str) -> None:
    cut = list(windows(text))
    words = text.split()
    assert all(0 < len(passage.split()) <= WORDS for passage in cut)
    rejoined = [
        word
        for number, passage in enumerate(cut)
        for word in passage.split()[OVERLAP if number else 0 :]
    ]
    assert rejoined == words


def test_reading_costs_what_the_formula_says() -> None:
    bundled = Shape(layers=6, width=384, feed_forward=1536)
    assert bundled.gflop(384) == pytest.approx(9.51, abs=0.01)
    assert LIMIT.answers_per_s == 5.0
    assert LIMIT.passages_per_s == 50.0


def test_the_size_of_an_environment_is_that_of_its_packages(tmp_path: Path) -> None:
    packages = tmp_path / "peer" / "lib" / "python3.11" / "site-packages"
    for name in ("library", "pip", "library/__pycache__"):
        (packages / name).mkdir(parents=True)
        (packages / name / "code").write_bytes(bytes(2**20))
    assert installed_mb(tmp_path, "peer") == 1.0
    assert installed_mb(tmp_path, "none") is None
    assert installed_mb(tmp_path, "") is None


def test_legs_have_names_of_their_own_and_environments_that_can_be_made() -> None:
    assert len({leg.name for leg in LEGS}) == len(LEGS)
    made = {file.stem for file in PINS} | {DATELINE.environment}
    assert {leg.environment for leg in LEGS} == made


@pytest.mark.parametrize("file", PINS, ids=lambda file: str(file.stem))
def test_what_a_peer_needs_is_pinned(file: Path) -> None:
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    # Any other torch brings gigabytes for graphics cards along.
    assert {line for line in lines if line.startswith("torch==")} <= {"torch==2.13.0"}
