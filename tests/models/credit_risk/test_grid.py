from __future__ import annotations

import numpy as np
import pytest

from models.credit_risk.grid import Axis
from tests.models.credit_risk.examples import feature

VALUES = np.array([5.0, 1.0, np.nan, 2.0, 1.0, 9.0])


def test_few_values_are_knots_themselves():
    axis = Axis.fit(feature(), VALUES, most=10)
    assert axis.knots.tolist() == [1, 2, 5, 9]
    assert axis.cells == 5


def test_of_many_values_there_are_at_most_so_many_knots():
    values = np.random.default_rng(0).lognormal(size=5000)
    axis = Axis.fit(feature(), values, most=20)
    assert 15 <= len(axis.knots) <= 20
    assert np.all(np.diff(axis.knots) > 0)
    assert axis.weights(values)[:-1] == pytest.approx(np.full(len(axis.knots), 0.05), abs=0.03)


def test_a_value_that_most_rows_have_is_a_knot():
    values = np.where(np.arange(1000) < 700, 0.0, np.linspace(1, 100, 1000))
    assert Axis.fit(feature(), values, most=10).knots[0] == 0


def test_a_category_has_a_cell_each_and_one_for_none():
    axis = Axis.fit(feature(kind="category", categories=["a", "b", "c"]), np.array([2.0, np.nan]), most=10)
    place = axis.place(np.array([0.0, 2.0, np.nan]))
    assert place.lower.tolist() == place.upper.tolist() == [0, 2, 3]


def test_a_grade_nobody_had_lies_between_its_neighbours():
    axis = Axis.fit(feature(kind="grade", categories=["a", "b", "c"]), np.array([0.0, 2.0]), most=10)
    place = axis.place(np.array([1.0]))
    assert (place.lower[0], place.upper[0], place.between[0]) == (0, 1, 0.5)


def test_values_beyond_the_ends_lie_on_them():
    place = Axis.fit(feature(), VALUES, most=10).place(np.array([-1e300, 1e300, 0.0]))
    assert place.lower.tolist() == [0, 3, 0]
    assert place.between.tolist() == [0, 0, 0]


def test_codes_are_the_nearest_cells():
    codes = Axis.fit(feature(), VALUES, most=10).codes(np.array([1.4, 1.6, 4.0, 100.0, np.nan]))
    assert codes[:4].tolist() == [0, 1, 2, 3]
    assert np.isnan(codes[4])


def test_weights_are_shares_of_what_is_known():
    weights = Axis.fit(feature(), VALUES, most=10).weights(VALUES)
    assert weights == pytest.approx([0.4, 0.2, 0.2, 0.2, 0])


@pytest.mark.parametrize("kind", ["number", "category"])
def test_a_column_without_any_value_is_no_problem(kind: str):
    made = feature(kind=kind) if kind == "number" else feature(kind=kind, categories=["a", "b"])
    axis = Axis.fit(made, np.full(9, np.nan), most=10)
    assert axis.weights(np.full(9, np.nan)).sum() == pytest.approx(1)
    assert axis.place(np.array([np.nan])).lower[0] == axis.cells - 1
