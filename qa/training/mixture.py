"""Which rows a round of training reads, how often, and what becomes of each."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from qa.training.acronyms import ACRONYMS, acronym_rows
from qa.training.crops import among, around, beside, emptied, whole
from qa.training.edits import edited, names_in
from qa.training.examples import Example
from qa.training.rows import Row, read_rows

MINED = "mined"
MINED_FILE = "mined.jsonl.gz"

SHARES: Mapping[str, float] = {
    "squad11_train44": 1.0,
    "squad11_dev8": 1.0,
    "squadshifts_new_wiki": 1.0,
    "squad_recovered": 0.9,
    "squad_routerlens": 1.0,
    "squad_cs224n_val_tok": 0.9,
    "squad_flan_sample": 1.0,
    "qed_nq_train": 1.0,
    "squad2_halfdev8": 5.0,
    "derived_unanswerable": 0.6,
    "timeqa_human": 0.7,
    "quoref_dev": 0.7,
    "fairytaleqa": 0.2,
    "qamr": 0.25,
    "qasrl_gs": 0.08,
    "squad_sentence_join": 0.5,
    ACRONYMS: 1.0,
    MINED: 0.6,
}
"""How often a round reads a row of each set, on average: a set with 5.0 is read five times.

By how much a set is like a question about news and how sure its answers are; the crowd's own
unanswerable questions are scarce and count most. `mined` are the passages that Dateline's search
finds and that don't hold the answer.
"""

SENTENCE_SETS = frozenset({"qamr", "qasrl_gs", "squad_sentence_join"})
"""Sets whose contexts are one sentence; it is put among others."""

WHOLE, EDITED, EMPTIED, BESIDE = 0.12, 0.13, 0.14, 0.05
"""Shares of the answerable rows that are read whole, or made unanswerable in one of three ways."""

SEED = 1
ENOUGH_NAMES = 8
OTHERS = 6
MAX_OTHER_CHARS = 400


@dataclass(frozen=True, slots=True)
class Mixture:
    """Rows by set, and what examples are made with.

    *names* maps a title to the names that questions on its article hold, to edit others with;
    *neighbours* maps the article of a one-sentence context to its sentences. The empty title and
    the empty article have those of all.
    """

    rows: Mapping[str, Sequence[Row]]
    names: Mapping[str, Sequence[str]]
    neighbours: Mapping[str, Sequence[str]]

    def round(self, number: int, seed: int) -> Iterator[tuple[Row, int]]:
        """Yield the rows of a round in order, each with the seed of what is drawn for it."""
        rng = Random(f"{seed}/{number}")  # noqa: S311 - nothing secret
        drawn = [
            row
            for name, rows in sorted(self.rows.items())
            for row in _drawn(rows, SHARES[name], rng)
        ]
        rng.shuffle(drawn)
        for row in drawn:
            yield row, rng.getrandbits(32)

    def example(self, row: Row, seed: int) -> Example:
        """Return what *row* becomes in one round; the same seed always gives the same."""
        rng = Random(seed)  # noqa: S311 - nothing secret
        if row["source"] in SENTENCE_SETS:
            return among(row, self._others(row, rng), rng)
        if row["is_impossible"]:
            as_it_is = row["source"] == MINED or rng.random() < WHOLE
            return whole(row, rng) if as_it_is else around(row, rng)
        return self._answerable(row, rng)

    def _answerable(self, row: Row, rng: Random) -> Example:
        """Return an answerable row as one of the ways that rows are read, drawn by their shares."""
        drawn = rng.random()
        if drawn < WHOLE:
            return whole(row, rng)
        ways: list[tuple[float, Callable[[], Example | None]]] = [
            (EDITED, lambda: edited(around(row, rng), self._names(row), rng)),
            (EMPTIED, lambda: emptied(row, rng)),
            (BESIDE, lambda: beside(row, rng)),
        ]
        reached = WHOLE
        for share, way in ways:
            reached += share
            if drawn < reached:
                return way() or around(row, rng)
        return around(row, rng)

    def _names(self, row: Row) -> Sequence[str]:
        of_article = self.names.get(str(row["title"]), ())
        return of_article if len(of_article) >= ENOUGH_NAMES else self.names[""]

    def _others(self, row: Row, rng: Random) -> list[str]:
        near = [s for s in self.neighbours.get(article_of(row), ()) if s != row["context"]]
        count = rng.randint(1, OTHERS)
        if len(near) > count:
            at = rng.randrange(len(near) - count)
            return near[at : at + count]
        return near + rng.choices(self.neighbours[""], k=count - len(near))


def read_mixture(folder: Path, mined: Path | None = None) -> Mixture:
    """Read the sets of SHARES that *folder* holds, and the rows mined for them, if given."""
    paths = {path.name.removesuffix(".jsonl.gz"): path for path in folder.glob("*.jsonl.gz")}
    rows = {name: read_rows(paths[name]) for name in sorted(paths.keys() & SHARES.keys())}
    rows[ACRONYMS] = list(acronym_rows([row for of in rows.values() for row in of], SEED))
    if mined:
        rows[MINED] = read_rows(mined)
    return Mixture(rows=rows, names=_names_by_title(rows), neighbours=_neighbours(rows))


def _neighbours(rows: Mapping[str, Sequence[Row]]) -> dict[str, list[str]]:
    neighbours: dict[str, list[str]] = defaultdict(list)
    for name in sorted(SENTENCE_SETS & rows.keys()):
        for context, row in {str(row["context"]): row for row in rows[name]}.items():
            if len(context) <= MAX_OTHER_CHARS:
                neighbours[""].append(context)
                if article_of(row):
                    neighbours[article_of(row)].append(context)
    return neighbours


def _names_by_title(rows: Mapping[str, Sequence[Row]]) -> dict[str, list[str]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for row in (row for name in sorted(rows.keys() - SENTENCE_SETS) for row in rows[name]):
        found = dict.fromkeys(names_in(str(row["question"])))
        names[""] |= found
        if row["title"]:
            names[str(row["title"])] |= found
    return {title: list(of) for title, of in names.items()}


def article_of(row: Row) -> str:
    """Return what names the article of a one-sentence context; empty where nothing does."""
    parts = str(row["id"]).split(":")
    return ":".join(parts[1:3]) if row["source"] in ("qamr", "qasrl_gs") and len(parts) > 2 else ""


def _drawn(rows: Sequence[Row], share: float, rng: Random) -> list[Row]:
    times, part = divmod(share, 1)
    return [*rows] * int(times) + rng.sample(rows, round(part * len(rows)))
