from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.anomaly.detector import Detector, Even
from models.anomaly.ledger import Floats
from models.anomaly.neighbours import Neighbours

Dice = np.random.Generator


def ordinary(dice: Dice, rows: int = 900) -> Floats:
    """Two clusters and a skewed column that follows the first."""
    table = dice.normal(size=(rows, 4)) + 6 * dice.integers(0, 2, (rows, 1))
    table[:, 3] = np.exp(table[:, 0] / 3 + 0.1 * dice.normal(size=rows))
    return table


def far(dice: Dice) -> Floats:
    return ordinary(dice, 20) * 3 + 10


def between(dice: Dice) -> Floats:
    """No column of these is far out: they lie between the clusters."""
    table = 3 + 0.3 * dice.normal(size=(5, 4))
    table[:, 3] = np.exp(table[:, 0] / 3)
    return table


def unrelated(dice: Dice) -> Floats:
    """Every value is ordinary, the last column follows no other."""
    table = ordinary(dice, 20)
    table[:, 3] = np.where(table[:, 0] > 3, 1.0, np.exp(2))
    return table


def test_tells_what_is_far_out():
    dice = np.random.default_rng(3)
    table = np.concatenate([ordinary(dice), far(dice)])
    assert roc_auc_score(np.arange(len(table)) >= 900, Detector.fit(table).score(table)) > 0.9


@pytest.mark.parametrize("odd", [between, unrelated])
def test_neighbours_add_to_the_tails(odd: Callable[[Dice], Floats]):
    dice = np.random.default_rng(3)
    table = np.concatenate([ordinary(dice), odd(dice)])
    truth, fitted = np.arange(len(table)) >= 900, Detector.fit(table)
    tails = fitted.raw(table)["tails"]
    assert roc_auc_score(truth, fitted.score(table)) > roc_auc_score(truth, tails)


def test_neighbours_see_what_no_column_shows():
    dice = np.random.default_rng(3)
    table = np.concatenate([ordinary(dice), between(dice)])
    truth = np.arange(len(table)) >= 900
    raw = Detector.fit(table).raw(table)
    assert roc_auc_score(truth, raw["tails"]) < 0.5
    assert roc_auc_score(truth, raw["density"]) > 0.9


def test_a_row_scores_the_same_alone_and_among_others():
    dice = np.random.default_rng(1)
    fitted, new = Detector.fit(ordinary(dice)), ordinary(dice, 30)
    alone = [fitted.score(row[None])[0] for row in new]
    assert np.allclose(alone, fitted.score(new))


def test_units_do_not_matter():
    table = ordinary(np.random.default_rng(2))
    factors = np.array([1024.0, 2.0**-7, 1.0, 8.0])  # powers of two, which round nothing
    assert np.allclose(Detector.fit(table).score(table), Detector.fit(table * factors).score(table * factors))


def test_the_seed_decides_on_the_sample_and_on_nothing_else():
    table = ordinary(np.random.default_rng(4), 5000)
    scores = [Detector.fit(table, seed).score(table[:50]) for seed in (0, 0, 1)]
    assert np.array_equal(scores[0], scores[1])
    assert not np.array_equal(scores[0], scores[2])


def test_further_is_stranger_past_all_that_was_seen():
    fitted = Detector.fit(ordinary(np.random.default_rng(5)))
    away = np.array([[30.0], [100.0], [1e4], [1e9]]) * np.ones(4)
    scores = fitted.score(away)
    assert np.isfinite(scores).all()
    assert (np.diff(scores) > 0).all()


@pytest.mark.parametrize(
    "table",
    [
        np.zeros((50, 3)),
        np.ones((1, 2)),
        np.array([[0.0, 1.0], [2.0, 1.0]]),
        np.repeat(np.eye(3), 40, axis=0),
        np.random.default_rng(0).poisson(0.1, (300, 4)).astype(float),
    ],
    ids=["all alike", "one row", "two rows", "three values", "mostly zero"],
)
@pytest.mark.parametrize("upward", [False, True])
def test_tables_with_little_in_them_have_scores(table: Floats, upward: bool):
    fitted = Detector.fit(table, upward=upward)
    scores = fitted.score(np.concatenate([table, table[:1] + 5]))
    assert np.isfinite(scores).all()
    assert scores[-1] >= scores[:-1].max()


def test_no_rows_have_no_scores():
    assert Detector.fit(ordinary(np.random.default_rng(6))).score(np.zeros((0, 4))).shape == (0,)


def test_surprises_never_lower_the_score():
    dice = np.random.default_rng(7)
    table = dice.exponential(size=(500, 6))
    fitted, rows = Detector.fit(table, upward=True), dice.exponential(2, (40, 6))
    for column in range(6):
        more = rows.copy()
        more[:, column] += 0.7
        assert (fitted.score(more) >= fitted.score(rows)).all()


def test_rows_that_many_equal_do_not_empty_what_is_about_them():
    dice = np.random.default_rng(8)
    heap, cloud = np.zeros((300, 2)), dice.normal(3, 0.5, (300, 2))
    fitted = Neighbours.fit(np.concatenate([heap, cloud]), 0)
    _, factor = fitted.score(np.array([[0.05, 0.0], [9.0, -9.0]]))
    assert factor[0] < factor[1]


def test_even_columns_are_of_one_size():
    table = ordinary(np.random.default_rng(9)) * np.array([1e-6, 1.0, 1e6, 3.0])
    assert np.allclose(Even.fit(table)(table).std(axis=0), 1)
