"""Passages to windows, batches of like length, and the edges of spans."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from corpus.story import Passage, Story
from embeddings.retriever import Hit
from qa.reader import Span
from qa.reading.windows import (
    ALONE,
    BATCH_PIECES,
    Each,
    Logits,
    Window,
    Windows,
    inputs_of,
    padded,
)
from tests.tiny_models import byte_pairs, word_pieces


def hit_of(text: str, *, title: str = "", passage_id: int = 1) -> Hit:
    story = Story(story_id="s", source="s.txt", title=title, body=text)
    passage = Passage(
        passage_id=passage_id, story_id="s", ordinal=0, start=0, end=len(text), text=text
    )
    return Hit(passage=passage, story=story, score=0.0)


class PieceFinder:
    """Logits that are 1 at the given pieces, and every batch that was asked for."""

    def __init__(self, *pieces: str) -> None:
        self._pieces = pieces
        self.batches: list[Sequence[Window]] = []

    def __call__(self, batch: Sequence[Window]) -> Logits:
        self.batches.append(batch)
        logits = np.zeros((*inputs_of(batch).pieces.shape, 2), dtype=np.float32)
        for row, window in enumerate(batch):
            for column, piece in enumerate(window.encoding.tokens):
                logits[row, column] = float(piece in self._pieces)
        return logits


def test_the_same_words_in_the_title_are_no_span() -> None:
    hit = hit_of("Then ada left.", title="ada")

    [best, *_] = Windows(word_pieces()).read("who?", [hit], PieceFinder("ada"))

    assert (best.start, best.end, best.score) == (5, 8, 2.0)


def test_a_piece_that_holds_the_space_before_it_gives_the_word_alone() -> None:
    windows = Windows(byte_pairs(trim_offsets=False))

    [best, *_] = windows.read("Who?", [hit_of("See Ada now")], PieceFinder("ĠAda"))

    assert best.text == "Ada"


def test_the_null_answer_is_taken_off_the_score() -> None:
    [best, *_] = Windows(word_pieces()).read("who?", [hit_of("ada")], PieceFinder("[CLS]", "ada"))

    assert best.score == 0.0


def test_a_span_in_two_windows_is_given_once() -> None:
    finder = PieceFinder("quinn")
    text = "to " * 38 + "quinn " + "to " * 40

    spans = Windows(word_pieces(), max_pieces=48).read("who?", [hit_of(text)], finder)

    tokens = [window.encoding.tokens for batch in finder.batches for window in batch]
    assert len([window for window in tokens if "quinn" in window]) == 2
    assert [span.text for span in spans].count("quinn") == 1


def test_windows_of_like_length_share_a_batch() -> None:
    finder = PieceFinder()
    hits = [hit_of("to " * words, passage_id=words) for words in (4, 300, 5, 290, 310, 280, 300)]

    Windows(word_pieces()).read("who?", hits, finder)

    lengths = [[len(window.encoding) for window in batch] for batch in finder.batches]
    flat = [length for batch in lengths for length in batch]
    assert flat == sorted(flat, reverse=True)
    assert len(lengths) == 2
    assert all(len(batch) * max(batch) <= BATCH_PIECES for batch in lengths)


def test_windows_read_by_themselves_are_not_padded() -> None:
    finder = PieceFinder()
    hits = [hit_of("to " * words, passage_id=words) for words in (4, 300, 5)]

    Windows(word_pieces(), batch_pieces=ALONE).read("who?", hits, finder)

    assert [len(batch) for batch in finder.batches] == [1, 1, 1]


def test_batches_read_at_the_same_time_give_what_they_give_one_after_another() -> None:
    hits = [hit_of("ada " * words, passage_id=words) for words in (4, 300, 5, 290)]

    def read(each: Each) -> list[Span]:
        windows = Windows(word_pieces(), batch_pieces=ALONE, each=each)
        return windows.read("who?", hits, PieceFinder("ada"))

    with ThreadPoolExecutor(3) as threads:
        assert read(threads.map) == read(map)


def test_shorter_windows_are_padded_and_masked() -> None:
    finder = PieceFinder()
    hits = [hit_of("ada quinn", passage_id=1), hit_of("ada", passage_id=2)]
    Windows(word_pieces()).read("who?", hits, finder)

    inputs = inputs_of(finder.batches[0], pad=7)

    assert inputs.pieces[1, -1] == 7
    assert inputs.mask.tolist()[1] == [1] * (inputs.mask.shape[1] - 1) + [0]
    assert set(inputs.types[0]) == {0, 1}


def test_a_question_keeps_a_third_of_the_window() -> None:
    finder = PieceFinder()

    Windows(word_pieces(), max_pieces=48).read("who " * 100, [hit_of("ada")], finder)

    [[window]] = finder.batches
    assert window.encoding.sequence_ids.count(0) == 16
    assert "ada" in window.encoding.tokens


@pytest.mark.parametrize("question", ["", "who", "who was", "who was elected mayor"])
def test_a_question_that_fits_is_read_whole(question: str) -> None:
    finder = PieceFinder()

    Windows(word_pieces()).read(question, [hit_of("ada")], finder)

    [[window]] = finder.batches
    tokens = zip(window.encoding.tokens, window.encoding.sequence_ids, strict=True)
    assert [token for token, sequence in tokens if sequence == 0] == question.split()


def test_windows_overlap_by_a_sixth() -> None:
    finder = PieceFinder()

    Windows(word_pieces(), max_pieces=48).read("who?", [hit_of("to " * 60)], finder)

    encodings = [window.encoding for batch in finder.batches for window in batch]
    parts = sorted(
        (encoding.offsets[encoding.sequence_ids.index(1)][0], encoding.offsets[-2][1])
        for encoding in encodings
    )
    shared = [before[1] - after[0] for before, after in pairwise(parts)]
    assert len(shared) == 1
    assert shared[0] == len("to " * (48 // 6)) - 1


def test_padding_is_zero_unless_named() -> None:
    finder = PieceFinder()
    hits = [hit_of("ada quinn", passage_id=1), hit_of("ada", passage_id=2)]
    Windows(word_pieces()).read("who?", hits, finder)

    [batch] = finder.batches
    assert inputs_of(batch).pieces[1, -1] == 0
    assert padded([window.encoding for window in batch]).pieces[1, -1] == 0


def test_a_window_gives_its_three_best_spans() -> None:
    finder = PieceFinder("ada")

    spans = Windows(word_pieces()).read("who?", [hit_of("ada to ada to ada to ada to ada")], finder)

    assert [span.text for span in spans] == ["ada"] * 3
