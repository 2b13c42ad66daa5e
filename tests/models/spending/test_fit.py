"""The policy does what it is fitted for, on series that it has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from models.spending.data.examples import AHEAD, Example
from models.spending.fit import fit_policy, relative_errors
from models.spending.methods import METHODS
from models.spending.policy import interval, noise_class, scale, weights
from models.spending.tryout import Tried, try_each
from tests.models.spending.histories import START

MONTHS = 30


def white(number: int, split: str) -> Example:
    """Return a series whose months have nothing to do with each other."""
    random = np.random.default_rng([7, number])
    amounts = 100 * random.uniform(1, 50) * np.maximum(random.normal(1, 0.2, MONTHS + AHEAD), 0.1)
    return Example("process", split, amounts[:MONTHS], amounts[MONTHS:], START)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def tried() -> list[Tried]:
    return try_each([white(number, ("first", "second", "test")[number % 3]) for number in range(150)])


def test_on_white_noise_a_mean_weighs_more_than_the_month_a_year_ago(tried: list[Tried]):
    regime = fit_policy(tried).regime(MONTHS)
    shares = np.mean([weights(regime, each.residuals) for each in tried], axis=0)
    assert shares[METHODS.index("seasonal_naive")] < 0.6 * shares[METHODS.index("typical")]


def test_intervals_hold_four_fifths_of_unseen_white_noise(tried: list[Tried]):
    policy = fit_policy(tried)
    hits = []
    for each in tried:
        if each.example.split == "test":
            regime = policy.regime(MONTHS)
            shares = weights(regime, each.residuals)
            size = scale(regime, each.residuals.forecasts @ shares - each.residuals.truth, each.series)
            lower, upper = interval(regime, shares @ each.forecasts, size, noise_class(size, each.series))
            hits.append((each.example.ahead >= lower) & (each.example.ahead <= upper))
    assert 0.75 <= np.mean(hits) <= 0.85


def test_the_test_split_teaches_nothing(tried: list[Tried]):
    without = [each for each in tried if each.example.split != "test"]
    assert fit_policy(without) == fit_policy(tried)


def test_months_that_nobody_knows_are_left_out():
    example = white(0, "first")
    example.ahead[3:] = np.nan
    [each] = try_each([example])
    errors = relative_errors(each)
    assert np.isfinite(errors[:, :3]).all()
    assert np.isnan(errors[:, 3:]).all()
