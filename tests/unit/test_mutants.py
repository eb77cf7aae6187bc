"""What became of mutants is counted by module."""

from collections import Counter

from benchmarks.mutants import killed_by_module, share_killed, table

RESULTS = [
    "    corpus.store.xǁStoryStoreǁadd__mutmut_1: killed",
    "    corpus.store.xǁStoryStoreǁadd__mutmut_2: timeout",
    "    corpus.store.xǁStoryStoreǁadd__mutmut_3: survived",
    "    corpus.sources.feed.x_item__mutmut_1: no tests",
    "    corpus.sources.feed.x_item__mutmut_2: not checked",
    "",
]


def test_mutants_that_no_test_notices_or_reaches_were_not_killed() -> None:
    counts = killed_by_module(RESULTS)

    assert counts == {
        "corpus.store": Counter({True: 2, False: 1}),
        "corpus.sources.feed": Counter({False: 1}),
    }
    assert share_killed(counts["corpus.store"]) == 2 / 3


def test_the_table_ends_with_all_modules_together() -> None:
    assert table(killed_by_module(RESULTS))[2:] == [
        "| corpus.sources.feed | 1 | 0 | 0.0% |",
        "| corpus.store | 3 | 2 | 66.7% |",
        "| together | 4 | 2 | 50.0% |",
    ]
