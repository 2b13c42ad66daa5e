from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract import Language
from models.ner.values.dates import read_date

WEDNESDAY = dt.date(2026, 3, 18)
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31))
_NAMES = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
MONTHS = {language: names.split() for language, names in _NAMES.items()}
DAY = dt.timedelta(1)


def read(
    span: str, language: Language = "en", reference: dt.date = WEDNESDAY, **meant: bool
) -> tuple[dt.date, dt.date] | None:
    found = read_date(span, language, reference, **meant)
    return (found.start, found.end) if found else None


def day(year: int, month: int, number: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, month, number), dt.date(year, month, number)


@pytest.mark.parametrize(
    ("english", "french", "start", "end"),
    [
        ("yesterday", "hier", "2026-03-17", "2026-03-17"),
        ("last month", "le mois dernier", "2026-02-01", "2026-02-28"),
        ("last 3 months", "3 derniers mois", "2025-12-19", "2026-03-18"),
        ("last week", "la semaine dernière", "2026-03-09", "2026-03-15"),
        ("this week", "cette semaine", "2026-03-16", "2026-03-22"),
        ("next week", "la semaine prochaine", "2026-03-23", "2026-03-29"),
        ("last Saturday", "samedi dernier", "2026-03-14", "2026-03-14"),
        ("last Wednesday", "mercredi dernier", "2026-03-11", "2026-03-11"),
        ("12 March 2026", "12 mars 2026", "2026-03-12", "2026-03-12"),
        ("Q2 2025", "T2 2025", "2025-04-01", "2025-06-30"),
        ("2025", "2025", "2025-01-01", "2025-12-31"),
        ("last year", "l'année dernière", "2025-01-01", "2025-12-31"),
        ("two weeks ago", "il y a deux semaines", "2026-03-04", "2026-03-04"),
        ("Christmas 2025", "Noël 2025", "2025-12-25", "2025-12-25"),
        ("Easter 2026", "Pâques 2026", "2026-04-05", "2026-04-05"),
        ("end of March 2025", "fin mars 2025", "2025-03-21", "2025-03-31"),
    ],
)
def test_both_languages_mean_the_same_days(english: str, french: str, start: str, end: str):
    expected = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    assert read(english, "en") == expected
    assert read(french, "fr") == expected


def test_numbers_alone_are_read_day_first_or_month_first():
    assert read("12/03", day_first=True) == day(2026, 3, 12)
    assert read("12/03", day_first=False) == day(2025, 12, 3)
    assert read("25/12/2025", day_first=False) == day(2025, 12, 25)
    assert read("2026-03-12", day_first=True) == day(2026, 3, 12)


def test_a_bare_day_is_the_latest_or_the_next_where_the_sentence_looks_ahead():
    assert read("Friday") == day(2026, 3, 13)
    assert read("Friday", forward=True) == day(2026, 3, 20)
    assert read("May") == (dt.date(2025, 5, 1), dt.date(2025, 5, 31))
    assert read("May", forward=True) == (dt.date(2026, 5, 1), dt.date(2026, 5, 31))
    assert read("3 mai", "fr", forward=True) == day(2026, 5, 3)


def test_since_ends_on_the_reference_date():
    assert read("janvier", "fr", since=True) == (dt.date(2026, 1, 1), WEDNESDAY)
    assert read("yesterday", since=True) == (dt.date(2026, 3, 17), WEDNESDAY)


@pytest.mark.parametrize("span", ["", " ", "31 February 2026", "32/13/2026", "soon", "Paul", "0000", "99/99", "\x00"])
def test_what_is_no_date_is_none(span: str):
    assert read(span) is None


@pytest.mark.parametrize("span", ["yesterdy", "last mnoth", "febuary 2026", "last wendesday"])
def test_a_slip_of_the_finger_is_forgiven(span: str):
    assert read(span) is not None


