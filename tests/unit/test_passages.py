"""Stories are cut into windows of whole sentences."""

import itertools

from corpus.passages import split_story
from corpus.story import Story

SENTENCES = [f"Sentence number {number} says something new." for number in range(30)]


def story_of(body: str) -> Story:
    return Story(story_id="s", source="s.txt", title="A title", body=body)


def test_a_short_story_is_one_passage() -> None:
    [passage] = split_story(story_of("One sentence. And another."))

    assert (passage.start, passage.end, passage.ordinal) == (0, 26, 0)


def test_windows_hold_whole_sentences_and_overlap_by_one() -> None:
    passages = split_story(story_of(" ".join(SENTENCES)), max_tokens=40)

    cut = [passage.text.replace(". ", ".\n").split("\n") for passage in passages]
    assert all(sentence in SENTENCES for window in cut for sentence in window)
    assert all(before[-1] == after[0] for before, after in itertools.pairwise(cut))
    assert cut[0][0] == SENTENCES[0]
    assert cut[-1][-1] == SENTENCES[-1]


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    words = [f"word{number}" for number in range(250)]

    passages = split_story(story_of(" ".join(words)), max_tokens=100)

    assert [len(passage.text.split()) for passage in passages] == [100, 100, 50]
    assert [word for passage in passages for word in passage.text.split()] == words


def test_two_long_sentences_do_not_overlap() -> None:
    first, second = ("word " * 60 + "end.").strip(), ("other " * 60 + "end.").strip()

    passages = split_story(story_of(f"{first}\n\n{second}"), max_tokens=80)

    assert [passage.text for passage in passages] == [first, second]


def test_passage_ids_depend_on_the_story_and_the_place_alone() -> None:
    one, other = story_of("One sentence."), story_of("Quite another.")

    assert split_story(one)[0].passage_id == split_story(other)[0].passage_id
    assert 0 <= split_story(one)[0].passage_id < 2**63
