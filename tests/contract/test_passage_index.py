import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from embeddings import vector_cache, vector_files, vector_scan
from embeddings.embedded_index import EmbeddedIndex
from embeddings.index import EVERY_STORY, Entry, Filters, PassageIndex, Query, ScoredId
from tests.fakes import DictIndex, HashingEncoder
from tests.milvus import new_store

ENCODER = HashingEncoder()

MAYOR, GAME, FLOOD, STORM, BUDGET = 2**63 - 1, 2, 3, 4, 5
TEXTS = {
    MAYOR: "Ada Quinn was elected mayor of Springfield",
    GAME: "The home team won the game after extra time",
    FLOOD: "A flood closed the bridge over the river",
    STORM: "The storm closed the airport for a day",
    BUDGET: "The council passed the city budget",
}
STORY_OF = {
    MAYOR: "politics",
    GAME: "sports",
    FLOOD: "weather",
    STORM: "weather",
    BUDGET: "politics",
}
PUBLISHER_OF = {MAYOR: "Gazette", GAME: "Gazette", FLOOD: "Herald", STORM: "Herald", BUDGET: None}
DAY_OF = {
    MAYOR: date(2021, 11, 3),
    GAME: date(2021, 11, 4),
    FLOOD: date(2021, 11, 5),
    STORM: date(2021, 11, 5),
    BUDGET: None,
}


def entry(passage_id: int, text: str | None = None) -> Entry:
    text = text or TEXTS[passage_id]
    [vector] = ENCODER.encode_passages([text])
    return Entry(
        passage_id=passage_id,
        story_id=STORY_OF[passage_id],
        text=text,
        vector=vector,
        publisher=PUBLISHER_OF[passage_id],
        published_on=DAY_OF[passage_id],
    )


def ask(
    index: PassageIndex, text: str, k: int = 10, filters: Filters = EVERY_STORY
) -> list[ScoredId]:
    [vector] = ENCODER.encode_queries([text])
    return index.search(Query(text=text, vector=vector, filters=filters), k)


def found(index: PassageIndex, text: str, k: int = 10, filters: Filters = EVERY_STORY) -> set[int]:
    return {scored.passage_id for scored in ask(index, text, k, filters)}


class PassageIndexContract:
    """What every index must do; a subclass gives `empty`."""

    @pytest.fixture
    def index(self, empty: PassageIndex) -> PassageIndex:
        empty.add([entry(passage_id) for passage_id in TEXTS])
        empty.commit(1)
        return empty

    def test_new_index_is_empty(self, empty: PassageIndex) -> None:
        assert len(empty) == 0
        assert empty.change == 0
        assert ask(empty, "Who is mayor?") == []

    def test_committed_passages_are_counted_and_found(self, index: PassageIndex) -> None:
        assert len(index) == len(TEXTS)
        assert index.change == 1
        assert found(index, "Who is mayor of Springfield?") == set(TEXTS)

    def test_passage_that_matches_in_words_and_meaning_comes_first(
        self, index: PassageIndex
    ) -> None:
        for passage_id, text in TEXTS.items():
            first = ask(index, text)[0]
            assert first.passage_id == passage_id
            assert (first.dense_rank, first.word_rank) == (1, 1)

    def test_scores_fall_and_no_passage_comes_twice(self, index: PassageIndex) -> None:
        scored = ask(index, "The flood closed the city airport")
        assert [s.score for s in scored] == sorted((s.score for s in scored), reverse=True)
        assert len({s.passage_id for s in scored}) == len(scored)

    @pytest.mark.parametrize("k", [0, 1, 3])
    def test_no_more_than_k_come_back(self, index: PassageIndex, k: int) -> None:
        assert len(ask(index, "the", k)) == k

    def test_k_beyond_the_size_brings_everything(self, index: PassageIndex) -> None:
        assert found(index, "storm", 1000) == set(TEXTS)

    def test_added_again_replaces(self, index: PassageIndex) -> None:
        index.add([entry(MAYOR, "Wolves were seen in the valley")])
        index.commit(2)
        assert len(index) == len(TEXTS)
        [first, *rest] = ask(index, "wolves in the valley")
        assert first.passage_id == MAYOR
        assert MAYOR not in {s.passage_id for s in rest}
        assert all(s.word_rank is None for s in ask(index, "quinn elected"))

    def test_same_passage_twice_in_one_batch_is_kept_once(self, index: PassageIndex) -> None:
        index.add([entry(MAYOR), entry(MAYOR)])
        index.add([entry(MAYOR)])
        index.commit(2)
        assert len(index) == len(TEXTS)
        assert [s.passage_id for s in ask(index, TEXTS[MAYOR])].count(MAYOR) == 1

    def test_removed_is_not_found(self, index: PassageIndex) -> None:
        index.remove([MAYOR, STORM])
        index.commit(2)
        assert len(index) == 3
        assert found(index, TEXTS[MAYOR]) == {GAME, FLOOD, BUDGET}

    def test_removing_what_is_not_there_changes_nothing(self, index: PassageIndex) -> None:
        index.remove([77])
        index.commit(2)
        assert len(index) == len(TEXTS)

    def test_removed_then_added_is_found(self, index: PassageIndex) -> None:
        index.remove([MAYOR])
        index.add([entry(MAYOR)])
        index.commit(2)
        assert ask(index, TEXTS[MAYOR])[0].passage_id == MAYOR

    def test_added_then_removed_is_not_found(self, index: PassageIndex) -> None:
        index.add([entry(MAYOR)])
        index.remove([MAYOR])
        index.commit(2)
        assert MAYOR not in found(index, TEXTS[MAYOR])

    def test_commit_without_changes_moves_the_number_on(self, index: PassageIndex) -> None:
        index.commit(9)
        assert index.change == 9
        assert len(index) == len(TEXTS)

    def test_cleared_index_is_a_new_one(self, index: PassageIndex) -> None:
        index.clear()
        assert (len(index), index.change) == (0, 0)
        assert ask(index, TEXTS[MAYOR]) == []
        index.add([entry(GAME)])
        index.commit(1)
        assert found(index, TEXTS[MAYOR]) == {GAME}

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(from_date=date(2021, 11, 4)), {GAME, FLOOD, STORM}),
            (Filters(to_date=date(2021, 11, 4)), {MAYOR, GAME}),
            (Filters(from_date=date(2021, 11, 4), to_date=date(2021, 11, 4)), {GAME}),
            (Filters(from_date=date(2022, 1, 1)), set()),
            (Filters(from_date=date.min), {MAYOR, GAME, FLOOD, STORM}),
            (Filters(to_date=date.max), {MAYOR, GAME, FLOOD, STORM}),
            (Filters(publisher="Herald"), {FLOOD, STORM}),
            (Filters(publisher="hERALD"), {FLOOD, STORM}),
            (Filters(publisher="Her"), set()),
            (Filters(story_ids=("weather", "sports", "unknown")), {FLOOD, STORM, GAME}),
            (Filters(story_ids=("unknown",)), set()),
            (Filters(publisher="Gazette", from_date=date(2021, 11, 4)), {GAME}),
            (
                Filters(
                    publisher="herald",
                    story_ids=("weather", "sports"),
                    to_date=date(2021, 11, 5),
                ),
                {FLOOD, STORM},
            ),
            (Filters(publisher="herald", story_ids=("sports",)), set()),
        ],
    )
    def test_filters_are_obeyed(
        self, index: PassageIndex, filters: Filters, expected: set[int]
    ) -> None:
        every_word = " ".join(TEXTS.values())
        assert found(index, every_word, filters=filters) == expected

    def test_filter_works_inside_the_search(self, index: PassageIndex) -> None:
        assert found(index, TEXTS[MAYOR], 1, Filters(publisher="Herald")) <= {FLOOD, STORM}
        assert len(ask(index, TEXTS[MAYOR], 1, Filters(publisher="Herald"))) == 1

    @pytest.mark.parametrize(
        "question",
        [
            "",
            "   \n\t",
            "?!…",
            'AND OR "(( title:* ~',
            "text:mayor",
            "mayor^99 OR *",
            "[a TO z] {1 TO 2} +mayor -Springfield",
            "\\",
            "'; DROP TABLE passages; --",
            "\x00\ufffe",
            "\ud800 mayor",
            "東京 मेयर 👩‍💻",
            "mayor " * 500,
            "x" * 10_000,
        ],
    )
    def test_odd_questions_search_harmlessly(self, index: PassageIndex, question: str) -> None:
        assert found(index, question) <= set(TEXTS)
        assert len(index) == len(TEXTS)

    def test_query_syntax_means_nothing(self, index: PassageIndex) -> None:
        plain = ask(index, "mayor Springfield")
        assert ask(index, "mayor -Springfield")[0].word_rank == plain[0].word_rank == 1


