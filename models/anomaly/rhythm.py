"""When a person's transactions come: hour, weekday, pauses and bursts."""

from __future__ import annotations

import numpy as np

from models.anomaly.derived import SPANS_H, Derived
from models.anomaly.ledger import Floats, Ledger
from models.anomaly.population import PSEUDO, Population, anscombe
from models.anomaly.surprise import Level, drawn, surprise
from models.anomaly.window import Window, quantiles

_HOUR_WIDTH = 1.2
_LEAST_PAUSE_SPREAD = 0.3
Columns = dict[str, Floats]

_DISTANCE = np.abs(np.arange(24)[:, None] - np.arange(24))
_KERNEL = np.exp(-0.5 * (np.minimum(_DISTANCE, 24 - _DISTANCE) / _HOUR_WIDTH) ** 2)
_KERNEL /= _KERNEL.sum(axis=1, keepdims=True)


def rhythm(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return strangeness by feature, and facts for reasons; each column is (m,)."""
    clock, clock_facts = _clock(window, derived, population)
    pause, pause_facts = _pause(window, ledger, derived, population)
    bursts, burst_facts = _bursts(window, derived, population)
    return clock | pause | bursts, clock_facts | pause_facts | burst_facts


def _clock(window: Window, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return how much rarer hour and weekday are than if all were alike, as minus the logarithm of that ratio."""
    rows, past = window.rows, window.past
    dated = derived.date_only[past]
    timed = window.total(~dated)
    untimed = derived.date_only[rows] & (window.total(dated) >= timed)
    counts = window.total(np.eye(24)[derived.hour[past]] * ~dated[:, None]) @ _KERNEL
    hour_share = (counts + PSEUDO * (np.array(population.hours) @ _KERNEL)) / (timed + PSEUDO)[:, None]
    at_hour = hour_share[np.arange(len(rows)), derived.hour[rows]]
    days = window.total(np.eye(7)[derived.weekday[past]])
    day_share = (days + PSEUDO * np.array(population.weekdays)) / (window.count + PSEUDO)[:, None]
    on_day = day_share[np.arange(len(rows)), derived.weekday[rows]]
    strange = {
        "hour": np.where(untimed, 0.0, np.maximum(-np.log(24 * at_hour), 0.0)),
        "weekday": np.maximum(-np.log(7 * on_day), 0.0),
    }
    return strange, {"hour_share": at_hour, "weekday_share": on_day, "timed": timed}


def _pause(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return how surprising it is that the last transaction is so long ago."""
    gaps = np.log1p(derived.gap[window.past])
    order = np.argsort(gaps, kind="stable")  # NaN, the pause before the first one, goes last
    positions = np.arange(window.past.start, window.past.stop)
    inside = (window.mask & (positions > window.start[:, None]))[:, order]
    count, (low, median, high) = quantiles(inside, gaps[order], (0.25, 0.5, 0.75))
    everyone = Level(np.full(len(count), population.gap.location), np.full(len(count), population.gap.spread))
    usual = drawn(count, median, high - low, everyone, _LEAST_PAUSE_SPREAD)
    last = np.where(window.count > 0, ledger.time[np.maximum(window.stop - 1, 0)], np.nan)
    pause = ledger.time[window.rows] - last
    size = np.where(count > 0, np.log1p(np.maximum(pause, 0)), usual.location)
    reached = (inside & (gaps[order] >= size[:, None] - 1e-9)).sum(axis=1)
    strange = np.where(count > 0, surprise(reached, count, (size - usual.location) / usual.spread), 0.0)
    return {"pause": strange}, {"pause_s": pause, "pause_usual_s": np.expm1(median)}


def _bursts(window: Window, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return how many more transactions came just before than usually do, in standard deviations.

    The usual is what the person's earlier transactions had just before themselves: people pay in bouts.
    """
    strange: Columns = {}
    facts: Columns = {}
    positions = np.arange(window.past.start, window.past.stop)
    cut = bool((window.start > window.past.start).any())
    for span, hours in enumerate(SPANS_H):
        counts = derived.bursts[:, span]
        own = np.minimum(counts[window.rows], window.count)
        if cut:  # those at the old end of the window had some before them that may not be looked at
            seen = np.clip(positions - window.start[:, None], 0, counts[window.past])
            roots = np.where(window.mask, anscombe(seen), 0.0)
            sums, squares = roots.sum(axis=1), (roots**2).sum(axis=1)
        else:
            at_most = np.minimum(counts[window.past], positions - window.past.start)
            roots = anscombe(at_most)
            sums, squares = window.total(roots), window.total(roots**2)
        n = window.count + PSEUDO
        mean = (sums + PSEUDO * population.bursts[span]) / n
        variance = (squares + PSEUDO * (population.bursts[span] ** 2 + 1)) / n - mean**2
        strange[f"burst_{hours}h"] = np.maximum((anscombe(own) - mean) / np.sqrt(np.maximum(variance, 1.0)), 0.0)
        facts |= {f"burst_{hours}h_count": own + 1.0, f"burst_{hours}h_usual": mean**2 / 4 + 0.625}
    return strange, facts
