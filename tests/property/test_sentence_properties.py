import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans

MEBIBYTE = 2**20
NEWS_PIECES = st.sampled_from(
    [
        *'. .. … ? ! ” " “ ( ) [1] • 1. U.S. Maj No Co A I word Word 2019 said — 。 |'.split(),
        *" \n\u00a0",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(NEWS_PIECES).map("".join))


@given(TEXTS)
def test_spans_are_ordered_stripped_and_cover_every_word(text: str) -> None:
    spans = sentence_spans(text)
    covered = 0
    for start, end in spans:
        assert covered <= start < end <= len(text)
        assert not text[covered:start].strip()
        assert text[start:end] == text[start:end].strip()
        covered = end
    assert not text[covered:].strip()


@given(TEXTS, TEXTS)
def test_blank_line_parts_sentences_whatever_stands_around_it(before: str, after: str) -> None:
    text = f"{before}\n\n{after}"
    assert not [(start, end) for start, end in sentence_spans(text) if start < len(before) < end]


@pytest.mark.parametrize(
    "killer",
    [
        "111 ",
        ".",
        "a.",
        "A. ",
        "Mr. ",
        '?" Said ',
        "\t",
        "([",
        ". ",
        "1.",
        "“",
        "\r\n",
        "x\n",
        "Ab.Cd",
    ],
)
def test_a_mebibyte_of_anything_is_split_within_seconds(killer: str) -> None:
    text = "..[" + killer * (MEBIBYTE // len(killer)) + "]"
    started = time.process_time()
    sentence_spans(text)
    assert time.process_time() - started < 60  # in quadratic time it would be hours
