"""When a person's transactions come: hour, weekday, pauses and bursts."""

from __future__ import annotations

import numpy as np

from models.anomaly.contract import NEWEST
from models.anomaly.derived import SPANS_H, Derived
from models.anomaly.ledger import Floats, Ints, Ledger
from models.anomaly.population import PSEUDO, Population, anscombe
from models.anomaly.surprise import of_history, standing, usual_level
from models.anomaly.window import Findings, Window

_HOUR_WIDTH = 0.8
_MOST = 0.8
_LEAST_SCALES = np.array([[0.5], [0.6], [0.6], [0.6]])
"""Of log(1 + seconds) of pauses, and of 2 sqrt(count + 3/8) of bursts."""
_SPANS_S = np.array(SPANS_H)[:, None] * 3600.0

_DISTANCE = np.abs(np.arange(24)[:, None] - np.arange(24))
_KERNEL = np.exp(-0.5 * (np.minimum(_DISTANCE, 24 - _DISTANCE) / _HOUR_WIDTH) ** 2)
_KERNEL /= _KERNEL.sum(axis=1, keepdims=True)


def rhythm(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return surprise by feature, and facts for reasons; each column is (m,)."""
    clock, clock_facts = _clock(window, derived, population)
    spacing, spacing_facts = _spacing(window, ledger, derived, population)
    return clock | spacing, clock_facts | spacing_facts


def _clock(window: Window, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise at an hour and a weekday that is as rare for the person."""
    rows, past = window.rows, window.past
    # A date alone is in no hour of the day: it is counted in a 25th.
    by_hour = window.tally(np.where(derived.date_only[past], 24, derived.hour[past]), 25)
    timed = by_hour[:, :24].sum(axis=1)
    untimed = derived.date_only[rows] & (by_hour[:, 24] >= timed)
    counts = by_hour[:, :24] @ _KERNEL
    hours = (counts + PSEUDO * (np.array(population.hours) @ _KERNEL)) / (timed + PSEUDO)[:, None]
    days = window.tally(derived.weekday[past], 7)
    weekdays = (days + PSEUDO * np.array(population.weekdays)) / (window.count + PSEUDO)[:, None]
    hour = _rarity(hours, derived.hour[rows])
    weekday = _rarity(weekdays, derived.weekday[rows])
    first, last = _busy(hours)
    strange = {"hour": np.where(untimed, 0.0, hour), "weekday": weekday}
    on_day = days[np.arange(len(rows)), derived.weekday[rows]]
    return strange, {"weekday_n": on_day, "hour_n": timed, "hour_first": first, "hour_last": last}


def _rarity(shares: Floats, at: Ints) -> Floats:
    """Return minus the logarithm of the share of all that is at most as common."""
    own = shares[np.arange(len(shares)), at]
    as_rare = np.where(shares <= own[:, None] * (1 + 1e-9), shares, 0.0).sum(axis=1)
    rarity: Floats = np.maximum(-np.log(as_rare / shares.sum(axis=1)), 0.0)
    return rarity


def _busy(hours: Floats) -> tuple[Floats, Floats]:
    """Return the first and last hour of the shortest part of the day that holds most of the transactions."""
    rows, lengths = np.arange(len(hours)), np.arange(1, 25)
    until = np.cumsum(np.concatenate([np.zeros((len(hours), 1)), hours, hours], axis=1), axis=1)
    held = until[:, lengths[:, None] + np.arange(24)] - until[:, None, :24]
    enough = held.max(axis=2) >= _MOST * hours.sum(axis=1)[:, None]
    shortest = enough.argmax(axis=1)
    first = held[rows, shortest].argmax(axis=1).astype(np.float64)
    return first, (first + shortest) % 24


def _spacing(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise at the pause before, and that as many transactions came just before.

    The pause is judged as if it were half as long: who comes a day late is not missing yet. The usual of a burst is
    what the person's transactions from before that span had just before themselves: people pay in bouts.
    """
    past, rows, some = window.past, window.rows, window.count > 0
    pause = ledger.time[rows] - np.where(some, ledger.time[np.maximum(window.stop - 1, 0)], np.nan)
    own = np.minimum(derived.bursts[:, rows], window.count)
    # What has no pause before it goes last.
    gaps = np.nan_to_num(np.log1p(derived.gap[past]), nan=99.0)
    earlier = np.concatenate([gaps[None], anscombe(derived.bursts[:, past])])
    values = np.concatenate([np.log1p(np.where(some, pause, 0.0) / 2)[None], anscombe(own)])
    until = ledger.time[rows] - _SPANS_S
    inside = np.concatenate(
        [
            (window.mask & (window.positions > window.start[:, None]))[None],
            window.settled & (ledger.time[past] < until[..., None]),
        ]
    )
    order = np.argsort(earlier, axis=1, kind="stable")
    ascending = np.take_along_axis(earlier, order, axis=1)
    found = standing(values, np.take_along_axis(inside, order[:, None], axis=2), ascending)
    level = of_history(found, usual_level(values, (population.gap, *population.bursts)), _LEAST_SCALES)
    hidden = (window.count == NEWEST) & (level.count[1:] == 0)  # all that is looked at happened within the span or so
    bursts = np.where((own > 0) & ~hidden, level.surprise[1:], 0.0)
    strange = {"pause": np.where(some, level.surprise[0], 0.0)}
    facts = {"pause_s": pause, "pause_usual_s": np.expm1(level.median[0])}
    for span, hours in enumerate(SPANS_H):
        strange[f"burst_{hours}h"] = bursts[span]
        facts[f"burst_{hours}h_count"] = own[span] + 1.0
        facts[f"burst_{hours}h_usual"] = level.median[span + 1] ** 2 / 4 + 0.625
    return strange, facts
