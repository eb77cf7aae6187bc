"""How rewriting is scored, on conversations whose scores are worked out by hand."""

import json
from pathlib import Path

import pytest

from qa.errors import InvalidGold
from qa.scoring.rewrites import RewritingScores, main, read_rewrites, score_rewrites

TALK = [
    ("a_1", "What is throat cancer?", "What is throat cancer?"),
    ("a_2", "Is it treatable?", "Is throat cancer treatable?"),
    ("a_3", "Tell me about lung cancer.", "Tell me about lung cancer."),
    ("a_4", "What are its symptoms?", "What are lung cancer's early symptoms?"),
    ("b_1", "How old is it?", "How old is the Calder Bridge?"),
]


def rewrites(folder: Path, *talk: tuple[str, str, str]) -> Path:
    file = folder / "talk.jsonl"
    rows = (
        {"id": id_, "question": question, "rewrite": rewrite, "needs_rewrite": question != rewrite}
        for id_, question, rewrite in talk
    )
    file.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    return file


def test_terms_that_were_lost_are_counted_as_they_come_back(tmp_path: Path) -> None:
    scores = score_rewrites(read_rewrites(rewrites(tmp_path, *TALK)))
    # "throat cancer" and "lung cancer", not "early", nor "Calder Bridge" with nothing before it
    assert scores == RewritingScores(alone=2, needless=0, follow_ups=3, lost=7, recovered=4)
    assert scores.recovered_share == pytest.approx(4 / 7)


def test_a_question_of_its_own_that_is_changed_counts_as_needless(tmp_path: Path) -> None:
    same = "What are its symptoms?"
    scores = score_rewrites(read_rewrites(rewrites(tmp_path, TALK[0], ("a_2", same, same))))
    assert (scores.alone, scores.needless, scores.needless_share) == (2, 1, 0.5)


def test_scores_are_printed_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(rewrites(tmp_path, *TALK))])
    printed = json.loads(capsys.readouterr().out)
    assert (printed["needless_share"], printed["recovered_share"]) == (0.0, 0.5714)


def test_a_line_that_is_no_such_question_is_named(tmp_path: Path) -> None:
    file = rewrites(tmp_path, TALK[0])
    file.write_text(file.read_text("utf-8") + '{"id": "a_2"}\n', "utf-8")
    with pytest.raises(InvalidGold, match=r"talk\.jsonl, line 2: question"):
        read_rewrites(file)
    with pytest.raises(InvalidGold, match="can't be read"):
        read_rewrites(tmp_path / "none.jsonl")
