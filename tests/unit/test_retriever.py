from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from corpus.store import StoryStore
from corpus.story import Passage, Story, passage_id
from embeddings.build import catch_up
from embeddings.fusion import PREFERRED
from embeddings.index import Filters
from embeddings.retriever import Retriever
from tests.fakes import DictIndex, HashingEncoder

STORIES = {
    "mayor": ["Ada Quinn was elected mayor of Springfield.", "She takes office in January."],
    "flood": ["A flood closed the bridge over the river.", "Nobody was hurt in the flood."],
    "game": ["The home team won the game after extra time."],
}


def cut(story_id: str, texts: Sequence[str]) -> tuple[Story, list[Passage]]:
    body = " ".join(texts)
    story = Story(
        story_id=story_id,
        source=f"{story_id}.txt",
        title=f"About the {story_id}",
        body=body,
        published_at=date(2021, 1, 1 + len(story_id)),
    )
    passages = [
        Passage(
            passage_id=passage_id(story_id, ordinal),
            story_id=story_id,
            ordinal=ordinal,
            start=body.index(text),
            end=body.index(text) + len(text),
            text=text,
        )
        for ordinal, text in enumerate(texts)
    ]
    return story, passages


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([cut(story_id, texts) for story_id, texts in STORIES.items()])
    return store


@pytest.fixture
def retriever(store: StoryStore) -> Retriever:
    retriever = Retriever(store, HashingEncoder(), DictIndex(), candidates=3)
    catch_up(store, retriever.index, retriever.encoder)
    return retriever


def test_best_hit_comes_first_with_its_story_and_ranks(retriever: Retriever) -> None:
    hit = retriever.retrieve("Who was elected mayor?", 5)[0]
    assert hit.passage.text == STORIES["mayor"][0]
    assert hit.story.story_id == hit.passage.story_id == "mayor"
    assert (hit.dense_rank, hit.word_rank) == (1, 1)


def test_only_k_hits_come_back(retriever: Retriever) -> None:
    assert len(retriever.retrieve("flood", 1)) == 1
    assert len(retriever.retrieve("flood", 50)) == 5


def test_title_of_the_story_is_searched_too(retriever: Retriever) -> None:
    assert {hit.story.story_id for hit in retriever.retrieve("About mayor", 2)} == {"mayor"}


def test_filters_reach_the_index(retriever: Retriever) -> None:
    hits = retriever.retrieve("Who was elected mayor?", 5, Filters(story_ids=("flood",)))
    assert {hit.story.story_id for hit in hits} == {"flood"}


def test_passages_that_the_store_lost_are_passed_over(
    store: StoryStore, retriever: Retriever
) -> None:
    store.remove("mayor")
    hits = retriever.retrieve("Who was elected mayor?", 5)
    assert len(hits) == 3
    assert "mayor" not in {hit.story.story_id for hit in hits}


def test_no_stories_give_no_hits(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "empty.sqlite")
    assert Retriever(store, HashingEncoder(), DictIndex()).retrieve("Who?", 5) == []


def test_a_term_is_mentioned_if_a_story_holds_it(retriever: Retriever) -> None:
    assert retriever.mentions("MAYOR")
    assert not retriever.mentions("Ogdenville")
    assert not retriever.mentions("mayor", Filters(story_ids=("flood",)))


def test_passages_that_reprints_share_are_found_once(tmp_path: Path) -> None:
    told = [
        f"Ward {ward} sent {ward * 37 + 11} ballots to the hall, where clerk {name} counted them."
        for ward, name in enumerate("Ahlers Boyd Cruz Dahl Eide Funk Gray Holm Iyer Jost".split())
    ]
    store = StoryStore(tmp_path / "stories.sqlite")
    reprints = ("paper", "gazette", "ledger")
    store.put([*(cut(story_id, told) for story_id in reprints), cut("own", told[:1])])
    assert len(set(store.same_as(reprints).values())) == 1
    index, encoder = DictIndex(), HashingEncoder()
    catch_up(store, index, encoder)

    hits = Retriever(store, encoder, index).retrieve(told[0], k=5)

    texts = [hit.passage.text for hit in hits]
    assert len(hits) == 5
    assert texts.count(told[0]) == 2  # the group's, and that of the story that is no reprint
    assert {hit.story.story_id for hit in hits if hit.passage.text == told[0]} > {"own"}


def test_passages_that_are_preferred_count_by_their_rank_among_themselves(
    retriever: Retriever,
) -> None:
    asked, game = "Who was elected after the flood?", Filters(story_ids=("game",))
    found = retriever.retrieve(asked, 9)
    preferred = retriever.retrieve(asked, 9, prefer=game)

    [among_themselves] = retriever.retrieve(asked, 9, game)
    assert {hit.story.story_id for hit in preferred} >= {hit.story.story_id for hit in found}
    [among_all] = [hit for hit in found if hit.story.story_id == "game"]
    counted = PREFERRED * among_themselves.score
    [kept] = [hit for hit in preferred if hit.story.story_id == "game"]
    assert kept.score == max(counted, among_all.score)
    others = [hit for hit in preferred if hit.story.story_id != "game"]
    assert others == [hit for hit in found if hit.story.story_id != "game"]


def test_words_beside_the_question_are_searched_for(retriever: Retriever) -> None:
    [without] = retriever.retrieve("Who was elected mayor?", 1)
    word = next(
        word
        for story_id, texts in STORIES.items()
        if story_id != without.story.story_id
        for word in texts[0].split()
    )
    ranks = [
        {hit.passage.passage_id: hit.word_rank for hit in retriever.retrieve("Who?", 9, words=also)}
        for also in ("", word)
    ]
    assert ranks[0] != ranks[1]
