"""An answer's citations: support from other stories, reprints beside it, and who says otherwise."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.retriever import Hit
from qa.composing.sources import Sources, agreement_of, newest_first
from qa.evidence import Candidate, Mention
from qa.reader import Span
from tests.fakes import cite, mayor_story

SENTENCE = "Ada Quinn was elected mayor of Springfield."
REST = "\n\n" + " ".join(
    f"Ward {ward} sent {ward * 37 + 11} ballots to the hall, where clerk {name} counted them twice."
    for ward, name in enumerate("Ahlers Boyd Cruz Dahl Eide Funk Gray Holm Iyer Jost".split())
)


def a_story(story_id: str, sentence: str = SENTENCE, *, day: int = 3, rest: str = "") -> Story:
    return mayor_story(
        story_id=story_id,
        source=f"{story_id}.html",
        title=f"Story {story_id}",
        body=f"{sentence}{rest}",
        published_at=date(2021, 11, day),
    )


def mention_of(story: Story, words: str, score: float = 9.0) -> Mention:
    passage = split_story(story)[0]
    start = passage.text.index(words)
    span = Span(passage=passage, start=start, end=start + len(words), score=score)
    return Mention(span=span, hit=Hit(passage=passage, story=story, score=0.03))


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    return StoryStore(tmp_path / "stories.sqlite")


def put(store: StoryStore, *stories: Story) -> dict[str, str]:
    store.put([(story, split_story(story)) for story in stories])
    return store.same_as([story.story_id for story in stories])


def test_a_reprint_is_cited_as_one_and_is_no_support(store: StoryStore) -> None:
    first, reprint = a_story("1", rest=REST), a_story("2", day=4, rest=REST)
    other = a_story("3", "In Springfield, mayor Ada Quinn spoke.", day=5)
    group_of = put(store, first, reprint, other)
    assert group_of["1"] == group_of["2"] != group_of["3"]
    said = [mention_of(story, "Ada Quinn") for story in (first, reprint, other)]
    sources = Sources(store=store, answer_type="person", group_of=group_of)

    citations = sources.citations(Candidate(mentions=tuple(said)))

    assert [(c.n, c.story_id, c.role) for c in citations] == [
        (1, "1", "primary"),
        (2, "3", "supports"),
        (3, "2", "reprint"),
    ]
    assert [c.quote for c in citations] == ["Ada Quinn"] * 3
    agreement = agreement_of(citations, group_of)
    assert (agreement.supporting_stories, agreement.independent) == (2, 2)


def test_of_two_supporting_reprints_one_is_cited(store: StoryStore) -> None:
    stories = [a_story("1", "Mayor Ada Quinn won."), a_story("2"), a_story("3")]
    put(store, *stories)
    said = [mention_of(story, "Ada Quinn") for story in stories]
    sources = Sources(store=store, answer_type="person", group_of={"2": "2", "3": "2"})

    citations = sources.citations(Candidate(mentions=tuple(said)))

    assert [(c.story_id, c.role) for c in citations] == [("1", "primary"), ("2", "supports")]


def test_a_reprint_that_changed_the_sentence_is_not_cited(store: StoryStore) -> None:
    first = a_story("1", rest=REST)
    changed = a_story("2", "Ada Quinn became mayor of Springfield.", day=4, rest=REST)
    group_of = put(store, first, changed)
    assert group_of["1"] == group_of["2"]
    sources = Sources(store=store, answer_type="person", group_of=group_of)

    [citation] = sources.citations(Candidate(mentions=(mention_of(first, "Ada Quinn"),)))

    assert citation.role == "primary"


def test_what_contradicts_is_cited_last_with_its_value(store: StoryStore) -> None:
    first, second = a_story("1", "She won by 1,017 votes."), a_story("2", "She won by 980 votes.")
    put(store, first, second)
    sources = Sources(store=store, answer_type="number")

    citations = sources.citations(
        Candidate(mentions=(mention_of(first, "1,017"),)), [mention_of(second, "980")]
    )

    assert [(c.n, c.role, c.normalized) for c in citations] == [
        (1, "primary", "1017"),
        (2, "conflicts", "980"),
    ]
    assert agreement_of(citations).conflicting == 1


def test_without_its_own_words_an_answer_has_no_citation(store: StoryStore) -> None:
    first, second = a_story("1"), a_story("2")
    put(store, replace(first, body="Nobody won."), second)
    sources = Sources(store=store, answer_type="person")
    said = (mention_of(first, "Ada Quinn"), mention_of(second, "Ada Quinn"))

    assert sources.citations(Candidate(mentions=said)) == ()


def test_the_very_same_sentence_in_another_story_is_not_independent() -> None:
    other = "Springfield chose Ada Quinn."
    stories = [a_story("1"), a_story("2"), a_story("3", other), a_story("4", "A. Quinn won.")]
    citations = [
        cite(stories[0], "Ada Quinn", SENTENCE),
        cite(stories[1], "Ada Quinn", SENTENCE, n=2, role="supports"),
        cite(stories[2], "Ada Quinn", other, n=3, role="supports"),
        cite(stories[2], "Springfield", other, n=4, role="conflicts"),
    ]
    agreement = agreement_of(citations)
    assert (agreement.supporting_stories, agreement.independent) == (3, 2)
    assert agreement.conflicting == 1


def test_stories_of_one_group_count_once() -> None:
    other = "Springfield chose Ada Quinn."
    citations = [
        cite(a_story("1"), "Ada Quinn", SENTENCE),
        cite(a_story("2", other), "Ada Quinn", other, n=2, role="supports"),
        cite(a_story("3", other), "Springfield", other, n=3, role="conflicts"),
        cite(a_story("4", other), "Springfield", other, n=4, role="conflicts"),
    ]
    agreement = agreement_of(citations, {"1": "1", "2": "1", "3": "3", "4": "3"})
    assert (agreement.independent, agreement.conflicting) == (1, 1)


def test_citations_stand_newest_first_and_undated_ones_last() -> None:
    dated = [cite(a_story(str(day), day=day), "Ada Quinn", SENTENCE) for day in (4, 9, 2)]
    undated = replace(dated[0], published_at=None)
    assert newest_first([undated, *dated]) == [dated[1], dated[0], dated[2], undated]
