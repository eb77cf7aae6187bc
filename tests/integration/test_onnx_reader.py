"""The shipped reader on real words, and what happens when it is not there."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

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


def hits_of(*stories: Story) -> list[Hit]:
    return [
        Hit(passage=replace(passage, passage_id=number), story=story, score=0.03)
        for number, story in enumerate(stories)
        for passage in split_story(story)
    ]


def test_what_is_read_of_a_passage_does_not_depend_on_what_is_read_with_it(
    reader: OnnxReader,
) -> None:
    question = "Who was elected mayor of Springfield?"
    filler = mayor_story(story_id="f", body="The bakery sells bread. " * 40)
    mayor, *others = hits_of(mayor_story(), filler, filler)

    alone = reader.read(question, [mayor])
    together = reader.read(question, [*others, mayor])

    assert [span for span in together if span.passage == mayor.passage] == alone


def test_questions_asked_at_once_are_read_as_when_asked_one_by_one() -> None:
    reader = OnnxReader(threads=2)
    hits = hits_of(mayor_story(), mayor_story(story_id="b", body="Lee Park won in 1998."))
    questions = ["Who was elected mayor?", "Who won?", "When?", "Where was it?"] * 4

    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(lambda question: reader.read(question, hits), questions))

    assert at_once == [reader.read(question, hits) for question in questions]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_make_no_difference_to_what_is_read(reader: OnnxReader, threads: int) -> None:
    hits = hits_of(mayor_story(), mayor_story(story_id="b", body="Lee Park won in 1998. " * 90))

    assert OnnxReader(threads=threads).read("Who won?", hits) == reader.read("Who won?", hits)


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
