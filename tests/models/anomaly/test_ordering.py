from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.anomaly.ordering import joined, ordered


@given(st.lists(st.integers(0, 5) | st.integers(0, 2**61), max_size=30))
def test_equal_numbers_stay_as_they_stand(values: list[int]):
    assert ordered(np.array(values, dtype=np.intp)).tolist() == sorted(range(len(values)), key=values.__getitem__)


@pytest.mark.parametrize("most", [8, 2**20, 2**40])
def test_rows_share_a_number_when_all_columns_are_alike(most: int):
    dice = np.random.default_rng(0)
    rows = dice.integers(0, 3, size=(4, 200))
    keys = joined(*((column, most) for column in rows))
    alike = (rows[:, :, None] == rows[:, None, :]).all(axis=0)
    np.testing.assert_array_equal(keys[:, None] == keys, alike)
