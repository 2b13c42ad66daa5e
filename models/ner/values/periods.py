"""Calendar arithmetic: days, weeks from Monday, months, quarters, years, as pairs of first and last day."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

DAY = dt.timedelta(1)


class Period(NamedTuple):
    """First and last day, both included."""

    start: dt.date
    end: dt.date


def day(date: dt.date) -> Period:
    """Return the period of one day."""
    return Period(date, date)


def month(year: int, number: int) -> Period:
    """Return a calendar month, 1 to 12."""
    return Period(dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1]))


def months(first: dt.date, count: int) -> Period:
    """Return `count` whole months from the one of `first` on."""
    start = first.replace(day=1)
    return Period(start, start + relativedelta(months=count) - DAY)


def quarter(year: int, number: int) -> Period:
    """Return a quarter, 1 to 4."""
    return months(dt.date(year, 3 * number - 2, 1), 3)


def half(year: int, number: int) -> Period:
    """Return a half-year, 1 or 2."""
    return months(dt.date(year, 6 * number - 5, 1), 6)


def year(number: int) -> Period:
    """Return a calendar year."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31))


def week(date: dt.date) -> Period:
    """Return the week, Monday to Sunday, that holds `date`."""
    monday = date - dt.timedelta(date.weekday())
    return Period(monday, monday + 6 * DAY)


def season(first_year: int, first_month: int) -> Period:
    """Return a meteorological season by its first month."""
    return months(dt.date(first_year, first_month, 1), 3)


def around(unit: str, reference: dt.date, shift: int = 0) -> Period:
    """Return the calendar unit that holds `reference`, moved by `shift` units.

    >>> around("quarter", dt.date(2026, 5, 14), -1)
    Period(start=datetime.date(2026, 1, 1), end=datetime.date(2026, 3, 31))
    """
    match unit:
        case "day":
            return day(reference + shift * DAY)
        case "week":
            return week(reference + 7 * shift * DAY)
        case "fortnight":
            monday = week(reference).start + 14 * shift * DAY
            return Period(monday, monday + 13 * DAY)
        case "weekend":
            saturday = week(reference).start + (5 + 7 * shift) * DAY
            return Period(saturday, saturday + DAY)
        case "month":
            return months(reference.replace(day=1) + relativedelta(months=shift), 1)
        case "quarter":
            first = reference.replace(month=reference.month - (reference.month - 1) % 3, day=1)
            return months(first + relativedelta(months=3 * shift), 3)
        case "semester":
            first = reference.replace(month=reference.month - (reference.month - 1) % 6, day=1)
            return months(first + relativedelta(months=6 * shift), 6)
        case "decade":
            first_year = reference.year - reference.year % 10 + 10 * shift
            return Period(dt.date(first_year, 1, 1), dt.date(first_year + 9, 12, 31))
        case _:
            return year(reference.year + shift)


def moved(reference: dt.date, count: int, unit: str) -> dt.date:
    """Return `reference` moved by `count` units; a day that its month lacks becomes the month's last."""
    if unit == "hour":
        return reference + math.copysign(math.ceil(abs(count) / 24), count) * DAY
    days = {"day": 1, "week": 7, "fortnight": 14, "weekend": 7}.get(unit)
    if days is not None:
        return reference + count * days * DAY
    return reference + relativedelta(
        months=count * {"month": 1, "quarter": 3, "semester": 6, "decade": 120}.get(unit, 12)
    )
