"""Our readers of dates and money beside well-known libraries, on the hard cases of models/ner/lists.

`python -m benchmarks.entity_values` prints the share of right values and the time for each, and writes it to
results/entity_values.md.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import dateparser
from babel.numbers import NumberFormatError, parse_decimal
from price_parser import Price

from models.contract import Language
from models.ner.names import LISTS
from models.ner.values.amounts import read_amount
from models.ner.values.dates import read_date

RESULTS = Path(__file__).with_name("results") / "entity_values.md"
Row = tuple[str, ...]
Answer = tuple[object, ...] | None


def rows(file: str) -> list[Row]:
    """Return the cases of a list."""
    return [tuple(line.split("\t")) for line in (LISTS / file).read_text(encoding="utf-8").splitlines()]


def language(tag: str) -> Language:
    return "fr" if tag == "fr" else "en"


def our_date(row: Row) -> Answer:
    found = read_date(row[1], language(row[0]), dt.date.fromisoformat(row[2]), day_first=row[0] != "en")
    return (found.start.isoformat(), found.end.isoformat()) if found else None


def dateparser_date(row: Row) -> Answer:
    """dateparser gives one moment: right where a single day is meant, or for a period its first day alone."""
    settings = {
        "RELATIVE_BASE": dt.datetime.fromisoformat(row[2]),
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "DATE_ORDER": "MDY" if row[0] == "en" else "DMY",
    }
    found = dateparser.parse(row[1], languages=[language(row[0])], settings=settings)
    return (found.date().isoformat(),) if found else None


def our_amount(row: Row) -> Answer:
    found = read_amount(row[1], language(row[0]))
    return (Decimal(found.amount), found.currency or "-") if found else None


def price_parser_amount(row: Row) -> Answer:
    found = Price.fromstring(row[1])
    return (found.amount,) if found.amount is not None else None


def babel_amount(row: Row) -> Answer:
    digits = "".join(each for each in row[1] if each.isdecimal() or each in ".,  \u202f\u00a0'").strip()
    try:
        return (parse_decimal(digits, locale=language(row[0])),)
    except NumberFormatError:
        return None


def measure(
    cases: Sequence[Row], read: Callable[[Row], Answer], wanted: Callable[[Row], Answer]
) -> tuple[float, float]:
    """Return the share of right answers, comparing as much as the reader gives, and microseconds a case."""
    right = 0
    started = time.perf_counter()
    for row in cases:
        got, expected = read(row), wanted(row)
        right += got is not None and expected is not None and got == expected[: len(got)]
    return right / len(cases), 1e6 * (time.perf_counter() - started) / len(cases)


def main() -> None:
    dates, amounts = rows("dates.tsv"), rows("amounts.tsv")
    days = [row for row in dates if row[3] == row[4]]

    def date_of(row: Row) -> Answer:
        return row[3], row[4]

    def amount_of(row: Row) -> Answer:
        return Decimal(row[2]), row[3]

    table = [
        (f"{len(dates)} dates and periods, both ends", "ours", measure(dates, our_date, date_of)),
        (f"{len(dates)} dates and periods, first day only", "dateparser", measure(dates, dateparser_date, date_of)),
        (f"{len(days)} single days", "ours", measure(days, our_date, date_of)),
        (f"{len(days)} single days", "dateparser", measure(days, dateparser_date, date_of)),
        (f"{len(amounts)} amounts with currency", "ours", measure(amounts, our_amount, amount_of)),
        (f"{len(amounts)} amounts, number only", "price-parser", measure(amounts, price_parser_amount, amount_of)),
        (f"{len(amounts)} amounts, number only", "Babel parse_decimal", measure(amounts, babel_amount, amount_of)),
    ]
    lines = ["| cases | reader | right | µs a case |", "|---|---|---|---|"]
    lines += [f"| {cases} | {reader} | {right:.3f} | {each:.0f} |" for cases, reader, (right, each) in table]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
