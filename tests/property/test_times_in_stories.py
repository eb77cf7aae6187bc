"""Whatever a story says, its times are ISO 8601 and come out the same."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from qa.dates import resolve
from qa.times.date_wording import time_in_words

_WORDS = (
    "last next this the in on since by of to and from - , . 1 3 31 2019 2022 12 two days weeks "
    "before after ago week month year weekend quarter fiscal first end early late May Sept. "
    "Tuesday June December Friday yesterday today fall winter Christmas 1990s will was FY22 Q3"
).split()
_POINT = r"\d{4}(-\d\d(-\d\d)?)?"
_ISO = re.compile(rf"{_POINT}(/({_POINT}|\.\.))?")


@given(
    words=st.lists(st.sampled_from(_WORDS), min_size=1, max_size=14).map(" ".join) | st.text(),
    around=st.text(max_size=30),
    on=st.none() | st.dates(),
)
def test_any_words_name_one_iso_time_or_none(words: str, around: str, on: date | None) -> None:
    sentence = f"{around}{words} {around}"
    told = resolve(words, sentence, on, at=len(around))

    assert told == resolve(words, sentence, on, at=len(around))
    if told:
        assert _ISO.fullmatch(told.value)
        assert time_in_words(told.value)
        assert told.relative_to in (None, on)
        first, _, last = told.value.partition("/")
        assert last in ("", "..") or first <= last
        assert told.words in " ".join(sentence.split())


@given(words=st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map(" ".join))
def test_a_story_without_a_day_resolves_what_says_it_all_and_nothing_else(words: str) -> None:
    undated, dated = resolve(words, words, None), resolve(words, words, date(2021, 9, 22))

    if undated:
        assert undated.relative_to is None
        assert dated == undated
    elif dated:
        assert dated.relative_to == date(2021, 9, 22)
