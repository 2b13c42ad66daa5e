from __future__ import annotations

import numpy as np
import pytest

from models.spending.series import LONGEST, Series, cap_one_offs, seasonal_factors
from tests.models.spending.histories import SEASON, START, seasonal


def test_months_before_the_first_spending_are_no_history():
    series = Series.of([0, 0, 5, 0, 7], START)
    assert series.amounts.tolist() == [5, 0, 7]
    assert series.phases(4).tolist() == [9, 10, 11, 0]


def test_of_a_long_history_the_last_ten_years_are_read():
    assert len(Series.of(np.arange(1, 241), START)) == LONGEST


def test_a_shorter_series_is_read_as_it_would_have_been_then():
    amounts = seasonal(30)
    amounts[20] = 20_000  # is far above what had been spent by then
    then = Series.of(amounts, START).until(21)
    assert then.start == START - 9
    assert then.capped[20] < 20_000
    assert then.capped.tolist() == Series.of(amounts[:21], START - 9).capped.tolist()


def test_a_one_off_purchase_is_capped_at_the_highest_other_month():
    amounts = seasonal(24)
    amounts[9] = 15_000
    capped = cap_one_offs(amounts)
    assert capped[9] == np.delete(amounts, 9).max()
    assert np.delete(capped, 9).tolist() == np.delete(amounts, 9).tolist()


@pytest.mark.parametrize("high", [(9, 21), (9, 10), (14, 15, 16, 17, 18, 19, 20, 21, 22, 23)], ids=str)
def test_what_comes_every_year_or_stays_is_no_one_off(high: tuple[int, ...]):
    amounts = seasonal(24)
    amounts[list(high)] = 15_000
    assert cap_one_offs(amounts).tolist() == amounts.tolist()


def test_rare_spending_is_no_one_off():
    amounts = np.array([0, 0, 120, 0, 0, 0, 90, 0, 0, 0, 0, 300.0])
    assert cap_one_offs(amounts).tolist() == amounts.tolist()


def test_factors_are_the_season_where_there_is_one():
    factors = seasonal_factors(seasonal(60, noise=0.01), Series.of(seasonal(60), START).phases(60))
    assert factors == pytest.approx(SEASON / SEASON.mean(), abs=0.03)
    assert factors.mean() == pytest.approx(1.0)


def test_noise_is_drawn_towards_no_season():
    found = []
    for seed in range(50):
        noise = np.random.default_rng(seed).normal(1000, 300, 36)
        found.append(float(np.abs(seasonal_factors(noise, np.arange(36) % 12) - 1).mean()))
    assert np.mean(found) < 0.1  # the mean of three such months errs by 0.14, their median by 0.16


def test_less_than_two_years_and_constant_months_have_no_season():
    assert seasonal_factors(seasonal(23), np.arange(23) % 12).tolist() == [1.0] * 12
    assert seasonal_factors(np.full(48, 5.0), np.arange(48) % 12).tolist() == [1.0] * 12
