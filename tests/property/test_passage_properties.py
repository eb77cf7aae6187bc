"""What holds of the passages of any text."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.passages import split_story
from corpus.story import Story

texts = st.text(alphabet=st.sampled_from("ab.?! \n“”—é1"), max_size=400) | st.text(max_size=200)


@given(body=texts, max_tokens=st.integers(1, 40))
def test_passages_are_slices_that_cover_their_story(body: str, max_tokens: int) -> None:
    story = Story(story_id="s", source="s.txt", title="t", body=body)

    passages = split_story(story, max_tokens=max_tokens)

    covered = set[int]()
    for passage in passages:
        assert story.body[passage.start : passage.end] == passage.text
        covered |= set(range(passage.start, passage.end))
    assert all(at in covered for at, character in enumerate(body) if not character.isspace())
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert [p.start for p in passages] == sorted(p.start for p in passages)
