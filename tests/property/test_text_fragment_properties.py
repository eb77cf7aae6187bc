"""A deep link leads to the cited words, whatever else the story repeats."""

from hypothesis import example, given
from hypothesis import strategies as st

from corpus.story import Story
from qa.text_fragments import deep_link, directive_for
from tests.text_matching import Place, first_match, terms_of

# Few words, so that sentences repeat; with the syntax of directives, case, accents and quotes.
WORDS = st.sampled_from(["a", "A", "ab", "b.", "a-b", "-a,", "b&a", "é", "“a”", "%2C", "c", "dé"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=20).map(" ".join)
LINES = st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join)
BODIES = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n"])), min_size=1, max_size=4).map(
    lambda lines: "".join(line + gap for line, gap in lines).rstrip()
)


def story_with(body: str, title: str = "Title", caption: str | None = None) -> Story:
    return Story(
        story_id="1", source="s", title=title, body=body, caption=caption, url="https://n.example/1"
    )


def place_of(body: str, offset: int, first_line: int) -> Place:
    line_start = body.rfind("\n", 0, offset) + 1
    return first_line + body.count("\n", 0, offset), offset - line_start


@given(
    body=BODIES, title=SENTENCES, caption=SENTENCES, ends=st.tuples(st.integers(0), st.integers(0))
)
@example("a a a b c\na b", "b", "c", (0, 5))
@example("ab b. c c ab b. c c a", "T", "C", (4, 7))
def test_browser_finds_the_cited_words_first(
    body: str, title: str, caption: str, ends: tuple[int, int]
) -> None:
    starts = [i for i in range(len(body)) if i == 0 or body[i - 1].isspace()]
    starts = [i for i in starts if not body[i].isspace()]
    closes = [i for i in range(1, len(body) + 1) if i == len(body) or body[i].isspace()]
    start = starts[ends[0] % len(starts)]
    later = [i for i in closes if i > start and not body[i - 1].isspace()]
    end = later[ends[1] % len(later)]
    story = story_with(body, title, caption)

    directive = directive_for(story, start, end)

    if directive:
        lines = body.split("\n")
        cited = place_of(body, start, 1), place_of(body, end, 1)
        terms = terms_of(str(directive))
        assert first_match([title, *lines, caption], terms) == cited
        shifted = tuple((number + 1, offset) for number, offset in cited)
        assert first_match([title, caption, *lines], terms) == shifted


@given(words=st.lists(st.integers(0, 10**6).map(str), min_size=1, max_size=60, unique=True))
def test_words_that_stand_once_always_get_a_fragment(words: list[str]) -> None:
    body = "So: " + " ".join(f"{word}w." for word in words)

    assert "#:~:text=" in (deep_link(story_with(body), 4, len(body)) or "")


@given(body=st.text(min_size=1), ends=st.tuples(st.integers(0, 50), st.integers(0, 50)))
def test_any_body_gets_an_address(body: str, ends: tuple[int, int]) -> None:
    link = deep_link(story_with(body), min(ends), max(ends))

    assert link is not None
    assert link.isascii()
    assert link.startswith("https://n.example/1")
