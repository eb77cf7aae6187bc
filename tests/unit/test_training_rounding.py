"""Weights are rounded so that the products of real inputs change little."""

import numpy as np
import pytest

from qa.training.rounding import rounded

RNG = np.random.default_rng(3)
WEIGHT = RNG.normal(size=(24, 48)).astype(np.float32)
SCALE = np.abs(WEIGHT).max(axis=1) / 8
# A few directions hold most of what the inputs have in common, as in a trained model.
INPUTS = RNG.normal(size=(500, 6)) @ RNG.normal(size=(6, 48)) + 0.1 * RNG.normal(size=(500, 48))
GRAM = INPUTS.T @ INPUTS


def product_error(kept: np.ndarray) -> float:
    return float(np.square(INPUTS @ (kept * SCALE[:, None] - WEIGHT).T).sum())


def test_without_texts_each_weight_is_the_nearest_multiple() -> None:
    kept = rounded(WEIGHT, SCALE, 8, None)

    assert np.abs(kept * SCALE[:, None] - WEIGHT).max() <= SCALE.max() * 1.001


def test_with_texts_their_products_change_far_less() -> None:
    nearest = product_error(rounded(WEIGHT, SCALE, 8, None))

    assert product_error(rounded(WEIGHT, SCALE, 8, GRAM)) < nearest / 3


@pytest.mark.parametrize("gram", [None, GRAM])
def test_no_multiple_leaves_its_bits(gram: np.ndarray | None) -> None:
    kept = rounded(WEIGHT, SCALE / 3, 8, gram)

    assert kept.min() == -8
    assert kept.max() == 7
