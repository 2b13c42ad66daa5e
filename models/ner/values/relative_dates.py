"""Days told from the reference date: yesterday, il y a 3 jours, in two weeks, mardi dernier, the 3rd of last month."""

from __future__ import annotations

import re
from functools import partial

from models.ner.values import periods
from models.ner.values.calendar_words import MONTHS, RELATIVE_DAYS, UNITS, WEEKDAYS
from models.ner.values.context import DateContext, Reader, alternatives, reader
from models.ner.values.direction import AFTER, BEFORE, COUNT, UNIT, count_of, shift
from models.ner.values.periods import DAY, Period, around, moved

_MONTH = rf"(?P<month>{alternatives(MONTHS)})\.?"
_WEEKDAY = rf"(?P<weekday>{alternatives(WEEKDAYS)})\.?"
_PART = r"(?: (?:morning|afternoon|evening|night|matin|soir|midi|apres midi|aprem))?"
_AGO = "ago|back|earlier|before now|plus tot|auparavant"
_IL_Y_A = "il y a|y a|ya|voila|ca fait"


def _named(context: DateContext, found: re.Match[str]) -> Period:
    return periods.day(context.reference + RELATIVE_DAYS[found["day"]] * DAY)


def _ago(context: DateContext, found: re.Match[str]) -> Period:
    return periods.day(moved(context.reference, -count_of(found["count"]), UNITS[found["unit"]]))


def _ahead(context: DateContext, found: re.Match[str]) -> Period:
    return periods.day(moved(context.reference, count_of(found["count"]), UNITS[found["unit"]]))


def _same_day(context: DateContext, found: re.Match[str]) -> Period:
    return periods.day(moved(context.reference, shift(found["which"]), UNITS[found["unit"]]))


def _weekday(context: DateContext, found: re.Match[str]) -> Period:
    """Return the latest such day before the reference date, or the first after it where that is meant."""
    written = found.groupdict().get("which")
    steps = shift(written) if written else 1 if context.forward else -1
    ahead = (WEEKDAYS[found["weekday"]] - context.reference.weekday()) % 7
    if steps == 0:
        return periods.day(periods.week(context.reference).start + WEEKDAYS[found["weekday"]] * DAY)
    return periods.day(context.reference + ((ahead or 7) if steps > 0 else (ahead - 7)) * DAY)


def _weekday_of_week(context: DateContext, found: re.Match[str]) -> Period:
    monday = around("week", context.reference, shift(found["which"])).start
    return periods.day(monday + WEEKDAYS[found["weekday"]] * DAY)


def _weeks_after(weeks: int, context: DateContext, found: re.Match[str]) -> Period:
    ahead = (WEEKDAYS[found["weekday"]] - context.reference.weekday()) % 7 or 7
    return periods.day(context.reference + (ahead + 7 * weeks) * DAY)


def _weekday_before_last(context: DateContext, found: re.Match[str]) -> Period:
    return periods.day(_weekday(context, found).start - 7 * DAY)


def _day_of_year(context: DateContext, found: re.Match[str]) -> Period:
    year = context.reference.year + shift(found["which"])
    return periods.day(periods.month(year, MONTHS[found["month"]]).start.replace(day=int(found["day"])))


def _day_of_month(context: DateContext, found: re.Match[str]) -> Period:
    first = around("month", context.reference, shift(found["which"] or "this")).start
    return periods.day(first.replace(day=int(found["day"])))


READERS: tuple[Reader, ...] = (
    reader(f"(?P<day>{alternatives(RELATIVE_DAYS)}){_PART}", _named),
    reader(f"{COUNT} {UNIT} (?:{_AGO})(?: today)?", _ago),
    reader(f"(?:{_IL_Y_A}) (?:environ |a peu pres |a peine )?{COUNT} {UNIT}", _ago),
    reader(f"(?:in|within|dans|d'ici|sous) (?:about |environ )?{COUNT} {UNIT}(?:'s?)?(?: time)?", _ahead),
    reader(f"{COUNT} {UNIT}(?:'s?)? (?:from now|from today|hence|later|plus tard|time)", _ahead),
    reader(f"(?:this|same) (?:time|day|date) {BEFORE} {UNIT}", _same_day),
    reader(f"(?:{BEFORE} )?{_WEEKDAY}{_PART}", _weekday),
    reader(f"(?:ce )?{_WEEKDAY}{_PART} {AFTER}{_PART}", _weekday),
    reader(f"{_WEEKDAY}(?: of| de)?(?: la| the)? {BEFORE} (?:week|semaine)", _weekday_of_week),
    reader(f"{_WEEKDAY}(?: de)?(?: la| cette)? semaine {AFTER}", _weekday_of_week),
    reader(f"{_WEEKDAY} (?:week|en huit)", partial(_weeks_after, 1)),
    reader(f"{_WEEKDAY} (?:fortnight|en quinze|en 15)", partial(_weeks_after, 2)),
    reader(f"(?:a|1) week on {_WEEKDAY}", partial(_weeks_after, 1)),
    reader(f"{_WEEKDAY} before last", _weekday_before_last),
    reader(rf"(?P<day>\d{{1,2}}) ?(?:(?:st|nd|rd|th)(?: of)?|of) {BEFORE} month", _day_of_month),
    reader(rf"(?P<day>\d{{1,2}}) ?(?:er)? (?:du|de ce) mois(?: {AFTER})?", _day_of_month),
    reader(r"(?P<day>\d{1,2}) (?P<which>courant)", _day_of_month),
    reader(
        rf"(?P<day>\d{{1,2}}) ?(?:st|nd|rd|th|er)?(?: of)? {_MONTH}(?: of| de)?(?: l')? ?{BEFORE} (?:year|annee|an)",
        _day_of_year,
    ),
    reader(rf"{_MONTH} (?P<day>\d{{1,2}}) ?(?:st|nd|rd|th)?,?(?: of)? {BEFORE} year", _day_of_year),
    reader(rf"(?P<day>\d{{1,2}}) ?(?:er)? {_MONTH}(?: de)?(?: l'| cet | cette )?(?:annee|an) {AFTER}", _day_of_year),
)
