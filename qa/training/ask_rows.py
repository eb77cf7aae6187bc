"""Questions with known answers, asked: their candidates, features, and which of them are right."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.passages import split_story
from qa.assemble import open_reader, open_retriever, open_store
from qa.composing.features import features_of
from qa.evaluate import RIGHT_F1
from qa.evidence import Candidate, candidates
from qa.question import Question, analyse
from qa.scoring.gold import GoldQuestion
from qa.scoring.metrics import f1
from qa.settings import Settings
from qa.training.rows import gold_of, read_rows, sample_of, stories_of

CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question's candidates, their features, shape (candidates, fields), and which are right.

    *group* names what questions share: those of one story are held out together. *weight* is how
    often the question counts when a model is fitted.
    """

    gold: GoldQuestion
    question: Question
    candidates: Sequence[Candidate]
    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    group: str
    weight: float


class Asker:
    """Asks questions over the stories of a data folder, with the reader of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._retriever = open_retriever(settings)
        self._reader = open_reader(settings)
        self._k = settings.reader.passages

    def ask(self, gold: GoldQuestion, weight: float) -> Asked | None:
        """Return the candidates that are read for *gold*; None if nothing was read."""
        question = analyse(gold.alone)
        hits = self._retriever.retrieve(question.text, k=self._k, filters=gold.search_filters)
        found = candidates(self._reader.read(question.text, hits), hits)[:CANDIDATES]
        if not found:
            return None
        rows = [list(asdict(features_of(question, candidate)).values()) for candidate in found]
        return Asked(
            gold=gold,
            question=question,
            candidates=found,
            features=np.array(rows),
            right=np.array([f1(candidate.text, gold.texts) >= RIGHT_F1 for candidate in found]),
            group=gold.files[0] if gold.files else gold.id,
            weight=weight,
        )

    def ask_all(self, questions: Iterable[GoldQuestion], weight: float) -> list[Asked]:
        """Return those of *questions* for which something was read."""
        return [one for gold in questions if (one := self.ask(gold, weight))]


def ask_rows(paths: Sequence[Path], sample: int, settings: Settings) -> Iterator[Asked]:
    """Ask a sample of the rows of each file over a store of all its contexts."""
    for path in paths:
        rows = read_rows(path)
        with tempfile.TemporaryDirectory() as folder:
            there = settings.model_copy(update={"data": Path(folder)})
            open_store(there).put([(story, split_story(story)) for story in stories_of(rows)])
            chosen = sample_of(rows, sample)
            yield from Asker(there).ask_all(map(gold_of, chosen), weight=1.0)
