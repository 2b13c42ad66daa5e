"""What is done to an account that its owner would want to hear of; each kind adds rows after an account's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from models.anomaly.currencies import PER_EURO
from models.anomaly.ledger import Columns
from models.anomaly.world.story import ABROAD, ABROAD_CURRENCY

_HOUR = 3600.0
_DAY = 24 * _HOUR


@dataclass(frozen=True)
class Row:
    """One transaction, as `Columns` holds many."""

    user: int
    time: float
    offset: float
    amount: float
    currency: str | None
    merchant: str | None
    category: str | None
    channel: str | None
    country: str | None


Rows = list[Row]
Kind = Callable[[Rows, float, np.random.Generator], Rows]


def rows_of(account: Columns) -> Rows:
    """Return an account as rows."""
    return [Row(*values) for values in zip(*(getattr(account, each.name) for each in fields(Columns)), strict=True)]


def columns_of(rows: Sequence[Row]) -> Columns:
    """Return rows as columns."""
    return Columns(*([getattr(row, each.name) for row in rows] for each in fields(Columns)))


def _spending(history: Rows, dice: np.random.Generator) -> Row:
    """Return one of the last payments of an account, as a pattern for a plausible one."""
    paid = [row for row in history[-150:] if row.amount < 0] or history[-1:]
    return paid[dice.integers(0, len(paid))]


def _usual(history: Rows, share: float = 0.5) -> float:
    """Return a quantile of what the account pays, without sign, in its latest currency."""
    rate = {row.currency or "EUR": PER_EURO.get(row.currency or "EUR", 1.0) for row in history}
    sizes = [-row.amount / rate[row.currency or "EUR"] for row in history if row.amount < 0]
    return float(np.quantile(sizes, share)) if sizes else 30.0


def _at(row: Row, time: float, dice: np.random.Generator) -> Row:
    """Return a row moved to a later day, at its own time of day or near it."""
    if row.time % _DAY == 0:
        return replace(row, time=np.ceil(time / _DAY) * _DAY)
    day = np.ceil(time / _DAY) * _DAY
    return replace(row, time=day + (row.time + float(dice.normal(0, 0.5 * _HOUR))) % _DAY)


def _paid(row: Row, euros: float) -> Row:
    return replace(row, amount=-round(max(euros, 0.01) * PER_EURO.get(row.currency or "EUR", 1.0), 2))


def _maybe(row: Row, euros: float, dice: np.random.Generator) -> Row:
    """Return a row with another amount, or half the time with its own: what is odd need not be large."""
    return _paid(row, euros) if dice.random() < 0.5 else row


def _large(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    euros = max(_usual(history, 0.9), _usual(history) * 3) * float(dice.lognormal(1.4, 0.5))
    return [_paid(_at(_spending(history, dice), time, dice), euros)]


def _large_for_category(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = _spending(history, dice)
    same = [each for each in history if each.category == row.category]
    return [_paid(_at(row, time, dice), _usual(same) * float(dice.lognormal(2.0, 0.4)))]


def _large_for_merchant(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = _spending(history, dice)
    same = [each for each in history if each.merchant == row.merchant]
    return [_paid(_at(row, time, dice), _usual(same) * float(dice.lognormal(1.8, 0.4)))]


def _odd_income(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    got = [row.amount for row in history if row.amount > 0] or [_usual(history) * 5]
    row = replace(_spending(history, dice), merchant=f"unheard {dice.integers(9999)}", category=None)
    return [replace(_at(row, time, dice), amount=round(max(got) * float(dice.lognormal(1.2, 0.4)), 2))]


def _unheard(*fields: str) -> Kind:
    def kind(history: Rows, time: float, dice: np.random.Generator) -> Rows:
        row = _at(_spending(history, dice), time, dice)
        odd: dict[str, Any] = {field: f"unheard {dice.integers(9999)}" for field in fields}
        return [_maybe(replace(row, **odd), _usual(history, 0.9) * float(dice.lognormal(0.9, 0.5)), dice)]

    return kind


def _abroad(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = _at(_spending(history, dice), time, dice)
    seen = {each.country for each in history}
    country = str(dice.choice([name for name in ABROAD if name not in seen] or ["KP"]))
    row = _in_currency(row, ABROAD_CURRENCY.get(country, "USD") if dice.random() < 0.5 else row.currency)
    row = replace(row, country=country, merchant=f"unheard {dice.integers(9999)}")
    return [_maybe(row, _usual(history, 0.75) * float(dice.lognormal(0.8, 0.6)), dice)]


def _odd_currency(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = _at(_spending(history, dice), time, dice)
    seen = {each.currency for each in history}
    return [
        _in_currency(row, str(dice.choice([code for code in ("USD", "CHF", "TRY", "AED", "SGD") if code not in seen])))
    ]


def _in_currency(row: Row, currency: str | None) -> Row:
    """Return a row that moves the same value in another currency."""
    rate = PER_EURO.get(currency or "EUR", 1.0) / PER_EURO.get(row.currency or "EUR", 1.0)
    return replace(row, currency=currency, amount=round(row.amount * rate, 2))


def _elsewhere_at_once(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    last = next((row for row in history[::-1] if row.country and row.channel != "online"), history[-1])
    country = str(dice.choice([name for name in (*ABROAD, "BR", "NG", "RU") if name != last.country]))
    card = replace(last, channel="card" if last.channel else None)
    here = replace(card, time=time)
    there = replace(card, time=time + float(dice.uniform(0.05, 1.0)) * _HOUR, country=country)
    return [here, _maybe(there, _usual(history, 0.6) * float(dice.lognormal(0.4, 0.6)), dice)]


def _odd_hour(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    hours = np.bincount([int(row.time % _DAY // _HOUR) for row in history], minlength=24)
    around = hours + np.roll(hours, 1) + np.roll(hours, -1) + dice.random(24)
    hour = int(np.argsort(around)[dice.integers(0, 4)])
    row = replace(_spending(history, dice), time=np.ceil(time / _DAY) * _DAY + (hour + float(dice.random())) * _HOUR)
    return [_maybe(row, _usual(history, 0.75) * float(dice.lognormal(0.6, 0.5)), dice)]


def _awakened(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    longest = max(np.diff([row.time for row in history[-300:]]), default=30 * _DAY)
    later = time + longest * float(dice.uniform(3, 8))
    row = _at(_spending(history, dice), later, dice)
    return [_maybe(row, _usual(history, 0.9) * float(dice.lognormal(0.8, 0.4)), dice)]


def _burst(span: float, least: int, most: int) -> Kind:
    def kind(history: Rows, time: float, dice: np.random.Generator) -> Rows:
        count = int(dice.integers(least, most + 1))
        rows = []
        for at in np.sort(dice.uniform(0, span, size=count)):
            row = replace(_spending(history, dice), time=time + float(at))
            rows.append(_paid(row, -row.amount / PER_EURO.get(row.currency or "EUR", 1.0)))
        return rows

    return kind


def _twice(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = _at(_spending(history, dice), time, dice)
    return [row, replace(row, time=row.time + float(dice.uniform(5, 900)))]


def _round(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = _spending(history, dice)
    least = _usual(history, 0.8) * float(dice.lognormal(0.7, 0.4)) * PER_EURO.get(row.currency or "EUR", 1.0)
    step = 10.0 ** np.floor(np.log10(max(least, 100.0)))
    return [replace(_at(row, time, dice), amount=-float(np.ceil(least / step) * step))]


def _below_limit(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = _spending(history, dice)
    least = max(_usual(history, 0.8), 300.0) * PER_EURO.get(row.currency or "EUR", 1.0)
    step = 10.0 ** np.ceil(np.log10(least))
    limit = step * float(dice.choice([0.5, 1.0])) if step * 0.5 > least else step
    rows = []
    for _ in range(int(dice.integers(1, 4))):
        rows.append(replace(_at(row, time, dice), amount=-round(limit * float(dice.uniform(0.982, 0.999)), 2)))
        time += _DAY
    return rows


def _stolen_card(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    [row] = _abroad(history, time, dice)
    day = np.floor(row.time / _DAY) * _DAY
    hour = float(dice.choice([0.5, 1.5, 2.5, 3.5, 4.5]))
    timed = replace(row, time=day + hour * _HOUR if row.time % _DAY else row.time, category=None)
    return [_paid(timed, _usual(history, 0.9) * float(dice.lognormal(1.2, 0.5)))]


KINDS: dict[str, Kind] = {
    "large": _large,
    "large for category": _large_for_category,
    "large for merchant": _large_for_merchant,
    "odd income": _odd_income,
    "unheard merchant": _unheard("merchant"),
    "unheard category": _unheard("category"),
    "unheard channel": _unheard("channel"),
    "unheard merchant and category": _unheard("merchant", "category"),
    "odd currency": _odd_currency,
    "abroad": _abroad,
    "two countries at once": _elsewhere_at_once,
    "odd hour": _odd_hour,
    "awakened": _awakened,
    "burst in an hour": _burst(0.8 * _HOUR, 4, 10),
    "burst in a day": _burst(0.8 * _DAY, 8, 20),
    "burst in a week": _burst(6 * _DAY, 25, 60),
    "paid twice": _twice,
    "round": _round,
    "below limit": _below_limit,
    "stolen card": _stolen_card,
}


def mischief(history: Rows, kind: str, dice: np.random.Generator) -> Rows:
    """Return the rows of an account and what is done then; the last row is the one to find."""
    later = history[-1].time + float(dice.uniform(0.2, 3.0)) * _DAY
    return [*history, *KINDS[kind](history, later, dice)]