@pytest.mark.parametrize("language", ["en", "fr"])
@given(date=DAYS, reference=DAYS)
def test_a_day_told_in_full_is_that_day_whenever_it_is_read(language: Language, date: dt.date, reference: dt.date):
    month = MONTHS[language][date.month - 1]
    for span in (f"{date.day} {month} {date.year}", date.isoformat(), f"{date:%d/%m/%Y}", f"{date:%d.%m.%Y}"):
        assert read(span, language, reference, day_first=True) == (date, date)
    if language == "en":
        assert read(f"{month} {date.day}, {date.year}", language, reference) == (date, date)
        assert read(f"{date:%m/%d/%Y}", language, reference) == (date, date)


@given(DAYS)
def test_days_around_today(reference: dt.date):
    for english, french, shift in (("today", "aujourd'hui", 0), ("yesterday", "hier", -1), ("tomorrow", "demain", 1)):
        expected = (reference + shift * DAY, reference + shift * DAY)
        assert read(english, "en", reference) == expected
        assert read(french, "fr", reference) == expected


@given(DAYS, st.integers(0, 6))
def test_a_weekday_lies_within_the_week_before_or_after(reference: dt.date, weekday: int):
    name = calendar.day_name[weekday]
    last, coming = read(f"last {name}", "en", reference), read(f"next {name}", "en", reference)
    assert last is not None
    assert coming is not None
    assert last[0].weekday() == coming[0].weekday() == weekday
    assert 1 <= (reference - last[0]).days <= 7
    assert 1 <= (coming[0] - reference).days <= 7


@given(DAYS)
def test_calendar_units_hold_the_reference_date_and_adjoin(reference: dt.date):
    for unit in ("week", "month", "quarter", "year"):
        last, this, coming = (read(f"{which} {unit}", "en", reference) for which in ("last", "this", "next"))
        assert last is not None
        assert this is not None
        assert coming is not None
        assert this[0] <= reference <= this[1]
        assert last[1] + DAY == this[0]
        assert this[1] + DAY == coming[0]


@given(DAYS, st.integers(2, 30))
def test_the_last_n_units_end_on_the_reference_date(reference: dt.date, count: int):
    days = read(f"last {count} days", "en", reference)
    assert days == (reference - (count - 1) * DAY, reference)
    assert read(f"{count} derniers jours", "fr", reference) == days
    months = read(f"last {count} months", "en", reference)
    assert months is not None
    assert months[1] == reference
    assert months[0] <= reference - (28 * count - 31) * DAY


@given(DAYS, st.integers(0, 11))
def test_a_bare_month_is_the_latest_that_has_begun(reference: dt.date, month: int):
    for language in ("en", "fr"):
        found = read(MONTHS[language][month], language, reference)
        assert found is not None
        assert found[0].month == month + 1
        assert 0 <= (reference - found[0]).days < 366


@given(DAYS, st.integers(1, 4), st.integers(1950, 2090))
def test_quarters_are_three_months(reference: dt.date, quarter: int, year: int):
    found = read(f"Q{quarter} {year}", "en", reference)
    assert found is not None
    assert found[0] == dt.date(year, 3 * quarter - 2, 1)
    assert (found[1] + DAY).day == 1
    assert 89 <= (found[1] - found[0]).days <= 92


WORDS = st.sampled_from(
    (
        *("last", "next", "this", "the", "since", "3", "12", "2025", "month", "weeks", "Friday", "March", "end of"),
        *("le", "dernier", "prochaine", "mois", "semaine", "depuis", "il y a", "début", "mardi", "août", "Noël", "1er"),
        *("first", "half", "quarter", "Q2", "12/03", "31", "29 February", "9999", "0001", "ago", "in", "/", "-", "'99"),
    )
)


@pytest.mark.parametrize("language", ["en", "fr"])
@given(
    span=st.text(max_size=40) | st.lists(WORDS, max_size=6).map(" ".join) | st.text("0123456789/-.: ", max_size=12),
    reference=st.dates(),
    day_first=st.booleans(),
    forward=st.booleans(),
    since=st.booleans(),
)
def test_any_text_on_any_day_is_a_period_or_none(
    language: Language, span: str, reference: dt.date, day_first: bool, forward: bool, since: bool
):
    found = read(span, language, reference, day_first=day_first, forward=forward, since=since)
    assert found is None or found[0] <= found[1]
