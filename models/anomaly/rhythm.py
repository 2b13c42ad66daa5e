"""When a person's transactions come: hour, weekday, pauses and bursts."""

from __future__ import annotations

import numpy as np

from models.anomaly.contract import NEWEST
from models.anomaly.derived import SPANS_H, Derived
from models.anomaly.ledger import Floats, Ints, Ledger
from models.anomaly.population import PSEUDO, Population, anscombe
from models.anomaly.surprise import of_history, usual_level
from models.anomaly.window import Findings, Window

_HOUR_WIDTH = 0.8
_MOST = 0.8
_LEAST_PAUSE_SCALE = 0.5
_LEAST_BURST_SCALE = 0.6

_DISTANCE = np.abs(np.arange(24)[:, None] - np.arange(24))
_KERNEL = np.exp(-0.5 * (np.minimum(_DISTANCE, 24 - _DISTANCE) / _HOUR_WIDTH) ** 2)
_KERNEL /= _KERNEL.sum(axis=1, keepdims=True)


def rhythm(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return surprise by feature, and facts for reasons; each column is (m,)."""
    clock, clock_facts = _clock(window, derived, population)
    pause, pause_facts = _pause(window, ledger, derived, population)
    bursts, burst_facts = _bursts(window, ledger, derived, population)
    return clock | pause | bursts, clock_facts | pause_facts | burst_facts


def _clock(window: Window, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise at an hour and a weekday that is as rare for the person."""
    rows, past = window.rows, window.past
    dated = derived.date_only[past]
    timed = window.total(~dated)
    untimed = derived.date_only[rows] & (window.total(dated) >= timed)
    counts = window.total(np.eye(24)[derived.hour[past]] * ~dated[:, None]) @ _KERNEL
    hours = (counts + PSEUDO * (np.array(population.hours) @ _KERNEL)) / (timed + PSEUDO)[:, None]
    days = window.total(np.eye(7)[derived.weekday[past]])
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


def _pause(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise that the last transaction is half as long ago: who comes a day late is not missing yet."""
    gaps = np.log1p(derived.gap[window.past])
    order = np.argsort(gaps, kind="stable")  # NaN, the pause before the first one, goes last
    positions = np.arange(window.past.start, window.past.stop)
    inside = (window.mask & (positions > window.start[:, None]))[:, order]
    some = window.count > 0
    pause = ledger.time[window.rows] - np.where(some, ledger.time[np.maximum(window.stop - 1, 0)], np.nan)
    size = np.log1p(np.where(some, pause, 0.0) / 2)
    level = of_history(
        size, inside, np.nan_to_num(gaps[order], nan=99.0), usual_level(size, population.gap), _LEAST_PAUSE_SCALE
    )
    strange = np.where(some, level.surprise, 0.0)
    return {"pause": strange}, {"pause_s": pause, "pause_usual_s": np.expm1(level.median)}


def _bursts(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise that as many transactions came just before.

    The usual is what the person's transactions from before that span had just before themselves: people pay in bouts.
    """
    strange: Findings = {}
    facts: Findings = {}
    for span, hours in enumerate(SPANS_H):
        counts = derived.bursts[:, span]
        own = np.minimum(counts[window.rows], window.count)
        roots = anscombe(counts[window.past])
        order = np.argsort(roots, kind="stable")
        above = usual_level(anscombe(own), population.bursts[span])
        earlier = window.settled & (ledger.time[window.past] < ledger.time[window.rows][:, None] - hours * 3600)
        level = of_history(anscombe(own), earlier[:, order], roots[order], above, _LEAST_BURST_SCALE)
        hidden = (window.count == NEWEST) & (level.count == 0)  # all that is looked at happened within the span or so
        strange[f"burst_{hours}h"] = np.where((own > 0) & ~hidden, level.surprise, 0.0)
        facts |= {f"burst_{hours}h_count": own + 1.0, f"burst_{hours}h_usual": level.median**2 / 4 + 0.625}
    return strange, facts
