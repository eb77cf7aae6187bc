"""From what is known of a candidate to the probability that it is right."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.story import Story
from qa.answer import Band, Confidence
from qa.errors import ReaderDamaged, ReaderNotFound
from qa.evidence import Candidate
from qa.question import AnswerType, Question

BUNDLED = Path(__file__).parent / "models" / "confidence.json"

HIGH, MEDIUM = 0.8, 0.6
"""The least probability of the bands `high` and `medium`; below is `low`."""

BEST_FUSED_SCORE = 2 / 61
"""What a passage scores that both searches rank first (reciprocal rank fusion with k = 60)."""

_WORD = re.compile(r"\w+")
_DATE = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
    r"|spring|summer|autumn|fall|winter|today|yesterday|tomorrow|tonight|last|next|this|later"
    r"|earlier|ago|day|week|month|year|decade|century|during|before|after|since|until)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty"
    r"|hundreds?|thousands?|[mb]illions?|dozens?|half|third|quarter|once|twice|several|many|all)\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[A-Z]")
_FITS: Mapping[AnswerType, re.Pattern[str]] = {
    "date": _DATE,
    "duration": _NUMBER,
    "number": _NUMBER,
    "money": _NUMBER,
    "person": _CAPITAL,
    "organisation": _CAPITAL,
    "place": _CAPITAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for or against a candidate; every field is about 0 to 1, or a few units.

    *gap*: the reader's score above the null answer, in tens of logits. *retrieval*: the fused
    score as a share of the best possible. *coverage*: the share of the question's words in the
    title and the passage. *names_lacking*, *years_lacking*: the shares of the question's names
    and years that stand nowhere in the story. *type_fits*: 1 if the words look like an answer of
    the type that is asked for. *mentions*: the logarithm of how often the answer was read.
    """

    gap: float
    retrieval: float
    coverage: float
    names_lacking: float
    years_lacking: float
    type_fits: float
    mentions: float


def features_of(question: Question, candidate: Candidate) -> Features:
    """Return the features of a candidate answer to *question*."""
    hit = candidate.best.hit
    fits = _FITS.get(question.answer_type)
    return Features(
        gap=candidate.best.span.score / 10,
        retrieval=hit.score / BEST_FUSED_SCORE,
        coverage=_coverage(question.words, f"{hit.story.title} {hit.passage.text}"),
        names_lacking=_share(missing_names(question, hit.story), question.names),
        years_lacking=_share(missing_years(question, hit.story), question.years),
        type_fits=float(fits is None or bool(fits.search(candidate.text))),
        mentions=math.log(len(candidate.mentions)),
    )


def missing_names(question: Question, story: Story) -> tuple[str, ...]:
    """Return the question's names that don't stand in the story."""
    words = f"{story.title}\n{story.body}\n{story.publisher or ''}".casefold()
    return tuple(name for name in question.names if _bare(name) not in words)


def missing_years(question: Question, story: Story) -> tuple[str, ...]:
    """Return the question's years that neither stand in the story nor are its date's."""
    words = f"{story.title}\n{story.body}\n{story.published_at or ''}"
    return tuple(year for year in question.years if year not in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceModel:
    """Two fitted logistic regressions: *ranking* compares candidates, *calibration* is believed.

    *ranking* weighs the features; *calibration* weighs the quality that results, and its margin
    over the next candidate, so that `p` is the probability that the answer is right. Made by
    `python -m qa.training.fit_confidence`.
    """

    ranking: Mapping[str, float]
    calibration: Mapping[str, float]

    @classmethod
    def load(cls, path: Path = BUNDLED) -> "ConfidenceModel":
        """Read the model; raise `ReaderNotFound` or `ReaderDamaged`."""
        try:
            fitted = json.loads(path.read_text("utf-8"))
            return cls(ranking=fitted["ranking"], calibration=fitted["calibration"])
        except OSError as error:
            raise ReaderNotFound(f"{path} can't be read; install Dateline again") from error
        except (ValueError, KeyError) as error:
            raise ReaderDamaged(f"{path} is no confidence model; install it again") from error

    def quality(self, features: Features) -> float:
        """Return how good a candidate is, in logits: higher is better."""
        weighted = (self.ranking[name] * value for name, value in asdict(features).items())
        return self.ranking["bias"] + math.fsum(weighted)

    def confidence(self, quality: float, runner_up: float | None) -> Confidence:
        """Return the probability that the best candidate is right."""
        margin = margin_of(quality, runner_up)
        logit = (
            self.calibration["bias"]
            + self.calibration["quality"] * quality
            + self.calibration["margin"] * margin
        )
        p = round(1 / (1 + math.exp(-logit)), 4)
        return Confidence(p=p, band=band_of(p))


def margin_of(quality: float, runner_up: float | None) -> float:
    """Return by how much the best candidate leads, at most 3 logits; 3 if it is alone."""
    return 3.0 if runner_up is None else min(quality - runner_up, 3.0)


def band_of(p: float) -> Band:
    """Return the band that a probability falls in."""
    if p >= HIGH:
        return "high"
    return "medium" if p >= MEDIUM else "low"


def _coverage(words: tuple[str, ...], text: str) -> float:
    stems = {_stem(word) for word in _WORD.findall(text.casefold())}
    found = sum(all(_stem(part) in stems for part in _WORD.findall(word)) for word in words)
    return found / len(words) if words else 1.0


def _stem(word: str) -> str:
    # Five letters tell English word families apart well enough to count shared words.
    return word[:5]


def _bare(name: str) -> str:
    return re.sub(r"['’]s$", "", name.casefold())


def _share(some: tuple[str, ...], all_: tuple[str, ...]) -> float:
    return len(some) / len(all_) if all_ else 0.0
