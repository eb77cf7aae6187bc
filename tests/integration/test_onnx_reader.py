"""The shipped reader on real words, and what happens when it is not there."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import split_story
from corpus.story import Passage, Story
from embeddings.retriever import Hit
from qa.errors import ReaderDamaged, ReaderNotFound
from qa.onnx_reader import BUNDLED, GRAPH, MANIFEST, OnnxReader
from tests.fakes import mayor_story

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader(threads=1)


def hit_of(text: str, title: str = "") -> Hit:
    story = Story(story_id="s", source="s.txt", title=title, body=text)
    passage = Passage(passage_id=1, story_id="s", ordinal=0, start=0, end=len(text), text=text)
    return Hit(passage=passage, story=story, score=0.03)


def test_the_title_is_read_but_never_answered_with(reader: OnnxReader) -> None:
    hit = hit_of("She spoke at noon in Lyon.", title="Mayor Ada Quinn speaks")

    spans = reader.read("Who spoke?", [hit])

    assert all(span.text in hit.passage.text for span in spans)


def test_an_answer_far_down_a_long_passage_is_found(reader: OnnxReader) -> None:
    filler = "The committee met again and talked about nothing of note. " * 60
    hit = hit_of(filler + "Ada Quinn was elected mayor of Springfield. " + filler)

    assert reader.read("Who was elected mayor of Springfield?", [hit])[0].text == "Ada Quinn"


def test_a_question_as_long_as_allowed_is_read(reader: OnnxReader) -> None:
    question = "Who was elected mayor of Springfield " + "和" * 900 + "?"

    assert reader.read(question, [hit_of("Ada Quinn was elected mayor.")])


def test_a_passage_alone_and_among_longer_ones_scores_nearly_alike(reader: OnnxReader) -> None:
    question = "Who was elected mayor of Springfield?"
    story = mayor_story()
    hits = [Hit(passage=passage, story=story, score=0.03) for passage in split_story(story)]

    [alone] = reader.read(question, hits[:1])[:1]
    spans = reader.read(question, hits)
    together = next(span for span in spans if span.passage == alone.passage)

    assert (alone.start, alone.end) == (together.start, together.end)
    # Activations are quantised a batch at a time: scores move a little with the company.
    assert np.isclose(alone.score, together.score, atol=1.5)


def test_a_missing_reader_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReaderNotFound, match="set DATELINE_READER__MODEL"):
        OnnxReader(tmp_path)


def test_a_damaged_reader_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(BUNDLED, folder)
    graph = bytearray((folder / GRAPH).read_bytes())
    graph[len(graph) // 2] ^= 1
    (folder / GRAPH).write_bytes(graph)

    with pytest.raises(ReaderDamaged, match="is not the file that the manifest describes"):
        OnnxReader(folder)


@pytest.mark.parametrize("content", ["{", "{}", json.dumps({"name": "x", "sha256": {}})])
def test_a_damaged_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content, "utf-8")

    with pytest.raises(ReaderDamaged, match=r"manifest\.json is damaged"):
        OnnxReader(tmp_path)
