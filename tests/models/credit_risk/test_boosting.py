from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from models.credit_risk.boosting import BoostedTrees, Growth
from models.credit_risk.demonstration import demonstrate
from models.credit_risk.reference import Reference

GROWTH = Growth(0.1, 60, 12, 4, 20, 1.0, 0.5)


@pytest.fixture(scope="module")
def grown() -> tuple[BoostedTrees, Reference, np.ndarray]:
    portfolio = demonstrate(1, rows=3000).portfolio
    values = portfolio.values
    values[:5, 3] = 8  # so that a category is seen by some members only
    reference = Reference.of(portfolio.specification.inputs, values)
    codes, held_out = reference.codes(values), np.arange(3000) % 5 == 0
    inputs = portfolio.specification.inputs
    return BoostedTrees.grow(inputs, reference.axes, codes, portfolio.bad, held_out, GROWTH, 0), reference, codes


@pytest.mark.parametrize("count", [1, 7, 60])
def test_the_tables_are_the_trees(grown: tuple[BoostedTrees, Reference, np.ndarray], count: int):
    """On every cell, missing ones and categories included."""
    trees, reference, codes = grown
    knots = [axis.knots for axis in reference.axes]
    values = np.stack(
        [np.where(np.isnan(c), np.nan, knots[j][np.nan_to_num(c).astype(int)]) for j, c in enumerate(codes.T)], axis=1
    )
    *_, expected = islice(trees._classifier.staged_decision_function(codes), count)
    assert trees.tables(count).log_odds(values) == pytest.approx(expected.ravel(), abs=1e-10)


def test_without_trees_there_is_the_default_rate(grown: tuple[BoostedTrees, Reference, np.ndarray]):
    trees, _, _ = grown
    none = trees.tables(0)
    assert not none.pairs
    assert none.log_odds(np.full((1, len(none.axes)), np.nan))[0] == trees._classifier._baseline_prediction[0, 0]


def test_losses_are_those_of_the_held_out_rows(grown: tuple[BoostedTrees, Reference, np.ndarray]):
    trees, _, _ = grown
    assert trees.losses[0] > trees.losses.min() > 0
