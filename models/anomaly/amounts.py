"""How strange an amount is beside the person's own: overall by sign, in its category, at its merchant."""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr

from models.anomaly.derived import Derived
from models.anomaly.ledger import MISSING, Bools, Field, Floats, Ledger
from models.anomaly.population import PSEUDO, Population
from models.anomaly.window import Window, quantiles

LEAST_SPREAD = 0.12
"""Of log(1 + euros): prices that always were the same may still move by a tenth."""
Columns = dict[str, Floats]


def amounts(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return strangeness by feature, and facts for reasons; each column is (m,).

    Locations and spreads are quantiles, so that one odd transaction of the past changes little (Huber, 1981).
    """
    own, past, rows = derived.size[window.rows], window.past, window.rows
    income = derived.income[rows]
    order = np.argsort(derived.size[past], kind="stable")
    sizes = derived.size[past][order]
    same_sign = (window.mask & (derived.income[past] == income[:, None]))[:, order]

    locations, spreads = population.amount_table(ledger.names["category"])
    category = ledger.codes["category"][rows]
    typical, typical_spread = locations[category, income], spreads[category, income]
    usual_sign, usual_sign_spread = locations[-1, income], spreads[-1, income]

    n, median, spread = _level(same_sign, sizes)
    overall, overall_spread = _drawn(n, median, spread, usual_sign, usual_sign_spread)
    facts = {"overall_n": n, "overall_usual": _euros(median)}
    level, level_spread = overall, overall_spread
    strange: Columns = {"amount_overall": _above(own, overall, overall_spread)}
    # A person who spends twice what others do spends about twice as much in a category that is new to them.
    named = category != MISSING
    prior = np.where(named, typical + overall - usual_sign, overall)
    prior_spread = np.where(named, typical_spread, overall_spread)
    prior_spread = np.where(n > 0, np.minimum(prior_spread, np.maximum(overall_spread, typical_spread)), prior_spread)
    for field in ("category", "merchant"):
        inside = same_sign & _same(window, ledger, field)[:, order]
        n, median, spread = _level(inside, sizes)
        level, level_spread = _drawn(n, median, spread, prior, prior_spread)
        strange[f"amount_{field}"] = _above(own, level, level_spread)
        facts |= {f"{field}_n": n, f"{field}_usual": _euros(median)}
        prior, prior_spread = level, level_spread
    strange["amount_small"] = _above(level, own, level_spread)
    strange |= _beside(window, same_sign, sizes, own, _tail(own, usual_sign, usual_sign_spread), overall_spread)
    facts["euros"] = _euros(own)
    return strange, facts


def _beside(window: Window, same_sign: Bools, sizes: Floats, own: Floats, tail: Floats, spread: Floats) -> Columns:
    """Return how rare it is to reach the amount, by how much it is a record, and how far from any other it is."""
    n = same_sign.sum(axis=1)
    reached = (same_sign & (sizes >= own[:, None] - 1e-9)).sum(axis=1)
    rare = -np.log((reached + PSEUDO * np.exp(tail)) / (n + PSEUDO))
    weight = n / (n + PSEUDO)
    largest = np.max(np.where(same_sign, sizes, 0.0), axis=1, initial=0.0)
    nearest = np.min(np.where(same_sign, np.abs(sizes - own[:, None]), 99.0), axis=1, initial=99.0)
    return {
        "amount_rare": rare,
        "amount_record": np.maximum(own - largest, 0) * weight,
        "amount_apart": nearest / spread * weight,
    }


def _level(inside: Bools, sizes: Floats) -> tuple[Floats, Floats, Floats]:
    """Return count, median and robust spread (the interquartile range over that of a normal distribution)."""
    n, (low, median, high) = quantiles(inside, sizes, (0.25, 0.5, 0.75))
    return n, median, (high - low) / 1.349


def _drawn(n: Floats, median: Floats, spread: Floats, prior: Floats, prior_spread: Floats) -> tuple[Floats, Floats]:
    """Return location and spread, drawn towards the prior by `PSEUDO` pseudo-observations."""
    some = n > 0
    location = np.where(some, (n * np.where(some, median, 0) + PSEUDO * prior) / (n + PSEUDO), prior)
    variance = (n * np.where(some, spread, 0) ** 2 + PSEUDO * prior_spread**2) / (n + PSEUDO)
    return location, np.maximum(np.sqrt(variance), LEAST_SPREAD)


def _same(window: Window, ledger: Ledger, field: Field) -> Bools:
    codes = ledger.codes[field]
    wanted = codes[window.rows][:, None]
    same: Bools = (codes[window.past] == wanted) & (wanted != MISSING)
    return same


def _above(own: Floats, location: Floats, spread: Floats) -> Floats:
    return np.maximum((own - location) / spread, 0.0)


def _tail(own: Floats, location: Floats, spread: Floats) -> Floats:
    """Return the logarithm of the share of the population's amounts that are larger."""
    tail: Floats = log_ndtr(-(own - location) / spread)
    return np.maximum(tail, -30.0)


def _euros(size: Floats) -> Floats:
    return np.expm1(size)
