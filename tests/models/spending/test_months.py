from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.spending.months import first_days, month_name, month_number, month_of


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_name_and_number_are_the_same_month(day: date):
    assert month_name(month_of(day)) == f"{day.year:04d}-{day.month:02d}"
    assert month_number(month_name(month_of(day))) == month_of(day)


def test_days_are_the_first_of_their_months():
    days = first_days(month_number("2025-11"), 3)
    assert days.tolist() == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert np.diff(days).astype(int).tolist() == [30, 31]
