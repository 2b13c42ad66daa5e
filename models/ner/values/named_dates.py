"""Parts of periods and days with names: fin mars, end of the month, first week of May, Q2, summer 2024, Christmas."""

from __future__ import annotations

import re

from models.ner.values import periods
from models.ner.values.absolute_dates import month_year, nearest
from models.ner.values.calendar_words import HOLIDAYS, MONTHS, ORDINALS, SEASONS, UNITS
from models.ner.values.context import DateContext, Reader, alternatives, reader
from models.ner.values.direction import AFTER, BEFORE, UNIT, shift
from models.ner.values.periods import DAY, Period, around

_MONTH = rf"(?P<month>{alternatives(MONTHS)})\.?"
_YEAR = r"(?:,? (?:of |in |de |en )?(?P<year>\d{4})|,? (?:of )?(?P<which>last|next|this) year|(?P<none>))"
_ORDINAL = f"(?P<ordinal>{alternatives(ORDINALS)})"
_PART = (
    r"(?P<part>early|beginning of|start of|debut(?: du| de l'| de la| d'| de)?|mid|middle of|mi|"
    r"milieu(?: du| de l'| d'| de)?|late|end of|fin(?: du| de l'| de la| d'| de)?)"
)
_HOLIDAY = f"(?P<holiday>{alternatives(HOLIDAYS)})"
_SEASON = f"(?P<season>{alternatives(SEASONS)})"
_WHICH = "(?:(?P<which>last|past|previous|next|this|cet|cette|ce) )?"
_LATER = (
    r"(?:,? (?:of |de )?(?P<year>\d{4})(?:[-/]\d\d(?:\d\d)?)?"
    r"| (?P<after>derniere?|passee?|prochaine?|last year|next year))?"
)


def _third(whole: Period, part: str) -> Period:
    """Return the first ten days of a month, the next ten, or the rest; likewise four months of a year, roughly."""
    if whole.end - whole.start < 40 * DAY:
        cuts = [whole.start, whole.start + 10 * DAY, whole.start + 20 * DAY, whole.end + DAY]
    else:
        firsts = [whole.start.replace(month=month) for month in (1, 5, 9)]
        cuts = [*firsts, whole.end + DAY]
    index = 0 if re.match("early|begin|start|debut", part) else 1 if part.startswith("mi") else 2
    return Period(cuts[index], cuts[index + 1] - DAY)


def _edge(whole: Period, part: str) -> Period:
    """Return the first or the last day of a period."""
    return periods.day(whole.start if re.match("early|begin|start|debut", part) else whole.end)


def _year(context: DateContext, found: re.Match[str], default: int) -> int:
    groups = found.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("short"):
        return 2000 + int(groups["short"])
    return context.reference.year + shift(groups["which"]) if groups.get("which") else default


def _part_of_month(context: DateContext, found: re.Match[str]) -> Period:
    number = MONTHS[found["month"]]
    return _third(periods.month(_year(context, found, month_year(context, number)), number), found["part"])


def _part_of_unit(context: DateContext, found: re.Match[str]) -> Period:
    groups = found.groupdict()
    whole = around(UNITS[found["unit"]], context.reference, shift(groups.get("which") or "this"))
    if found["part"].startswith("mi"):
        return _third(whole, "mid") if whole.end - whole.start > 8 * DAY else periods.day(whole.start + 2 * DAY)
    return _edge(whole, found["part"])


def _part_of_year(context: DateContext, found: re.Match[str]) -> Period:
    whole = periods.year(int(found["year"]))
    return _third(whole, "mid") if found["part"].startswith("mi") else _edge(whole, found["part"])


def _quarter(context: DateContext, found: re.Match[str]) -> Period:
    number = _number(found)
    now = (context.reference.month + 2) // 3
    started = context.reference.year - (number > now and not context.forward)
    return periods.quarter(_year(context, found, started + (context.forward and number < now)), number)


def _half(context: DateContext, found: re.Match[str]) -> Period:
    number = _number(found)
    number = 2 if number == -1 else number
    now = (context.reference.month + 5) // 6
    started = context.reference.year - (number > now and not context.forward)
    return periods.half(_year(context, found, started), number)


def _half_of_month(context: DateContext, found: re.Match[str]) -> Period:
    number = MONTHS[found["month"]]
    whole = periods.month(_year(context, found, month_year(context, number)), number)
    middle = whole.start.replace(day=15)
    return Period(whole.start, middle) if ORDINALS[found["ordinal"]] == 1 else Period(middle + DAY, whole.end)


def _number(found: re.Match[str]) -> int:
    groups = found.groupdict()
    if groups.get("ordinal"):
        number = ORDINALS[groups["ordinal"]]
        return 4 if number == -1 and "half" not in found.group() and "semestre" not in found.group() else number
    return int(found["number"])


