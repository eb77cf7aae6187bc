"""What became of each question, printed and read again."""

import json
from pathlib import Path

import pytest

from qa.errors import InvalidRun
from qa.scoring.evaluation import evaluation_json
from qa.scoring.results import read_run
from qa.scoring.scores import MEANS
from tests.outcomes import STORY, evaluation_of, five_outcomes, gold, results_of, withheld


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.scoring.metrics.RESAMPLES", 2)


def run_file(folder: Path, printed: object) -> Path:
    file = folder / "old.json"
    file.write_text(json.dumps(printed), "utf-8")
    return file


def test_what_is_printed_can_be_read_again(tmp_path: Path) -> None:
    outcomes = [*five_outcomes(), withheld(gold("unsure", "Ada Quinn"), "Ada Quinn", 0.3)]
    read = read_run(run_file(tmp_path, evaluation_json(evaluation_of(*outcomes))))
    assert list(read.questions) == results_of(*outcomes)
    assert read.file == "old.json"


def test_a_result_tells_what_was_asked_expected_given_and_scored() -> None:
    result = results_of(five_outcomes()[1])[0]
    assert (result.id, result.kind, result.source) == ("part", "person", "stories")
    assert (result.expected, result.given) == (("Quinn elected mayor",), "Ada Quinn was elected")
    assert (result.right, result.refused, result.withheld) == (True, False, None)
    assert (result.rank, result.cited, result.ms) == (2, STORY.source, 3.0)
    assert list(result.scores) == list(MEANS)
    assert result.scores["f1"] == pytest.approx(4 / 7)
    assert result.scores["abstention_recall"] is None


def test_a_refusal_tells_what_was_withheld_and_where_it_stands() -> None:
    [result] = results_of(withheld(gold("unsure", "Ada Quinn"), "Ada Quinn", 0.3))
    assert (result.refused, result.given, result.withheld) == (True, "", "Ada Quinn")
    assert result.passage is not None
    assert result.passage.startswith("Ada Quinn was elected")


def test_the_scores_of_the_questions_add_up_to_those_of_the_run() -> None:
    printed = evaluation_json(evaluation_of(*five_outcomes()))
    questions = printed["questions"]
    assert isinstance(questions, list)
    accuracy = [question["scores"]["accuracy"] for question in questions]
    assert printed["accuracy"]["value"] == sum(accuracy) / len(accuracy)  # type: ignore[index]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("no json", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ('{"n": 1, "accuracy": null}', "questions: Field required"),
        ('{"questions": []}', "questions: Tuple should have at least 1 item"),
        ('{"questions": [{"id": "1"}]}', "questions.0.kind: Field required"),
    ],
)
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(content, "utf-8")
    with pytest.raises(InvalidRun) as raised:
        read_run(file)
    assert str(raised.value).startswith(f"{file} is not what `dateline evaluate --json` prints: ")
    assert complaint in str(raised.value)


def test_a_score_out_of_range_is_refused(tmp_path: Path) -> None:
    printed = evaluation_json(evaluation_of(*five_outcomes()))
    printed["questions"][0]["scores"]["f1"] = 80.0  # type: ignore[index]
    with pytest.raises(InvalidRun, match=r"questions\.0\.scores\.f1: .* less than or equal to 1"):
        read_run(run_file(tmp_path, printed))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRun, match=r"old\.json can't be read: No such file"):
        read_run(tmp_path / "old.json")
