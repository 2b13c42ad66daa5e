"""What is done to an account that its owner would want to hear of; each kind adds rows after an account's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from models.anomaly.currencies import PER_EURO
from models.anomaly.world.rows import (
    DAY,
    HOUR,
    Rows,
    in_currency,
    maybe_paid,
    moved,
    own_payment,
    paid,
    usual_euros,
)
from models.anomaly.world.story import ABROAD, ABROAD_CURRENCY

Kind = Callable[[Rows, float, np.random.Generator], Rows]


def _large(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    euros = max(usual_euros(history, 0.9), usual_euros(history) * 3) * float(dice.lognormal(1.4, 0.5))
    return [paid(moved(own_payment(history, dice), time, dice), euros)]


def _large_for_category(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = own_payment(history, dice)
    same = [each for each in history if each.category == row.category]
    return [paid(moved(row, time, dice), usual_euros(same) * float(dice.lognormal(2.0, 0.4)))]


def _large_for_merchant(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = own_payment(history, dice)
    same = [each for each in history if each.merchant == row.merchant]
    return [paid(moved(row, time, dice), usual_euros(same) * float(dice.lognormal(1.8, 0.4)))]


def _odd_income(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    got = [row.amount for row in history if row.amount > 0] or [usual_euros(history) * 5]
    row = replace(own_payment(history, dice), merchant=f"unheard {dice.integers(9999)}", category=None)
    return [replace(moved(row, time, dice), amount=round(max(got) * float(dice.lognormal(1.2, 0.4)), 2))]


def _unheard(*fields: str) -> Kind:
    def kind(history: Rows, time: float, dice: np.random.Generator) -> Rows:
        row = moved(own_payment(history, dice), time, dice)
        odd: dict[str, Any] = {field: f"unheard {dice.integers(9999)}" for field in fields}
        return [maybe_paid(replace(row, **odd), usual_euros(history, 0.9) * float(dice.lognormal(0.9, 0.5)), dice)]

    return kind


def _abroad(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = moved(own_payment(history, dice), time, dice)
    seen = {each.country for each in history}
    country = str(dice.choice([name for name in ABROAD if name not in seen] or ["KP"]))
    row = in_currency(row, ABROAD_CURRENCY.get(country, "USD") if dice.random() < 0.5 else row.currency)
    row = replace(row, country=country, merchant=f"unheard {dice.integers(9999)}")
    return [maybe_paid(row, usual_euros(history, 0.75) * float(dice.lognormal(0.8, 0.6)), dice)]


def _odd_currency(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = moved(own_payment(history, dice), time, dice)
    seen = {each.currency for each in history}
    return [
        in_currency(row, str(dice.choice([code for code in ("USD", "CHF", "TRY", "AED", "SGD") if code not in seen])))
    ]


def _elsewhere_at_once(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    last = next((row for row in history[::-1] if row.country and row.channel != "online"), history[-1])
    country = str(dice.choice([name for name in (*ABROAD, "BR", "NG", "RU") if name != last.country]))
    card = replace(last, channel="card" if last.channel else None)
    here = replace(card, time=time)
    there = replace(card, time=time + float(dice.uniform(0.05, 1.0)) * HOUR, country=country)
    return [here, maybe_paid(there, usual_euros(history, 0.6) * float(dice.lognormal(0.4, 0.6)), dice)]


def _odd_hour(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    hours = np.bincount([int(row.time % DAY // HOUR) for row in history], minlength=24)
    around = hours + np.roll(hours, 1) + np.roll(hours, -1) + dice.random(24)
    hour = int(np.argsort(around)[dice.integers(0, 4)])
    row = replace(own_payment(history, dice), time=np.ceil(time / DAY) * DAY + (hour + float(dice.random())) * HOUR)
    return [maybe_paid(row, usual_euros(history, 0.75) * float(dice.lognormal(0.6, 0.5)), dice)]


def _awakened(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    longest = max(np.diff([row.time for row in history[-300:]]), default=30 * DAY)
    later = time + longest * float(dice.uniform(3, 8))
    row = moved(own_payment(history, dice), later, dice)
    return [maybe_paid(row, usual_euros(history, 0.9) * float(dice.lognormal(0.8, 0.4)), dice)]


def _burst(span: float, least: int, most: int) -> Kind:
    def kind(history: Rows, time: float, dice: np.random.Generator) -> Rows:
        count = int(dice.integers(least, most + 1))
        rows = []
        for at in np.sort(dice.uniform(0, span, size=count)):
            row = replace(own_payment(history, dice), time=time + float(at))
            rows.append(paid(row, -row.amount / PER_EURO.get(row.currency or "EUR", 1.0)))
        return rows

    return kind


def _twice(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = moved(own_payment(history, dice), time, dice)
    return [row, replace(row, time=row.time + float(dice.uniform(5, 900)))]


def _round(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = own_payment(history, dice)
    least = usual_euros(history, 0.8) * float(dice.lognormal(0.7, 0.4)) * PER_EURO.get(row.currency or "EUR", 1.0)
    step = 10.0 ** np.floor(np.log10(max(least, 100.0)))
    return [replace(moved(row, time, dice), amount=-float(np.ceil(least / step) * step))]


def _below_limit(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    row = own_payment(history, dice)
    least = max(usual_euros(history, 0.8), 300.0) * PER_EURO.get(row.currency or "EUR", 1.0)
    step = 10.0 ** np.ceil(np.log10(least))
    limit = step * float(dice.choice([0.5, 1.0])) if step * 0.5 > least else step
    rows = []
    for _ in range(int(dice.integers(1, 4))):
        rows.append(replace(moved(row, time, dice), amount=-round(limit * float(dice.uniform(0.982, 0.999)), 2)))
        time += DAY
    return rows


def _stolen_card(history: Rows, time: float, dice: np.random.Generator) -> Rows:
    [row] = _abroad(history, time, dice)
    day = np.floor(row.time / DAY) * DAY
    hour = float(dice.choice([0.5, 1.5, 2.5, 3.5, 4.5]))
    timed = replace(row, time=day + hour * HOUR if row.time % DAY else row.time, category=None)
    return [paid(timed, usual_euros(history, 0.9) * float(dice.lognormal(1.2, 0.5)))]


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
    "burst in an hour": _burst(0.8 * HOUR, 4, 10),
    "burst in a day": _burst(0.8 * DAY, 8, 20),
    "burst in a week": _burst(6 * DAY, 25, 60),
    "paid twice": _twice,
    "round": _round,
    "below limit": _below_limit,
    "stolen card": _stolen_card,
}


def mischief(history: Rows, kind: str, dice: np.random.Generator) -> Rows:
    """Return the rows of an account and what is done then; the last row is the one to find."""
    later = history[-1].time + float(dice.uniform(0.2, 3.0)) * DAY
    return [*history, *KINDS[kind](history, later, dice)]