class TestDictIndex(PassageIndexContract):
    @pytest.fixture
    def empty(self) -> DictIndex:
        return DictIndex()


class TestEmbeddedIndex(PassageIndexContract):
    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Callable[[], EmbeddedIndex]:
        return lambda: EmbeddedIndex.open(tmp_path, encoder=ENCODER.name, dim=ENCODER.dim)

    @pytest.fixture
    def empty(self, reopen: Callable[[], EmbeddedIndex]) -> EmbeddedIndex:
        return reopen()


class TestEmbeddedIndexOfManyPassages(TestEmbeddedIndex):
    """The form for many passages, from the first passage on."""

    @pytest.fixture(autouse=True)
    def many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(vector_files, "MANY", 0)
        monkeypatch.setattr(vector_scan, "FEW", 0)
        monkeypatch.setattr(vector_cache, "MIN_TAIL", 0)
        monkeypatch.setattr(vector_cache, "TAIL_SHARE", 0)


class MilvusContract(PassageIndexContract):
    """The contract over a server; a subclass gives `uri`."""

    @pytest.fixture
    def empty(self, uri: str, tmp_path: Path) -> Iterator[PassageIndex]:
        from embeddings.milvus_index import MilvusIndex, MilvusOptions

        options = MilvusOptions(
            uri=uri,
            token=os.environ.get("DATELINE_MILVUS_TOKEN", ""),
            folder=tmp_path,
            prefix="contract",
        )
        index = MilvusIndex(options, store=new_store(), encoder=ENCODER)
        yield index
        index.drop()
        index.close()


class TestMilvusLite(MilvusContract):
    @pytest.fixture
    def uri(self, milvus_lite_uri: str) -> str:
        return milvus_lite_uri


class TestMilvusWithoutWords(MilvusContract):
    """The engine itself, in a release before it ranked by words: by meaning alone, then."""

    @pytest.fixture
    def uri(self, milvus_engine_uri: str) -> str:
        return milvus_engine_uri

    def test_passage_that_matches_in_words_and_meaning_comes_first(
        self, index: PassageIndex
    ) -> None:
        for passage_id, text in TEXTS.items():
            first = ask(index, text)[0]
            assert (first.passage_id, first.dense_rank, first.word_rank) == (passage_id, 1, None)

    def test_query_syntax_means_nothing(self, index: PassageIndex) -> None:
        assert ask(index, "mayor -Springfield")[0].passage_id == MAYOR


class TestNamedMilvus(MilvusContract):
    @pytest.fixture
    def uri(self, milvus_named_uri: str) -> str:
        return milvus_named_uri
