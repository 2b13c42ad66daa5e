from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ner.values.periods import DAY, Period, around, moved, week

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
UNITS = ("day", "week", "weekend", "month", "quarter", "semester", "year", "decade")
ADJOINING = tuple(unit for unit in UNITS if unit != "weekend")


@pytest.mark.parametrize("unit", ADJOINING)
@given(reference=DAYS, shift=st.integers(-5, 5))
def test_units_adjoin_and_the_present_one_holds_today(unit: str, reference: dt.date, shift: int):
    this = around(unit, reference)
    assert this.start <= reference <= this.end
    assert around(unit, reference, shift).end + DAY == around(unit, reference, shift + 1).start


@given(DAYS)
def test_weeks_run_from_monday_to_sunday(reference: dt.date):
    assert (week(reference).start.weekday(), week(reference).end.weekday()) == (0, 6)
    assert (around("weekend", reference).start.weekday(), around("weekend", reference).end.weekday()) == (5, 6)


@pytest.mark.parametrize(
    ("unit", "start", "end"),
    [
        ("month", "2024-02-01", "2024-02-29"),
        ("quarter", "2024-01-01", "2024-03-31"),
        ("semester", "2024-01-01", "2024-06-30"),
        ("decade", "2020-01-01", "2029-12-31"),
    ],
)
def test_units_around_a_leap_day(unit: str, start: str, end: str):
    expected = Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end))
    assert around(unit, dt.date(2024, 2, 29)) == expected


@pytest.mark.parametrize(
    ("day", "count", "unit", "moved_to"),
    [
        ("2024-03-31", -1, "month", "2024-02-29"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2026-03-18", -2, "week", "2026-03-04"),
        ("2026-03-18", 3, "day", "2026-03-21"),
        ("2026-03-18", -48, "hour", "2026-03-16"),
        ("2026-03-18", -1, "quarter", "2025-12-18"),
    ],
)
def test_moving_lands_on_a_day_that_there_is(day: str, count: int, unit: str, moved_to: str):
    assert moved(dt.date.fromisoformat(day), count, unit) == dt.date.fromisoformat(moved_to)
