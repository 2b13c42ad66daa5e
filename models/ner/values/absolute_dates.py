"""Days and months told by number or name: 2026-03-12, 12/03, 3 mai, March 12th, mars 2025, the 3rd, Q2 2025, 2024."""

from __future__ import annotations

import datetime as dt
import re

from dateutil.relativedelta import relativedelta

from models.ner.values import periods
from models.ner.values.calendar_words import MONTHS, WEEKDAYS
from models.ner.values.context import DateContext, Reader, alternatives, reader
from models.ner.values.periods import Period

_MONTH = f"(?P<month>{alternatives(MONTHS)})\\.?"
_WEEKDAY = f"(?:(?:{alternatives(WEEKDAYS)})\\.?,? (?:the |le )?)?"
_DAY = r"(?P<day>\d{1,2}) ?(?:st|nd|rd|th|er|eme|e)?"
_YEAR = r"(?:,? (?:(?:of |in |de |en )?(?P<year>\d{4})|'?(?P<short>\d{2})))?"
_PIVOT = 70
"""Two-digit years below are of this century."""


def _year(context: DateContext, found: re.Match[str]) -> int | None:
    groups = found.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("short"):
        return _century(int(groups["short"]))
    return None


def _century(short: int) -> int:
    return short + (2000 if short < _PIVOT else 1900)


def nearest(context: DateContext, of_year: dict[int, dt.date]) -> dt.date:
    """Return the latest of the dates that has come, or the next to come where the sentence looks ahead."""
    past = [date for date in of_year.values() if date <= context.reference]
    coming = [date for date in of_year.values() if date >= context.reference]
    chosen = min(coming) if context.forward and coming else max(past, default=None)
    return chosen or min(coming)


def _day_of_month(context: DateContext, month: int, day: int, year: int | None) -> Period:
    if year is not None:
        return periods.day(dt.date(year, month, day))
    years = range(context.reference.year - 4, context.reference.year + 5)  # the 29th of February needs four
    return periods.day(
        nearest(context, {each: dt.date(each, month, day) for each in years if _exists(each, month, day)})
    )


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= periods.month(year, month).end.day


def _iso(context: DateContext, found: re.Match[str]) -> Period:
    return periods.day(dt.date(int(found["year"]), int(found["month"]), int(found["day"])))


def _year_month(context: DateContext, found: re.Match[str]) -> Period | None:
    month = int(found["month"])
    return periods.month(int(found["year"]), month) if 1 <= month <= 12 else None


def _numeric(context: DateContext, found: re.Match[str]) -> Period | None:
    first, second, year = int(found["first"]), int(found["second"]), found["year"]
    day, month = (first, second) if context.day_first else (second, first)
    if month > 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _day_of_month(context, month, day, (int(year) if len(year) == 4 else _century(int(year))) if year else None)


def _day_month(context: DateContext, found: re.Match[str]) -> Period:
    return _day_of_month(context, MONTHS[found["month"]], int(found["day"]), _year(context, found))


def _day_range(context: DateContext, found: re.Match[str]) -> Period:
    last = _day_month(context, found)
    return Period(last.start.replace(day=int(found["first"])), last.end)


def _month_day(context: DateContext, found: re.Match[str]) -> Period:
    if context.language == "fr" and found["year"] is None and found["short"] is None:
        # "déc. 24": in French the day stands first, so this is the year.
        return periods.month(_century(int(found["day"])), MONTHS[found["month"]])
    return _day_month(context, found)


def _month_range(context: DateContext, found: re.Match[str]) -> Period:
    first, last = MONTHS[found["first"]], MONTHS[found["month"]]
    year = _year(context, found)
    end = periods.month(month_year(context, last) if year is None else year, last).end
    return Period(dt.date(end.year - (first > last), first, 1), end)


def _years(context: DateContext, found: re.Match[str]) -> Period:
    last = found["last"]
    return Period(
        dt.date(int(found["first"]), 1, 1), periods.year(int(last if len(last) == 4 else found["first"][:2] + last)).end
    )


