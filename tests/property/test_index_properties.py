import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import vector_cache, vector_files, vector_scan
from embeddings.embedded_index import EmbeddedIndex
from embeddings.index import Entry, Filters, Query
from tests.fakes import DictIndex, HashingEncoder, satisfies, words_of

ENCODER = HashingEncoder()
DAYS = [date(2021, 1, 1) + timedelta(days=n) for n in range(5)]
IDS = st.integers(min_value=1, max_value=12)

entries = st.builds(
    lambda passage_id, story_id, text, publisher, day: Entry(
        passage_id=passage_id,
        story_id=story_id,
        text=text,
        vector=ENCODER.encode_passages([text])[0],
        publisher=publisher,
        published_on=day,
    ),
    IDS,
    st.sampled_from(["a", "b", "c"]),
    st.lists(st.sampled_from(["flood", "mayor", "game", "river"]), max_size=4).map(" ".join),
    st.sampled_from([None, "Gazette", "GAZETTE", "Herald"]),
    st.sampled_from([None, *DAYS]),
)
commits = st.lists(st.tuples(st.lists(IDS, max_size=4), st.lists(entries, max_size=6)), max_size=4)
filters = st.builds(
    Filters,
    from_date=st.sampled_from([None, *DAYS]),
    to_date=st.sampled_from([None, *DAYS]),
    publisher=st.sampled_from([None, "gazette", "Herald", "Nobody"]),
    story_ids=st.lists(st.sampled_from(["a", "b", "x"]), max_size=2).map(tuple),
)
questions = st.one_of(st.text(), st.sampled_from(["flood river", "mayor's game", "flood AND -x"]))


@contextmanager
def many_from_the_first_on(so: bool) -> Iterator[None]:
    """Take the form for many passages, and write the files at each commit, meanwhile."""
    with pytest.MonkeyPatch.context() as patched:
        if so:
            patched.setattr(vector_files, "MANY", 0)
            patched.setattr(vector_scan, "FEW", 0)
            patched.setattr(vector_cache, "MIN_TAIL", 0)
            patched.setattr(vector_cache, "TAIL_SHARE", 0)
        yield


@settings(max_examples=60, deadline=None)
@given(
    commits=commits, filters=filters, question=questions, k=st.integers(0, 20), many=st.booleans()
)
def test_search_finds_what_was_added_and_satisfies_the_filters(
    commits: list[tuple[list[int], list[Entry]]],
    filters: Filters,
    question: str,
    k: int,
    many: bool,
) -> None:
    with tempfile.TemporaryDirectory() as folder, many_from_the_first_on(many):
        index = EmbeddedIndex.open(Path(folder), encoder=ENCODER.name, dim=ENCODER.dim)
        simple = DictIndex()
        kept: dict[int, Entry] = {}
        for change, (removed, added) in enumerate(commits, start=1):
            for each in (index, simple):
                each.remove(removed)
                each.add(added)
                each.commit(change)
            for passage_id in removed:
                kept.pop(passage_id, None)
            kept |= {entry.passage_id: entry for entry in added}
        [vector] = ENCODER.encode_queries([question])
        scored = index.search(Query(text=question, vector=vector, filters=filters), k)
    allowed = {entry.passage_id for entry in kept.values() if satisfies(entry, filters)}
    found = [s.passage_id for s in scored]
    assert len(index) == len(simple) == len(kept)
    assert len(found) == len(set(found)) == min(k, len(allowed))
    assert set(found) <= allowed
    for s in scored:
        assert s.word_rank is None or words_of(question) & words_of(kept[s.passage_id].text)
        assert (s.dense_rank or s.word_rank or 0) <= k
    assert np.all(np.diff([s.score for s in scored]) <= 0)
