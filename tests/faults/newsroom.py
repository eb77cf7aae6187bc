"""Stories that come, change and go by a plan, and what has to be true of them at any moment."""

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from embeddings import vector_cache, vector_files, vector_scan
from embeddings.build import catch_up
from embeddings.embedded_index import EmbeddedIndex
from embeddings.index import Query
from qa.answer import Answer
from tests.fakes import HashingEncoder, assistant_of_words

Edition = Mapping[int, int]
"""Which stories there are, by number, and in which version."""

Said = tuple[str, str | None, tuple[tuple[str, int, int, str], ...]]
"""An answer's status, its words, and the places that it cites."""

ENCODER = HashingEncoder()
TAIL = 4
"""Changed passages after which the vectors' files are written anew."""
MANY = 12
"""Passages from which on they have the form for many; there are fewer at first."""

_FIRST = "Ada Ben Cora Dan Eve Finn Gus Hana Ida Jon Kai Lea Max Nora Otto Pia".split()
_LAST = "Quinn Park Reyes Stone Tran Usher Vance West Young Zane Abbot Boyd Cole Dunn".split()
_WORDS = (
    "river budget school bridge airport council storm market station library hospital harbor"
    " garden theater factory museum stadium orchard railway tunnel festival election harvest"
).split()


def name_of(number: int, version: int) -> str:
    """Return who is mayor by this version of a story: another one by the next version."""
    at = number * 5 + version
    return f"{_FIRST[at % len(_FIRST)]} {_LAST[at // len(_FIRST) % len(_LAST)]}"


def town_of(number: int) -> str:
    """Return the town that a story is about, one word that no other has."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}") + "ville"


def story_of(number: int, version: int) -> Story:
    """Return a story of some passages; versions differ in title, first paragraph and date."""
    town = town_of(number)
    drawn = random.Random(number)
    others = [
        f"the {' '.join(drawn.choices(_WORDS, k=14))} of {town} was quiet, as neighbours said."
        for _ in range(7)
    ]
    first = f"On that day {name_of(number, version)} was elected mayor of {town} by the voters."
    return Story(
        story_id=id_of(number),
        source=f"stories/{number}",
        title=f"news of {town}, part {version}",
        body="\n\n".join([first, " ".join(others)]),
        publisher=f"gazette {number % 3}",
        published_at=date(2020, 1, 1) + timedelta(days=number + version),
    )


def id_of(number: int) -> str:
    """Return the id of a story."""
    return f"{number:016x}"


def question_of(number: int) -> str:
    """Return the question that a story answers."""
    return f"who was elected mayor of {town_of(number)}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens at once: stories that are put or removed, or an index that is made anew."""

    put: tuple[tuple[int, int], ...] = ()
    removed: tuple[int, ...] = ()
    rebuilds: bool = False

    def after(self, edition: Edition) -> Edition:
        """Return what there is when this has happened."""
        kept = {number: version for number, version in edition.items()}
        kept |= dict(self.put)
        return {number: version for number, version in kept.items() if number not in self.removed}


def plan(seed: int, edition: Edition, most: int = 30) -> Iterator[Step]:
    """Yield steps without end that add, update, remove and rebuild, the same for a *seed*."""
    drawn = random.Random(seed)
    while True:
        kind = drawn.choices(["add", "update", "remove", "rebuild"], [5, 4, 3, 1])[0]
        there = sorted(edition)
        if kind == "rebuild":
            step = Step(rebuilds=True)
        elif (kind == "remove" and len(there) > 3) or len(there) > most:
            step = Step(removed=(drawn.choice(there),))
        elif kind == "update" and there:
            chosen = drawn.sample(there, min(2, len(there)))
            step = Step(put=tuple((number, edition[number] + 1) for number in chosen))
        else:
            chosen = drawn.sample([n for n in range(2 * most) if n not in edition], 2)
            step = Step(put=tuple((number, drawn.randrange(3)) for number in chosen))
        edition = step.after(edition)
        yield step


def open_index(folder: Path) -> EmbeddedIndex:
    """Open the index of a data folder, whose files are written anew often."""
    vector_cache.MIN_TAIL = TAIL
    vector_files.MANY = MANY
    vector_scan.FEW = 0
    return EmbeddedIndex.open(folder / "index", encoder=ENCODER.name, dim=ENCODER.dim)


