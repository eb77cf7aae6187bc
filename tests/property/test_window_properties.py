"""What holds of windows and their spans for any passage and any kind of tokenizer."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from corpus.story import Passage, Story
from embeddings.retriever import Hit
from qa.reading.windows import Logits, Window, Windows, inputs_of
from tests.tiny_models import byte_pairs, word_pieces

MAX_PIECES = 48


def characters() -> Tokenizer:
    """Return a tokenizer of SentencePiece's kind: a space becomes part of the piece after it."""
    pieces = ["[CLS]", "[SEP]", "[UNK]", "▁", *"abcdefghijklmnopqrstuvwxyz"]
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in pieces], unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    return tokenizer


each_tokenizer = pytest.mark.parametrize(
    "tokenizer",
    [word_pieces(), byte_pairs(), byte_pairs(trim_offsets=False), characters()],
    ids=["word pieces", "bytes", "bytes with spaces", "sentence pieces"],
)
texts = st.text(st.sampled_from("ab .\n\u00a0(é🙂和’"), max_size=200)


def hit_of(title: str, text: str) -> Hit:
    story = Story(story_id="s", source="s.txt", title=title, body=text)
    passage = Passage(passage_id=1, story_id="s", ordinal=0, start=0, end=len(text), text=text)
    return Hit(passage=passage, story=story, score=0.0)


class Recorder:
    """Gives random logits, and keeps the windows that it gave them for."""

    def __init__(self, seed: int) -> None:
        self.windows: list[Window] = []
        self._random = np.random.default_rng(seed)

    def __call__(self, batch: Sequence[Window]) -> Logits:
        self.windows += batch
        shape = (*inputs_of(batch).pieces.shape, 2)
        return self._random.normal(size=shape).astype(np.float32)


@each_tokenizer
@given(question=texts, title=texts, text=texts, seed=st.integers(0, 99))
def test_spans_are_words_of_the_passage_and_nothing_around_them(
    tokenizer: Tokenizer, question: str, title: str, text: str, seed: int
) -> None:
    windows = Windows(tokenizer, max_pieces=MAX_PIECES)

    for span in windows.read(question, [hit_of(title, text)], Recorder(seed)):
        assert 0 <= span.start < span.end <= len(text)
        assert span.text == span.text.strip()


@each_tokenizer
@given(question=texts, title=texts, text=texts)
def test_windows_are_short_enough_and_leave_nothing_out(
    tokenizer: Tokenizer, question: str, title: str, text: str
) -> None:
    recorder = Recorder(0)
    Windows(tokenizer, max_pieces=MAX_PIECES).read(question, [hit_of(title, text)], recorder)

    shift = len(title) + 1
    assert all(len(window.encoding) <= MAX_PIECES for window in recorder.windows)
    read = {
        at - shift
        for window in recorder.windows
        for sequence, (start, end) in zip(
            window.encoding.sequence_ids, window.encoding.offsets, strict=True
        )
        for at in range(start, end)
        if sequence == 1
    }
    assert {at for at, letter in enumerate(text) if not letter.isspace()} <= read
