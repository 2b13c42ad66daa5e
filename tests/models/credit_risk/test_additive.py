"""Tables: exact, additive, fair shares, the same whatever the batch."""

from __future__ import annotations

from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
import pytest

from models.credit_risk.additive import AdditiveModel, mixture
from models.credit_risk.grid import Axis

AXES = (
    Axis(np.array([0.0, 1.0, 3.0, 10.0]), continuous=True),
    Axis(np.array([0.0, 1.0, 2.0]), continuous=False),
    Axis(np.array([-1.0, 0.5]), continuous=True),
    Axis(np.array([0.0, 2.0, 4.0]), continuous=True),
)
WEIGHTS = [
    np.array([0.4, 0.3, 0.2, 0.1, 0]),
    np.array([0.5, 0.5, 0, 0]),
    np.array([0.9, 0.1, 0]),
    np.array([0.2, 0.3, 0.5, 0]),
]


def random_model(seed: int = 0) -> AdditiveModel:
    draw = np.random.default_rng(seed)
    sizes = [axis.cells for axis in AXES]
    pairs = {(j, k): draw.normal(size=(sizes[j], sizes[k])) for j, k in [(0, 1), (0, 3), (1, 2)]}
    return AdditiveModel(AXES, 0.3, tuple(draw.normal(size=size) for size in sizes), pairs)


def random_rows(n: int, seed: int = 1) -> np.ndarray:
    draw = np.random.default_rng(seed)
    values = np.stack(
        [draw.uniform(-2, 12, n), draw.integers(0, 3, n), draw.uniform(-2, 2, n), draw.uniform(-1, 5, n)], 1
    )
    return np.where(draw.random(values.shape) < 0.1, np.nan, values)


def by_hand(model: AdditiveModel, row: np.ndarray) -> float:
    """Return the log-odds of one row, each table interpolated the long way."""

    def corners(j: int) -> list[tuple[int, float]]:
        knots, value = AXES[j].knots, row[j]
        if np.isnan(value):
            return [(len(knots), 1.0)]
        if not AXES[j].continuous:
            return [(int(value), 1.0)]
        value = min(max(value, knots[0]), knots[-1])
        at = max(i for i in range(len(knots)) if knots[i] <= value)
        if at == len(knots) - 1:
            return [(at, 1.0)]
        share = (value - knots[at]) / (knots[at + 1] - knots[at])
        return [(at, 1 - share), (at + 1, share)]

    total = model.baseline + sum(w * model.main[j][i] for j in range(4) for i, w in corners(j))
    for (j, k), table in model.pairs.items():
        total += sum(v * w * table[a, b] for a, v in corners(j) for b, w in corners(k))
    return total


def test_log_odds_are_the_sum_of_interpolated_tables():
    model, rows = random_model(), random_rows(200)
    assert model.log_odds(rows) == pytest.approx([by_hand(model, row) for row in rows], abs=1e-12)


def test_purified_it_is_the_same_function_with_every_mean_where_it_belongs():
    model, rows = random_model(), random_rows(200)
    pure = model.purified(WEIGHTS)
    assert pure.log_odds(rows) == pytest.approx(model.log_odds(rows), abs=1e-12)
    assert [float(table @ weight) for table, weight in zip(pure.main, WEIGHTS, strict=True)] == pytest.approx([0] * 4)
    for (j, k), table in pure.pairs.items():
        assert table @ WEIGHTS[k] == pytest.approx(np.zeros(len(table)), abs=1e-12)
        assert WEIGHTS[j] @ table == pytest.approx(np.zeros(table.shape[1]), abs=1e-12)


def test_contributions_add_up_to_the_log_odds():
    pure, rows = random_model().purified(WEIGHTS), random_rows(500)
    assert pure.baseline + pure.contributions(rows).sum(1) == pytest.approx(pure.log_odds(rows), abs=1e-12)


def test_contributions_are_the_shapley_values():
    """By their definition: averages over all coalitions, the others drawn from the reference portfolio."""
    pure = random_model().purified(WEIGHTS)
    cells = [[(float(AXES[j].knots[i]), w) for i, w in enumerate(WEIGHTS[j][:-1]) if w > 0] for j in range(4)]
    row = np.array([2.2, 1.0, 0.1, 3.7])

    def worth(known: tuple[int, ...]) -> float:
        grid = np.meshgrid(
            *[[row[j]] if j in known else [value for value, _ in cells[j]] for j in range(4)], indexing="ij"
        )
        shares = np.meshgrid(*[[1.0] if j in known else [w for _, w in cells[j]] for j in range(4)], indexing="ij")
        rows = np.stack([each.ravel() for each in grid], axis=1)
        return float(pure.log_odds(rows) @ np.prod([each.ravel() for each in shares], axis=0))

    expected = []
    for j in range(4):
        others = [k for k in range(4) if k != j]
        expected.append(
            sum(
                factorial(size) * factorial(3 - size) / factorial(4) * (worth((*some, j)) - worth(some))
                for size in range(4)
                for some in combinations(others, size)
            )
        )
    assert pure.contributions(row[None])[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 499])
def test_a_row_gets_the_same_digits_in_any_batch(size: int):
    pure, rows = random_model().purified(WEIGHTS), random_rows(500)
    parts = [rows[at : at + size] for at in range(0, len(rows), size)]
    assert np.array_equal(np.concatenate([pure.log_odds(part) for part in parts]), pure.log_odds(rows))
    assert np.array_equal(np.concatenate([pure.contributions(part) for part in parts]), pure.contributions(rows))


def test_memory_order_changes_no_digit():
    pure, rows = random_model().purified(WEIGHTS), random_rows(500)
    assert np.array_equal(pure.log_odds(np.asfortranarray(rows)), pure.log_odds(rows))


def test_a_mixture_is_the_weighted_sum():
    first, second, rows = random_model(0), random_model(5), random_rows(100)
    mixed = mixture([first, second], [0.3, 0.7]).log_odds(rows)
    assert mixed == pytest.approx(0.3 * first.log_odds(rows) + 0.7 * second.log_odds(rows), abs=1e-12)


def test_scaled_is_a_line_over_the_log_odds():
    model, rows = random_model(), random_rows(100)
    assert model.scaled(0.5, -1).log_odds(rows) == pytest.approx(0.5 * model.log_odds(rows) - 1, abs=1e-12)


def test_what_is_saved_is_loaded_to_the_digit(tmp_path: Path):
    model, rows = random_model(), random_rows(100)
    model.save(tmp_path / "model.npz")
    assert np.array_equal(AdditiveModel.load(tmp_path / "model.npz").log_odds(rows), model.log_odds(rows))


def test_a_model_without_pairs_works():
    model = AdditiveModel(AXES, 0.1, random_model().main, {})
    rows = random_rows(50)
    assert model.log_odds(rows) == pytest.approx([by_hand(model, row) for row in rows], abs=1e-12)
    assert model.contributions(rows).shape == (50, 4)
