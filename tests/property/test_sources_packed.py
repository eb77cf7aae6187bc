"""Whatever is done to a valid file, its reader gives stories or reasons, and never fails."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import CorpusError
from corpus.refusal import Refusal
from corpus.sources import read_each, read_stories
from corpus.story import Story
from tests.fuzz.seeds import SEEDS


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a seed with bytes changed, cut out or doubled."""
    content = bytearray(draw(st.sampled_from(sorted(SEEDS.values()))))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.integers(0, 40))
        kind = draw(st.sampled_from(["set", "cut", "double", "put", "end"]))
        if kind == "set":
            content[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
        elif kind == "cut":
            del content[at : at + length]
        elif kind == "double":
            content[at:at] = content[at : at + length] * 3
        elif kind == "put":
            content[at:at] = draw(st.binary(max_size=8))
        else:
            del content[at:]
    return bytes(content)


@settings(max_examples=300, deadline=None)
@given(damaged())
def test_damaged_files_give_stories_or_reasons(content: bytes) -> None:
    outcomes = list(read_each(io.BytesIO(content), "fuzz"))
    assert outcomes
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            assert outcome.reason
        else:
            assert isinstance(outcome, Story)
            assert outcome.title.strip()
            assert outcome.body == outcome.body.strip() != ""
        assert outcome.source.startswith("fuzz")


@settings(max_examples=100, deadline=None)
@given(damaged(), st.sampled_from([None, "https://x.example/a", "nonsense"]))
def test_reading_at_once_raises_only_what_it_promises(content: bytes, url: str | None) -> None:
    try:
        stories = read_stories(content, "fuzz", url=url)
    except CorpusError:
        return
    assert stories


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_every_seed_is_valid_or_refused_for_what_it_is(name: str) -> None:
    outcomes = list(read_each(io.BytesIO(SEEDS[name]), name))
    is_story = any(isinstance(outcome, Story) for outcome in outcomes)
    assert is_story == (name not in {"home_page.html", "sitemap.xml"})