def _season(context: DateContext, found: re.Match[str]) -> Period:
    month, now, groups = SEASONS[found["season"]], context.reference, found.groupdict()
    if groups.get("year"):
        return periods.season(int(groups["year"]), month)
    seasons = [periods.season(now.year + each, month) for each in range(-2, 3)]
    which = groups.get("which") or groups.get("after")
    if which and shift(which) < 0:
        return [each for each in seasons if each.end < now][-1]
    if which and shift(which) > 0:
        return next(each for each in seasons if each.start > now)
    if which or context.forward:
        return next(each for each in seasons if each.end >= now)
    return [each for each in seasons if each.start <= now][-1]


def _holiday(context: DateContext, found: re.Match[str]) -> Period:
    of, now, groups = HOLIDAYS[found["holiday"]], context.reference, found.groupdict()
    if groups.get("year"):
        return periods.day(of(int(groups["year"])))
    dates = {year: of(year) for year in range(now.year - 1, now.year + 2)}
    which = groups.get("which") or groups.get("after")
    if which and shift(which) < 0:
        return periods.day(max(date for date in dates.values() if date < now))
    if which and shift(which) > 0:
        return periods.day(min(date for date in dates.values() if date > now))
    return periods.day(dates[now.year] if which else nearest(context, dates))


def _week_of_month(context: DateContext, found: re.Match[str]) -> Period:
    """Return days 1 to 7, 8 to 14, ... of a month; the last seven for the last week."""
    groups = found.groupdict()
    if groups.get("month"):
        number = MONTHS[groups["month"]]
        whole = periods.month(_year(context, found, month_year(context, number)), number)
    else:
        whole = around("month", context.reference, shift(groups.get("which") or "this"))
    ordinal = ORDINALS[found["ordinal"]]
    if ordinal < 0:
        return Period(whole.end - 6 * DAY, whole.end)
    start = whole.start + 7 * (ordinal - 1) * DAY
    return Period(start, start + 6 * DAY)


def _edge_day(context: DateContext, found: re.Match[str]) -> Period:
    groups = found.groupdict()
    if groups.get("month"):
        number = MONTHS[groups["month"]]
        whole = periods.month(_year(context, found, month_year(context, number)), number)
    else:
        whole = around(UNITS[found["unit"]], context.reference, shift(groups.get("which") or "this"))
    return periods.day(whole.end if ORDINALS[found["ordinal"]] < 0 else whole.start)


def _week_of(context: DateContext, found: re.Match[str]) -> Period | None:
    from models.ner.values import absolute_dates

    inner = next(filter(None, (read(context, found["date"]) for read in absolute_dates.READERS)), None)
    return periods.week(inner.start) if inner and inner.start == inner.end else None


_OF = "(?: of the| of| de la| de l'| de| du| d'| the)? ?"

READERS: tuple[Reader, ...] = (
    reader(f"{_PART} ?{_MONTH}{_YEAR}", _part_of_month),
    reader(rf"{_PART} (?:year |annee |l'annee )?(?P<year>\d{{4}})", _part_of_year),
    reader(f"{_PART} (?:the |la |le |l')?(?:{BEFORE} )?{UNIT}", _part_of_unit),
    reader(f"{_PART} (?:the |la |le |l')?{UNIT} {AFTER}", _part_of_unit),
    reader(rf"[qt] ?(?P<number>[1-4])(?: ?[-/,]?{_YEAR})", _quarter),
    reader(r"(?P<year>\d{4}) ?[qt](?P<number>[1-4])", _quarter),
    reader(r"[qt](?P<number>[1-4]) ?'(?P<short>\d\d)", _quarter),
    reader(f"{_ORDINAL} (?:quarter|trimestre){_YEAR}", _quarter),
    reader("(?P<unit>month|year|quarter|week) (?P<part>end)", _part_of_unit),
    reader(f"{_ORDINAL} (?:half|quinzaine|moitie)(?: of| de| d')? ?{_MONTH}{_YEAR}", _half_of_month),
    reader(rf"[hs] ?(?P<number>[12]){_YEAR}", _half),
    reader(f"{_ORDINAL} (?:half|semestre|semester|moitie)(?: of the year| de l'annee)?{_YEAR}", _half),
    reader(f"{_WHICH}{_SEASON}{_LATER}", _season),
    reader(f"{_WHICH}{_HOLIDAY}{_LATER}", _holiday),
    reader(f"{_ORDINAL} (?:week|semaine){_OF}{_MONTH}{_YEAR}", _week_of_month),
    reader(f"{_ORDINAL} (?:week|semaine){_OF}(?:{BEFORE} )?(?:month|mois)", _week_of_month),
    reader(f"{_ORDINAL} (?:day|jour){_OF}{_MONTH}{_YEAR}", _edge_day),
    reader(f"{_ORDINAL} (?:day|jour){_OF}(?:{BEFORE} )?{UNIT}", _edge_day),
    reader(f"{_ORDINAL} (?:day|jour){_OF}{UNIT} {AFTER}", _edge_day),
    reader("(?:week|semaine)(?: of| du| commencing| beginning)(?: the| le)? (?P<date>.+)", _week_of),
)
