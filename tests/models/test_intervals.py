from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.intervals import Estimate, bootstrap


def mean_of(values: np.ndarray):
    return lambda rows: float(values[rows].mean())


@given(st.lists(st.integers(0, 1), min_size=1, max_size=60))
def test_the_value_is_that_of_all_rows(values: list[int]):
    estimate = bootstrap(mean_of(np.array(values)), len(values), draws=20)
    assert estimate.value == pytest.approx(sum(values) / len(values))
    assert min(values) <= estimate.low <= estimate.high <= max(values)


def test_the_same_seed_gives_the_same_interval():
    values = np.random.default_rng(0).random(50)
    assert bootstrap(mean_of(values), 50, seed=3) == bootstrap(mean_of(values), 50, seed=3)
    assert bootstrap(mean_of(values), 50, seed=3) != bootstrap(mean_of(values), 50, seed=4)


def test_it_holds_the_truth_about_19_times_in_20():
    generator = np.random.default_rng(0)
    holds = [
        estimate.low <= 0.7 <= estimate.high
        for estimate in (
            bootstrap(mean_of(generator.random(200) < 0.7), 200, seed=seed, draws=200) for seed in range(300)
        )
    ]
    assert 0.9 <= np.mean(holds) <= 0.98


def test_four_times_the_rows_halve_it():
    values = np.random.default_rng(0).random(4000)
    few, many = bootstrap(mean_of(values[:1000]), 1000), bootstrap(mean_of(values), 4000)
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(2, rel=0.15)


def test_draws_without_a_figure_are_left_out():
    def undefined_at_times(rows: np.ndarray) -> float:
        return 0.5 if 0 in rows else float("nan")

    assert bootstrap(undefined_at_times, 5) == Estimate(0.5, 0.5, 0.5)


def test_it_is_written_as_a_reader_wants_it():
    assert str(Estimate(0.91237, 0.8, 0.95)) == "0.912 (0.800 to 0.950)"
