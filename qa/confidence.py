"""From what is known of a candidate to the probability that it is right."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.answer import Band, Confidence
from qa.composing.features import Features, Standing
from qa.errors import ReaderDamaged, ReaderNotFound

BUNDLED = Path(__file__).parent / "models" / "confidence.json"

HIGH, MEDIUM = 0.8, 0.6
"""The least probability of the bands `high` and `medium`; below is `low`."""

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """Where answers begin to be shown, and what that meant on questions that were held out.

    Of those questions the share *shown* had an answer whose probability was *threshold* or more;
    the share *right* of them was right.
    """

    threshold: float
    shown: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceModel:
    """Two fitted logistic regressions, each a bias and a weight for every field.

    *ranking* weighs the features that compare candidates; *calibration* weighs the best one's
    standing, so that `p` is the probability that it is right. Made by
    `python -m qa.training.fit_confidence`. *name* tells the weights of files apart.
    """

    ranking: Weights
    calibration: Weights
    operating_point: OperatingPoint
    name: str = "unnamed"

    @classmethod
    def load(cls, path: Path = BUNDLED) -> "ConfidenceModel":
        """Read the model; raise `ReaderNotFound` or `ReaderDamaged`."""
        try:
            content = path.read_bytes()
            fitted = json.loads(content)
            return cls(
                name=f"logistic@{hashlib.sha256(content).hexdigest()[:8]}",
                ranking=fitted["ranking"],
                calibration=fitted["calibration"],
                operating_point=OperatingPoint(**fitted["operating_point"]),
            )
        except OSError as error:
            raise ReaderNotFound(
                f"{path} can't be read; set DATELINE_ANSWER__CONFIDENCE_MODEL to a file that "
                "can, or install Dateline again"
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ReaderDamaged(
                f"{path} is no confidence model; make it again with qa.training.fit_confidence"
            ) from error

    def quality(self, features: Features) -> float:
        """Return how good a candidate is, in logits: higher is better."""
        return _weighted(self.ranking, asdict(features))

    def confidence(self, standing: Standing) -> Confidence:
        """Return the probability that the best candidate is right, and its band."""
        p = round(1 / (1 + math.exp(-_weighted(self.calibration, asdict(standing)))), 4)
        return Confidence(p=p, band=band_of(p))


def band_of(p: float) -> Band:
    """Return the band that a probability falls in."""
    if p >= HIGH:
        return "high"
    return "medium" if p >= MEDIUM else "low"


def _weighted(weights: Weights, values: Mapping[str, float]) -> float:
    return weights["bias"] + math.fsum(weights[name] * value for name, value in values.items())