def _spoken_year(context: DateContext, found: re.Match[str]) -> Period:
    return periods.year(int(found["century"] + found["rest"]))


def _iso_week(context: DateContext, found: re.Match[str]) -> Period:
    year = int(found["year"]) if found["year"] else context.reference.year
    return periods.week(dt.date.fromisocalendar(year, int(found["week"]), 1))


def _month(context: DateContext, found: re.Match[str]) -> Period:
    number, year = MONTHS[found["month"]], _year(context, found)
    return periods.month(month_year(context, number) if year is None else year, number)


def month_year(context: DateContext, number: int) -> int:
    """Return the year of a bare month: of the latest that has begun, or the next where the sentence looks ahead."""
    now = context.reference
    if context.forward:
        return now.year + (number < now.month)
    return now.year - (number > now.month)


def _day_alone(context: DateContext, found: re.Match[str]) -> Period | None:
    day = int(found["day"])
    if not 1 <= day <= 31:
        return None
    first = context.reference.replace(day=1)
    starts = [first + relativedelta(months=shift) for shift in range(-3, 4)]
    dates = {n: start.replace(day=day) for n, start in enumerate(starts) if _exists(start.year, start.month, day)}
    return periods.day(nearest(context, dates))


def _whole_year(context: DateContext, found: re.Match[str]) -> Period:
    return periods.year(int(found["year"]))


READERS: tuple[Reader, ...] = (
    reader(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", _iso),
    reader(r"(?P<year>(?:19|20)\d\d)[-/](?P<month>\d{1,2})", _year_month),
    reader(r"(?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d\d)", _year_month),
    reader(
        rf"{_WEEKDAY}(?P<first>\d{{1,2}}) ?[-/.] ?(?P<second>\d{{1,2}})(?: ?[-/.] ?(?P<year>\d{{4}}|\d{{2}}))?",
        _numeric,
    ),
    reader(r"(?P<first>\d{1,2}) (?P<second>\d{1,2}) (?P<year>\d{4})", _numeric),
    reader(rf"{_WEEKDAY}{_DAY}[ -]?(?:of |de )?{_MONTH}{_YEAR.replace(',? (?:', '[, -]? ?(?:')}", _day_month),
    reader(rf"{_WEEKDAY}{_MONTH} (?:the )?{_DAY}{_YEAR}", _month_day),
    reader(rf"(?P<first>\d{{1,2}}) ?(?:-|to|au|a|/) ?{_DAY} (?:of )?{_MONTH}{_YEAR}", _day_range),
    reader(rf"{_MONTH} (?P<first>\d{{1,2}}) ?(?:-|to) ?{_DAY}{_YEAR}", _day_range),
    reader(rf"{_MONTH}(?:,? (?:of |in |de )?(?P<year>\d{{4}})|[ -]?'(?P<short>\d{{2}}))?", _month),
    reader(rf"(?P<first>{alternatives(MONTHS)})\.? ?(?:-|to|au?|through) ?{_MONTH}{_YEAR}", _month_range),
    reader(r"(?P<first>(?:19|20)\d\d) ?(?:-|/|to|a) ?(?P<last>(?:(?:19|20)\d\d)|\d\d)", _years),
    reader(r"(?P<century>19|20) (?P<rest>\d\d)", _spoken_year),
    reader(r"(?:week|wk|semaine|sem\.?) (?:n[o°] ?)?(?P<week>\d{1,2})(?:,? (?:of |de )?(?P<year>\d{4}))?", _iso_week),
    reader(r"(?:year |annee |fy ?)?(?P<year>(?:19|20)\d\d)", _whole_year),
    reader(rf"{_WEEKDAY}(?P<day>\d{{1,2}}) ?(?:st|nd|rd|th|er|eme)?(?: of the month| du mois)?", _day_alone),
)
