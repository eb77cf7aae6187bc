"""Whatever is added, changed and removed, the links between stories stay true."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.near_duplicates import alike, bands_of, wording_of
from corpus.store import StoryStore
from corpus.story import Story

OPENINGS = ["", "FLORENCE — ", "PISA — ", "FLORENCE (AP) — "]
MIDDLES = ["The repair will cost 2 million.", "The repair will cost 3 million.", ""]
WORDS = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(90))

stories = st.builds(
    lambda n, opening, middle, shift, day: Story(
        story_id=f"s{n}",
        source="s",
        title="Bridge closed",
        body=f"{opening}{WORDS[shift * 40 :]} {middle}".strip(),
        published_at=day,
    ),
    st.integers(0, 5),
    st.sampled_from(OPENINGS),
    st.sampled_from(MIDDLES),
    st.integers(0, 3),
    st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 9)),
)
steps = st.lists(stories | st.integers(0, 5), max_size=15)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_stories_of_a_group_are_alike_and_their_earliest_stands_for_them(
    steps: list[Story | int],
) -> None:
    with TemporaryDirectory() as directory:
        store = StoryStore(Path(directory) / "stories.sqlite")
        for step in steps:
            if isinstance(step, Story):
                store.add([step])
            elif store.stories([f"s{step}"]):
                store.remove(f"s{step}")
        kept = store.stories_page(100)
        check_groups(store, kept)
        rows = store._rows("SELECT band, story_id FROM bands")
        banded = {(row["band"], row["story_id"]) for row in rows}
        store.close()
    assert banded == {(band, one.story_id) for one in kept for band in bands_of(one.body)}


def check_groups(store: StoryStore, kept: list[Story]) -> None:
    group_of: dict[str, list[Story]] = defaultdict(list)
    same = store.same_as([story.story_id for story in kept])
    for story in kept:
        group_of[same[story.story_id]].append(story)
    for original, group in group_of.items():
        wordings = [wording_of(one.title, one.body, one.published_on) for one in group]
        assert all(alike(one, other) for one in wordings for other in wordings)
        first = min(group, key=lambda one: (str(one.published_at or "undated"), one.story_id))
        assert original == first.story_id
        for story in group:
            others = {one.story_id for one in group} - {story.story_id}
            assert set(store.reprints(story.story_id)) == others
