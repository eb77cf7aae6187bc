"""Gold files: what is read, and what is said of a line that is no question."""

import json
from datetime import date
from pathlib import Path

import pytest

from qa.errors import InvalidGold
from qa.scoring.gold import read_gold

MAYOR = {
    "id": "g1",
    "question": "Who is mayor of Springfield?",
    "kind": "person",
    "answers": [{"text": "Ada Quinn"}, {"text": "Quinn"}],
    "resolved": None,
    "files": ["mayor.html"],
    "evidence": "Ada Quinn was elected mayor of Springfield.",
    "is_impossible": False,
}


def gold_file(folder: Path, *lines: object) -> Path:
    file = folder / "gold.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return file


def test_a_line_is_a_question_with_its_answers_and_files(tmp_path: Path) -> None:
    [gold] = read_gold([gold_file(tmp_path, MAYOR)])
    assert (gold.id, gold.kind, gold.files) == ("g1", "person", ("mayor.html",))
    assert gold.texts == ["Ada Quinn", "Quinn"]


def test_an_unanswerable_question_has_no_answers(tmp_path: Path) -> None:
    impossible = MAYOR | {"answers": [], "files": [], "is_impossible": True, "evidence": None}
    [gold] = read_gold([gold_file(tmp_path, impossible)])
    assert gold.is_impossible
    assert gold.texts == []


@pytest.mark.parametrize(
    ("files", "source"),
    [
        (["stories/af_mil/a.html", "stories/gsdf/b.html"], "af_mil"),
        (["seeds/000.txt"], "seeds"),
        (["mayor.html"], "no folder"),
    ],
)
def test_a_question_s_source_is_the_folder_of_its_first_file(
    tmp_path: Path, files: list[str], source: str
) -> None:
    [gold] = read_gold([gold_file(tmp_path, MAYOR | {"files": files})])
    assert gold.source == source


def test_an_unanswerable_question_has_no_source(tmp_path: Path) -> None:
    impossible = MAYOR | {"answers": [], "files": [], "is_impossible": True}
    [gold] = read_gold([gold_file(tmp_path, impossible)])
    assert gold.source == "no story"


def test_filters_are_read_as_the_api_names_them(tmp_path: Path) -> None:
    filtered = MAYOR | {"filters": {"from": "2021-01-01", "publisher": "Gazette"}}
    [gold] = read_gold([gold_file(tmp_path, filtered)])
    assert gold.search_filters.from_date == date(2021, 1, 1)
    assert gold.search_filters.publisher == "Gazette"
    assert gold.search_filters.to_date is None


def test_turns_of_a_conversation_are_questions_that_follow_one_another(tmp_path: Path) -> None:
    later = MAYOR | {"question": "And her deputy?", "kind": "name", "standalone": "Who is deputy?"}
    del later["id"]
    first = later | {"question": "Who is mayor?", "standalone": None}
    golds = read_gold([gold_file(tmp_path, {"id": "c1", "turns": [first, later]}, MAYOR)])
    assert [(gold.id, gold.conversation, gold.question, gold.alone) for gold in golds] == [
        ("c1/1", "c1", "Who is mayor?", "Who is mayor?"),
        ("c1/2", "c1", "And her deputy?", "Who is deputy?"),
        ("g1", "", MAYOR["question"], MAYOR["question"]),
    ]


def test_files_are_read_in_order_and_empty_lines_passed_over(tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    first.write_text(f"\n{json.dumps(MAYOR)}\n\n", "utf-8")
    second.write_text(json.dumps(MAYOR | {"id": "g2"}), "utf-8")
    assert [gold.id for gold in read_gold([second, first])] == ["g2", "g1"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "no JSON"),
        ("[]", "valid dictionary"),
        (json.dumps(MAYOR | {"question": ""}), "question"),
        (json.dumps({"id": "g1"}), "question: Field required"),
        (json.dumps(MAYOR | {"answers": []}), "has answers or is impossible"),
        (json.dumps(MAYOR | {"is_impossible": True}), "has answers or is impossible"),
        (json.dumps(MAYOR | {"answers": ["Quinn"]}), "answers.0"),
        (json.dumps({"id": "c1", "turns": []}), "turns"),
        (json.dumps({"id": "c1", "turns": [MAYOR | {"standalone": ""}]}), "turns.0.standalone"),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(f"{json.dumps(MAYOR)}\n{line}\n", "utf-8")
    with pytest.raises(InvalidGold, match=complaint) as raised:
        read_gold([file])
    assert str(raised.value).startswith(f"{file}, line 2: ")


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidGold, match=r"nothing\.jsonl can't be read"):
        read_gold([tmp_path / "nothing.jsonl"])
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidGold, match=r"bytes\.jsonl can't be read"):
        read_gold([tmp_path / "bytes.jsonl"])


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(InvalidGold, match="No question"):
        read_gold([tmp_path / "empty.jsonl"])


def test_the_visible_gold_files_are_read_whole() -> None:
    folder = Path(__file__).resolve().parents[2] / ".." / "shared" / "gold" / "visible"
    if not folder.is_dir():
        pytest.skip("the gold questions are not on this machine")
    golds = read_gold(sorted(folder.glob("*.jsonl")))
    lines = sum(file.read_text("utf-8").count("\n") for file in folder.glob("*.jsonl"))
    assert len(golds) >= lines
    assert all(gold.files or gold.is_impossible for gold in golds)


def test_time_that_the_answer_comes_to_is_read(tmp_path: Path) -> None:
    row = {"id": "1", "question": "When?", "answers": [{"text": "today"}], "resolved": "2022-05"}
    rows = [row, row | {"id": "2", "resolved": None}]
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")

    assert [question.resolved for question in read_gold([file])] == ["2022-05", None]
