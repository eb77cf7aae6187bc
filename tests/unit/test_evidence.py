"""Answers are merged, and cited only in the words that the store holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Passage, Story
from embeddings.retriever import Hit
from qa.evidence import Mention, candidates, cite, sentence_at
from qa.reader import Span
from tests.fakes import cite as fake_cite
from tests.fakes import mayor_story


@pytest.fixture
def story() -> Story:
    return mayor_story(
        body="Ada Quinn won. The mayor, Ada Quinn, spoke.\n\nLee Park lost by 1,017 votes."
    )


@pytest.fixture
def store(tmp_path: Path, story: Story) -> StoryStore:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story))])
    return store


def hit_of(story: Story, start: int = 0) -> Hit:
    passage = Passage(
        passage_id=1 + start,
        story_id=story.story_id,
        ordinal=start,
        start=start,
        end=len(story.body),
        text=story.body[start:],
    )
    return Hit(passage=passage, story=story, score=0.03)


def span_of(hit: Hit, words: str, score: float, *, after: int = 0) -> Span:
    start = hit.passage.text.index(words, after)
    return Span(passage=hit.passage, start=start, end=start + len(words), score=score)


def test_the_same_answer_in_two_places_is_one_candidate(story: Story) -> None:
    hit = hit_of(story)
    spans = [
        span_of(hit, "Ada Quinn", 5),
        span_of(hit, "Lee Park", 4),
        span_of(hit, "Ada Quinn,", 3, after=20),
    ]

    first, second = candidates(spans, [hit])

    assert [mention.span for mention in first.mentions] == [spans[0], spans[2]]
    assert second.text == "Lee Park"


def test_a_place_read_in_two_overlapping_passages_counts_once(story: Story) -> None:
    whole, tail = hit_of(story), hit_of(story, start=15)
    spans = [span_of(whole, "Lee Park", 5), span_of(tail, "Lee Park", 4)]

    [candidate] = candidates(spans, [whole, tail])

    assert len(candidate.mentions) == 1


@pytest.mark.parametrize("scores", [(5, 4), (4, 5)])
def test_words_that_stand_side_by_side_are_two_mentions(scores: tuple[float, float]) -> None:
    hit = hit_of(mayor_story(body="nono"))
    spans = [span_of(hit, "no", scores[0]), span_of(hit, "no", scores[1], after=2)]
    best_first = sorted(spans, key=lambda span: -span.score)

    [candidate] = candidates(best_first, [hit])

    assert [mention.span for mention in candidate.mentions] == best_first


def test_words_without_any_letter_or_digit_are_no_answer(story: Story) -> None:
    hit = hit_of(story)

    assert candidates([span_of(hit, ".", 9)], [hit]) == []


def test_only_mentions_that_the_reader_believes_support_an_answer(story: Story) -> None:
    hit = hit_of(story)
    weak = span_of(hit, "Ada Quinn", -1, after=20)

    [candidate] = candidates([span_of(hit, "Ada Quinn", 5), weak], [hit])

    assert candidate.supporting() == ()


@pytest.mark.parametrize(
    ("best", "other", "supports"),
    [(5, 0, True), (5, -0.5, False), (20, 12, True), (20, 11.5, False)],
)
def test_a_mention_not_far_below_the_best_supports_it(
    story: Story, best: float, other: float, supports: bool
) -> None:
    hit = hit_of(story)
    mention = span_of(hit, "Ada Quinn", other, after=20)

    [candidate] = candidates([span_of(hit, "Ada Quinn", best), mention], [hit])

    assert [one.span for one in candidate.supporting()] == ([mention] if supports else [])


def test_another_wording_counts_as_the_same_answer_where_the_reader_breaks_even() -> None:
    hit = hit_of(mayor_story(body="On Nov. 2, 2021, or 2 November 2021."))

    def answers(score: float) -> int:
        spans = [span_of(hit, "Nov. 2, 2021", 5), span_of(hit, "2 November 2021", score)]
        return len(candidates(spans, [hit], "date"))

    assert (answers(0.0), answers(-0.1)) == (1, 2)


def test_the_same_value_in_other_words_is_one_candidate() -> None:
    story = mayor_story(body="She won on Nov. 2, 2021.\n\nSince 2 November 2021 she is mayor.")
    hit = hit_of(story)
    spans = [span_of(hit, "Nov. 2, 2021", 5), span_of(hit, "2 November 2021", 3)]

    assert [len(one.mentions) for one in candidates(spans, [hit], "date")] == [2]
    assert [len(one.mentions) for one in candidates(spans, [hit], "reason")] == [1, 1]


def test_numbers_that_differ_by_a_point_or_a_sign_are_two_candidates() -> None:
    story = mayor_story(body="The bridge cost $1.5 million, the tunnel $15 million, 15% more.")
    hit = hit_of(story)
    spans = [
        span_of(hit, words, 5) for words in ("$1.5 million", "$15 million", "15 million", "15%")
    ]

    found = candidates(spans, [hit], "money")

    assert [one.text for one in found] == ["$1.5 million", "$15 million", "15%"]


def test_a_citation_holds_the_words_the_sentence_and_the_story(
    store: StoryStore, story: Story
) -> None:
    hit = hit_of(story)
    mention = Mention(span=span_of(hit, "Ada Quinn", 5, after=20), hit=hit)

    citation = cite(store, mention, n=2, role="supports")

    assert citation is not None
    assert story.body[citation.start : citation.end] == citation.quote == "Ada Quinn"
    deep_link = f"{story.url}#:~:text=The%20mayor%2C%20Ada%20Quinn%2C%20spoke."
    expected = fake_cite(story, "Ada Quinn", "The mayor, Ada Quinn, spoke.", n=2, role="supports")
    assert citation == replace(expected, deep_link=deep_link)


def test_words_that_the_stored_story_has_lost_are_not_cited(
    store: StoryStore, story: Story
) -> None:
    hit = hit_of(story)
    mention = Mention(span=span_of(hit, "Lee Park", 5), hit=hit)
    changed = replace(story, body="Nobody won.")
    store.put([(changed, split_story(changed))])

    assert cite(store, mention, n=1, role="primary") is None


def test_a_story_that_is_gone_is_not_cited(store: StoryStore, story: Story) -> None:
    hit = hit_of(story)
    store.remove(story.story_id)

    assert (
        cite(store, Mention(span=span_of(hit, "Lee Park", 5), hit=hit), n=1, role="primary") is None
    )


def test_a_deep_link_finds_the_sentence_on_the_publishers_page(
    store: StoryStore, story: Story
) -> None:
    hit = hit_of(story)

    citation = cite(store, Mention(span=span_of(hit, "1,017", 5), hit=hit), n=1, role="primary")

    assert citation is not None
    assert citation.deep_link == (
        "https://news.example/mayor#:~:text=Lee%20Park%20lost%20by%201%2C017%20votes."
    )


def test_a_long_sentence_is_linked_by_its_first_and_last_words(
    store: StoryStore, story: Story
) -> None:
    body = "One two-three four five six seven eight nine ten eleven twelve thirteen fourteen."
    longer = replace(story, story_id="long", body=body)
    store.put([(longer, split_story(longer))])
    hit = hit_of(longer)

    citation = cite(store, Mention(span=span_of(hit, "seven", 5), hit=hit), n=1, role="primary")

    assert citation is not None
    assert citation.deep_link is not None
    assert citation.deep_link.endswith(
        "#:~:text=One%20two%2Dthree%20four%20five%20six,ten%20eleven%20twelve%20thirteen%20fourteen."
    )


def test_words_across_a_sentence_end_are_cited_with_both_sentences(story: Story) -> None:
    start = story.body.index("won")

    first, last = sentence_at(story.body, start, start + 8)

    assert story.body[first:last] == "Ada Quinn won. The mayor, Ada Quinn, spoke."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("stop", "No stop"),
        ("First", "First one."),
        ("cond", "Second one."),
        ("one. Sec", "First one. Second one."),
        ("stop\n\nFirst", "No stop\n\nFirst one."),
        ("Last", "Last"),
        (" Second", "Second one."),
        ("one.", "First one."),
    ],
)
def test_the_sentences_are_those_that_share_a_letter_with_the_words(
    words: str, sentence: str
) -> None:
    body = "No stop\n\nFirst one. Second one.\n\nLast"
    start = body.index(words)

    first, last = sentence_at(body, start, start + len(words))

    assert body[first:last] == sentence


def test_the_space_between_sentences_is_in_none() -> None:
    assert sentence_at("One. Two.", 4, 5) == (4, 5)
