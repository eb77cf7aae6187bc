"""What every reader keeps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.story import Story
from embeddings.retriever import Hit
from qa.onnx_reader import OnnxReader
from qa.reader import Reader
from qa.reading.hf_reader import HfReader
from tests.fakes import WordReader, mayor_story
from tests.tiny_models import save_bert, save_roberta

QUESTION = "Who was elected mayor of Springfield?"


def words(_: Path) -> Reader:
    return WordReader()


def onnx(_: Path) -> Reader:
    return OnnxReader()


def bert(folder: Path) -> Reader:
    save_bert(folder)
    return HfReader(str(folder))


def roberta(folder: Path) -> Reader:
    save_roberta(folder)
    return HfReader(str(folder))


@pytest.fixture(
    scope="module", params=[words, pytest.param(onnx, marks=pytest.mark.models), bert, roberta]
)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    make: Callable[[Path], Reader] = request.param
    return make(tmp_path_factory.mktemp("reader"))


def hits_of(*stories: Story) -> list[Hit]:
    return [
        Hit(passage=passage, story=story, score=0.03)
        for story in stories
        for passage in split_story(story)
    ]


class TestReader:
    def test_the_answer_is_read_where_it_stands(self, reader: Reader) -> None:
        hits = hits_of(mayor_story())

        best = reader.read(QUESTION, hits)[0]

        assert best.text == "Ada Quinn"
        assert hits[0].story.body[best.story_start : best.story_end] == "Ada Quinn"

    def test_spans_come_best_first_over_all_passages(self, reader: Reader) -> None:
        bakery = mayor_story(story_id="b", title="Bakery", body="Lee Park sells bread all day.")

        spans = reader.read(QUESTION, hits_of(bakery, mayor_story()))

        assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)
        assert spans[0].text == "Ada Quinn"

    def test_spans_are_slices_of_their_passage(self, reader: Reader) -> None:
        story = mayor_story(
            body="“Ada\u00a0Quinn” — naïve 🙂 — won in 1998, İstanbul’s mayor said."
        )

        for span in reader.read(QUESTION, hits_of(story)):
            assert 0 <= span.start < span.end <= len(span.passage.text)
            assert story.body[span.story_start : span.story_end] == span.text

    def test_no_passages_give_no_spans(self, reader: Reader) -> None:
        assert reader.read(QUESTION, []) == []

    def test_the_same_passages_are_read_alike(self, reader: Reader) -> None:
        hits = hits_of(mayor_story())

        assert reader.read(QUESTION, hits) == reader.read(QUESTION, hits)

    def test_it_says_what_it_is(self, reader: Reader) -> None:
        assert reader.name
