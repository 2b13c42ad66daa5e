from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from models.anomaly.contributions import contributions
from models.anomaly.features import FEATURES
from models.anomaly.model import AnomalyModel

GROUPS = [np.array([0, 1, 2]), np.array([4]), np.array([9]), np.array([18])]


@pytest.fixture(params=[0.7, 1.0, 3.0])
def strange(request: pytest.FixtureRequest) -> np.ndarray:
    found = np.zeros(len(FEATURES))
    found[[0, 1, 2, 4, 9, 18]] = np.array([4.0, 3.0, 2.0, 5.0, 4.5, 6.0]) * request.param
    found[5] = 1.0  # usual enough to be in no group
    return found


def score(model: AnomalyModel, strange: np.ndarray, present: set[int]) -> float:
    row = strange.copy()
    for place, group in enumerate(GROUPS):
        if place not in present:
            row[group] = 0.0
    return float(model.scorer.score(row[None], np.array([100]))[0])


def test_they_are_the_mean_over_all_orders(model: AnomalyModel, strange: np.ndarray):
    orders = list(permutations(range(len(GROUPS))))
    expected = np.zeros(len(GROUPS))
    for order in orders:
        for turn, place in enumerate(order):
            before = set(order[:turn])
            expected[place] += score(model, strange, before | {place}) - score(model, strange, before)
    found = contributions(model.scorer, strange, 100, GROUPS)
    np.testing.assert_allclose(found, expected / len(orders), atol=1e-12)


def test_they_add_up_to_what_all_of_them_add(model: AnomalyModel, strange: np.ndarray):
    found = contributions(model.scorer, strange, 100, GROUPS)
    everything, nothing = score(model, strange, set(range(4))), score(model, strange, set())
    assert found.sum() == pytest.approx(everything - nothing)
    assert (found > 0).all()
