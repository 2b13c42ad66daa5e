from __future__ import annotations

import numpy as np
import pytest

from models.spending.backtest import backtest
from models.spending.methods import METHODS
from models.spending.series import Series
from tests.models.spending.histories import START, seasonal


def test_no_forecast_knows_what_came_after_its_origin():
    amounts = seasonal(36)
    changed = amounts.copy()
    changed[30:] *= 5
    before, after = (backtest(Series.of(each, START)) for each in (amounts, changed))
    early = before.origins <= 30
    assert early.any()
    assert before.forecasts[early].tolist() == after.forecasts[early].tolist()


def test_truth_is_what_came():
    amounts = seasonal(36)
    amounts[30] = 25_000
    series = Series.of(amounts, START)
    found = backtest(series)
    months = (found.origins + found.steps - 1).astype(int)
    assert found.spent.tolist() == amounts[months].tolist()
    assert found.truth.tolist() == series.capped[months].tolist()
    assert found.truth.max() < 25_000
    assert found.forecasts.shape == (len(found), len(METHODS))
    assert found.steps.max() == 12


@pytest.mark.parametrize(("months", "origins"), [(3, 0), (4, 1), (5, 2), (15, 8)])
def test_origins_leave_three_months(months: int, origins: int):
    found = backtest(Series.of(seasonal(months), START))
    assert len(np.unique(found.origins)) == origins
    assert (found.origins >= 3).all()