def perform(folder: Path, step: Step, stored: Callable[[], None] = lambda: None) -> None:
    """Do what `dateline add`, `remove` or `rebuild` does; call *stored* once it is stored."""
    with closing(StoryStore(folder / "stories.sqlite")) as store:
        if step.rebuilds:
            EmbeddedIndex.delete(folder / "index")
        if step.put:
            store.add([story_of(number, version) for number, version in step.put])
        for number in step.removed:
            if store.stories([id_of(number)]):
                store.remove(id_of(number))
        stored()
        catch_up(store, open_index(folder), ENCODER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a new process finds: the stories, what it says to questions, and how soon it could."""

    edition: Edition
    said: Mapping[str, Said]
    recovery_s: float


def inspected(folder: Path) -> Found:
    """Return what is found in a data folder, after every promise about it was checked."""
    started = perf_counter()
    with closing(StoryStore(folder / "stories.sqlite")) as store:
        edition = whole_stories(store)
        nothing_half_visible(folder)
        index = open_index(folder)
        catch_up(store, index, ENCODER)
        recovery_s = perf_counter() - started
        complete(store, index, edition)
        said = {question_of(n): said_to(store, index, n) for n in sorted(edition)}
        for number, version in edition.items():
            status, text, cited = said[question_of(number)]
            assert status in ("answered", "conflict"), question_of(number)
            assert (text, cited[0][0]) == (name_of(number, version), id_of(number))
        return Found(edition=edition, said=said, recovery_s=recovery_s)


def whole_stories(store: StoryStore) -> Edition:
    """Return the stories of *store*, each of which is there once, as it was written."""
    edition = {}
    for story in store.stories_page(10_000):
        number, version = int(story.story_id, 16), int(story.title.rpartition(" ")[2])
        assert number not in edition, f"story {number} is there twice"
        assert story == story_of(number, version), f"story {number} is not as it was written"
        cut = split_story(story)
        assert store.passages([passage.passage_id for passage in cut]) == {
            passage.passage_id: passage for passage in cut
        }, f"story {number} has other passages"
        assert store.lineage(story.story_id).versions[0].sha256 == story.sha256
        edition[number] = version
    assert store.passage_count() == sum(len(split_story(story_of(*e))) for e in edition.items())
    return edition


def nothing_half_visible(folder: Path) -> None:
    """Check that SQLite finds no fault, and that a story is searchable with all its vectors."""
    with closing(sqlite3.connect(folder / "stories.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        half_visible = connection.execute(
            "SELECT story_id FROM stories s WHERE embedded <> (SELECT count(*) FROM changes c"
            "   WHERE c.story_id = s.story_id AND kind = 'add')"
            " OR (embedded AND EXISTS (SELECT 1 FROM passages p"
            "   WHERE p.story_id = s.story_id AND vector IS NULL))"
            " OR NOT EXISTS (SELECT 1 FROM reprints r WHERE r.story_id = s.story_id)"
        ).fetchall()
        assert half_visible == []
        left = "SELECT count(*) FROM bands WHERE story_id NOT IN (SELECT story_id FROM stories)"
        assert connection.execute(left).fetchone() == (0,)


def complete(store: StoryStore, index: EmbeddedIndex, edition: Edition) -> None:
    """Check that both searches find every passage that is stored, and none else."""
    assert store.pending_count() == 0
    assert index.change == store.change
    assert len(index) == store.passage_count()
    [vector] = ENCODER.encode_queries(["the of"])
    everything = index.search(Query(text="the of elected quiet", vector=vector), 10_000)
    both = {one.passage_id for one in everything if one.dense_rank and one.word_rank}
    stored = {p.passage_id for e in edition.items() for p in split_story(story_of(*e))}
    assert {one.passage_id for one in everything} == both == stored


def said_to(store: StoryStore, index: EmbeddedIndex, number: int) -> Said:
    """Return what is answered to the question of a story."""
    return said_by(assistant_of_words(store, index).ask(question_of(number)))


def said_by(answer: Answer) -> Said:
    """Return what an answer says."""
    return (
        answer.status,
        answer.text,
        tuple((c.story_id, c.start, c.end, c.snapshot_sha256) for c in answer.citations),
    )
