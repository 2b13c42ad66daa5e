"""Anomalies put into the Berka accounts, one kind for each thing a person would call strange. See mischief.md.

Written apart from the mischief that the default model is trained against, and without looking at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.anomaly.berka import DAY, Row

HOUR = 3600.0
Kind = Callable[[list[Row], np.random.Generator], list[Row]]


class Impossible(Exception):
    """This account cannot be odd in this way."""


def _next(history: list[Row], dice: np.random.Generator, among: list[Row] | None = None) -> Row:
    """Return an ordinary next transaction: one of the account's own, one to four days after its last, at its hour."""
    pattern = (among or [row for row in history if row.amount < 0] or history)[-60:]
    row = pattern[dice.integers(0, len(pattern))]
    day = np.floor(history[-1].time / DAY) + 1 + int(dice.integers(0, 4))
    return replace(row, time=day * DAY + row.time % DAY)


def _spent(history: list[Row], share: float) -> float:
    return float(np.quantile([-row.amount for row in history if row.amount < 0] or [500.0], share))


def _often(history: list[Row], field: str) -> list[Row]:
    """Return payments whose value of a field comes three times or more; an account without any cannot be odd there."""
    values = [getattr(row, field) for row in history]
    often = [
        row for row in history if getattr(row, field) and values.count(getattr(row, field)) >= 3 and row.amount < 0
    ]
    if not often:
        raise Impossible(field)
    return often


def _large(history: list[Row], dice: np.random.Generator) -> list[Row]:
    return [replace(_next(history, dice), amount=-round(_spent(history, 0.9) * float(dice.uniform(3, 10)), 1))]


def _large_in(field: str) -> Kind:
    def kind(history: list[Row], dice: np.random.Generator) -> list[Row]:
        row = _next(history, dice, _often(history, field))
        like = [abs(each.amount) for each in history if getattr(each, field) == getattr(row, field)]
        return [
            replace(row, amount=float(np.sign(row.amount)) * round(np.median(like) * float(dice.uniform(5, 15)), 1))
        ]

    return kind


def _large_income(history: list[Row], dice: np.random.Generator) -> list[Row]:
    received = [row for row in history if row.amount > 0] or history
    most = max(abs(row.amount) for row in received)
    return [replace(_next(history, dice, received), amount=round(most * float(dice.uniform(3, 8)), 1))]


def _new(field: str, value: str) -> Kind:
    def kind(history: list[Row], dice: np.random.Generator) -> list[Row]:
        return [replace(_next(history, dice), **{field: f"{value} {dice.integers(1000)}"})]

    return kind


def _new_country(history: list[Row], dice: np.random.Generator) -> list[Row]:
    return [replace(_next(history, dice), country=str(dice.choice(["US", "TH", "BR", "NG", "AU"])))]


def _new_currency(history: list[Row], dice: np.random.Generator) -> list[Row]:
    row = _next(history, dice)
    currency, rate = [("USD", 33.0), ("DEM", 18.0), ("GBP", 55.0)][dice.choice([0, 2])]
    return [replace(row, currency=currency, amount=round(row.amount / rate, 2))]


def _odd_hour(history: list[Row], dice: np.random.Generator) -> list[Row]:
    hours = np.bincount([int(row.time % DAY // HOUR) for row in history], minlength=24)
    near = sum(np.roll(hours, shift) for shift in (-1, 0, 1))
    never = np.flatnonzero(near == near.min())
    row = _next(history, dice)
    hour = float(never[dice.integers(0, len(never))]) + float(dice.random())
    return [replace(row, time=np.floor(row.time / DAY) * DAY + hour * HOUR)]


def _asleep(history: list[Row], dice: np.random.Generator) -> list[Row]:
    row = _next(history, dice)
    longest = max(np.diff([each.time for each in history]), default=30 * DAY)
    return [replace(row, time=row.time + np.ceil(longest * float(dice.uniform(3, 6)) / DAY) * DAY)]


def _burst(hours: float, least: int, most: int) -> Kind:
    def kind(history: list[Row], dice: np.random.Generator) -> list[Row]:
        begin = _next(history, dice).time
        times = begin + np.sort(dice.uniform(0, hours * HOUR, size=int(dice.integers(least, most + 1))))
        return [replace(_next(history, dice), time=float(time)) for time in times]

    return kind


def _twice(history: list[Row], dice: np.random.Generator) -> list[Row]:
    row = _next(history, dice)
    return [row, replace(row, time=row.time + float(dice.uniform(20, 600)))]


def _round(history: list[Row], dice: np.random.Generator) -> list[Row]:
    step = 10.0 ** np.ceil(np.log10(max(_spent(history, 0.9), 100.0)))
    return [replace(_next(history, dice), amount=-float(step * dice.integers(1, 4)))]


def _below_limit(history: list[Row], dice: np.random.Generator) -> list[Row]:
    limit = 10.0 ** np.ceil(np.log10(max(_spent(history, 0.8), 9000.0)))
    rows: list[Row] = []
    for _ in range(3):
        rows.append(replace(_next(history + rows, dice), amount=-round(limit * float(dice.uniform(0.985, 0.999)), 1)))
    return rows


def _travel(history: list[Row], dice: np.random.Generator) -> list[Row]:
    row = _next(history, dice)
    country = str(dice.choice(["US", "TH", "BR", "AU", "ES"]))
    return [row, replace(row, time=row.time + float(dice.uniform(0.1, 1.0)) * HOUR, country=country)]


KINDS: dict[str, Kind] = {
    "amount, overall": _large,
    "amount, for its category": _large_in("category"),
    "amount, for its payee": _large_in("merchant"),
    "amount, income": _large_income,
    "new payee": _new("merchant", "QQ"),
    "new category": _new("category", "purpose"),
    "new country": _new_country,
    "new channel": _new("channel", "channel"),
    "new currency": _new_currency,
    "hour": _odd_hour,
    "after long silence": _asleep,
    "burst in 1 h": _burst(1, 4, 8),
    "burst in 24 h": _burst(24, 8, 15),
    "burst in 7 d": _burst(168, 20, 40),
    "paid twice": _twice,
    "round amount": _round,
    "just below a limit": _below_limit,
    "faster than travel": _travel,
}


def mischief(history: list[Row], kind: str, dice: np.random.Generator) -> list[Row]:
    """Return the rows that follow `history`; the last one is the one to find.

    Raises
    ------
    Impossible: the account has no habit that could be broken so.
    """
    return KINDS[kind](history, dice)
