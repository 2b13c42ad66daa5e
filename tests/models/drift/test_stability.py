from __future__ import annotations

import numpy as np
import pytest

from models.drift.stability import stability_index


def test_the_same_shares_have_an_index_of_zero():
    assert stability_index([5, 10, 85], [50, 100, 850]) == pytest.approx(0)


def test_it_is_the_formula_s_where_no_bin_is_empty():
    expected, observed = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.2, 0.2, 0.2, 0.4])
    formula = ((observed - expected) * np.log(observed / expected)).sum()
    assert stability_index([10, 20, 30, 40], [20, 20, 20, 40]) == pytest.approx(formula, rel=0.02)


def test_an_empty_bin_counts_much_but_not_without_bound():
    assert 0.25 < stability_index([0, 100], [10, 90]) < 1
    assert stability_index([0, 100], [100, 0]) < 20


def test_a_bin_that_nobody_is_in_changes_nothing():
    assert stability_index([5, 5, 0], [4, 6, 0]) == stability_index([5, 5], [4, 6])


def test_chance_alone_makes_as_much_as_theory_says():
    dice = np.random.default_rng(0)
    shares, reference, live = np.full(10, 0.1), 2000, 1000
    indices = [
        stability_index(dice.multinomial(reference, shares).tolist(), dice.multinomial(live, shares).tolist())
        for _ in range(400)
    ]
    assert np.mean(indices) == pytest.approx(9 * (1 / reference + 1 / live), rel=0.1)
