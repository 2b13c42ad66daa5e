"""Periods told from the reference date: last month, this week, 3 derniers mois, next year, year to date."""

from __future__ import annotations

import re

from models.ner.values import periods
from models.ner.values.calendar_words import MONTHS, UNITS
from models.ner.values.context import DateContext, Reader, alternatives, reader
from models.ner.values.direction import AFTER, BEFORE, COUNT, UNIT, count_of, shift
from models.ner.values.periods import DAY, Period, around, moved

_MONTH = rf"(?P<month>{alternatives(MONTHS)})\.?"
_WHOLE = "(?:calendar |full |whole |entire )?"
_TO_DATE = {"y": "year", "q": "quarter", "m": "month", "w": "week"}


def _unit(context: DateContext, found: re.Match[str]) -> Period:
    unit, steps = UNITS[found["unit"]], shift(found["which"])
    if found["which"] == "past" or (unit == "fortnight" and steps < 0):
        return Period(moved(context.reference, -1, unit) + DAY, context.reference)
    if unit == "weekend" and steps > 0 and context.reference.weekday() < 5:
        return around(unit, context.reference)  # the first one to come, like next Saturday
    whole = around(unit, context.reference, steps)
    return Period(whole.start, context.reference) if found["which"] == "so far this" else whole


def _weekend(context: DateContext, found: re.Match[str]) -> Period:
    """Return the weekend that runs, the one before, or the coming one where the sentence looks ahead."""
    running = context.reference.weekday() >= 5
    return around("weekend", context.reference, 0 if running or context.forward else -1)


def _two_back(context: DateContext, found: re.Match[str]) -> Period:
    return around(UNITS[found["unit"]], context.reference, -2)


def _two_ahead(context: DateContext, found: re.Match[str]) -> Period:
    return around(UNITS[found["unit"]], context.reference, 2)


def _units(context: DateContext, found: re.Match[str]) -> Period:
    """Return the units that end on the reference date, or those that begin the day after; hours in whole days."""
    count, unit = count_of(found["count"]), UNITS[found["unit"]]
    if unit == "hour":
        back = moved(context.reference, -count if shift(found["which"]) < 0 else count, unit)
        return Period(min(back, context.reference), max(back, context.reference))
    if shift(found["which"]) < 0:
        return Period(moved(context.reference, -count, unit) + DAY, context.reference)
    return Period(context.reference + DAY, moved(context.reference, count, unit))


def _month(context: DateContext, found: re.Match[str]) -> Period:
    number, now, steps = MONTHS[found["month"]], context.reference, shift(found["which"])
    if steps < 0:
        return periods.month(now.year - (number >= now.month), number)
    return periods.month(now.year + (steps > 0 and number <= now.month), number)


def _month_of_year(context: DateContext, found: re.Match[str]) -> Period:
    return periods.month(context.reference.year + shift(found["which"]), MONTHS[found["month"]])


def _to_date(context: DateContext, found: re.Match[str]) -> Period:
    return Period(around(_TO_DATE[found["unit"][0]], context.reference).start, context.reference)


READERS: tuple[Reader, ...] = (
    reader(f"{BEFORE} {_WHOLE}{UNIT}", _unit),
    reader(f"(?:ce |cette |cet |la |le |l')?{UNIT} {AFTER}", _unit),
    reader("weekend|week end|we", _weekend),
    reader(f"{UNIT} before last", _two_back),
    reader(f"avant derniere? {UNIT}", _two_back),
    reader(f"{UNIT} after next", _two_ahead),
    reader(f"{BEFORE} {COUNT} {_WHOLE}{UNIT}", _units),
    reader(f"{COUNT} {BEFORE} {UNIT}", _units),
    reader(f"{COUNT} {UNIT} {AFTER}", _units),
    reader(f"{BEFORE} {_MONTH}", _month),
    reader(f"{_MONTH} {AFTER}", _month),
    reader(f"{_MONTH},? (?:of )?{BEFORE} year", _month_of_year),
    reader(f"{_MONTH} (?:de )?(?:l'|cet )?(?:an|annee) {AFTER}", _month_of_year),
    reader(f"{_MONTH} (?:de )?{BEFORE} (?:an|annee)", _month_of_year),
    reader("(?P<unit>year|quarter|month|week) to date", _to_date),
    reader("(?P<unit>[yqm])td", _to_date),
)
