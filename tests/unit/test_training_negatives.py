"""Mined passages are found for the question and don't hold its answer."""

from pathlib import Path

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.build import catch_up
from embeddings.retriever import Retriever
from qa.training.negatives import KEPT, mine
from qa.training.rows import Row, stories_of
from tests.fakes import DictIndex, HashingEncoder

ANSWERING = "Ada Quinn was elected mayor of Springfield."


def row(context: str, *, answer: str = "Ada Quinn") -> Row:
    return {
        "id": context[:8],
        "title": "Springfield",
        "context": context,
        "question": "Who was elected mayor of Springfield?",
        "answers": [{"text": answer, "start": context.index(answer)}] if answer else [],
        "is_impossible": not answer,
        "source": "test",
    }


def retriever_over(rows: list[Row], folder: Path) -> Retriever:
    store, encoder, index = StoryStore(folder / "s.sqlite"), HashingEncoder(), DictIndex()
    store.put([(story, split_story(story)) for story in stories_of(rows)])
    catch_up(store, index, encoder)
    return Retriever(store, encoder, index)


def test_what_looks_right_and_holds_no_answer_is_kept(tmp_path: Path) -> None:
    wrong = [f"The mayor of Springfield was elected in ward {ward}." for ward in range(4)]
    too = "Mayor ADA QUINN of Springfield was elected by a hair."
    rows = [row(ANSWERING), *(row(context, answer="") for context in [*wrong, too])]

    mined = list(mine(retriever_over(rows, tmp_path), [rows[0]]))

    assert len(mined) == KEPT
    assert {str(one["context"]) for one in mined} <= set(wrong)
    assert all(one["is_impossible"] and not one["answers"] for one in mined)
    assert all(one["question"] == rows[0]["question"] for one in mined)
    assert all(one["title"] == "Springfield" for one in mined)
    assert len({one["id"] for one in mined}) == KEPT
