"""Patterns of misuse: paid twice, round amounts, just below a limit, in two countries at once."""

from __future__ import annotations

import numpy as np

from models.anomaly.countries import distance_km, places
from models.anomaly.derived import DUPLICATE_MINUTES, Derived
from models.anomaly.ledger import MISSING, Floats, Ledger
from models.anomaly.population import PSEUDO, Population
from models.anomaly.window import Window

_KM_PER_HOUR = 850.0
_NEAR_KM = 150.0
_LEAST_HOURS = 0.75
_MOST = 6.0
Columns = dict[str, Floats]


def patterns(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return strangeness by feature, and facts for reasons; each column is (m,)."""
    duplicate, duplicate_facts = _duplicate(window, ledger, derived, population)
    digits = _digits(window, ledger, derived, population)
    travel, travel_facts = _travel(window, ledger, derived)
    return duplicate | digits | travel, duplicate_facts | travel_facts


def _duplicate(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return how soon after the same payment this one comes, times how rare that is for the person."""
    again = window.mask & (derived.same[window.past] == derived.same[window.rows][:, None])
    last = np.max(np.where(again, ledger.time[window.past], -np.inf), axis=1, initial=-np.inf)
    minutes = (ledger.time[window.rows] - last) / 60
    soon = np.maximum(1 - np.log1p(minutes) / np.log1p(DUPLICATE_MINUTES), 0.0)
    share = (window.total(derived.repeated[window.past]) + PSEUDO * population.repeated) / (window.count + PSEUDO)
    return {"duplicate": soon * -np.log(share)}, {"duplicate_minutes": minutes}


def _digits(window: Window, ledger: Ledger, derived: Derived, population: Population) -> Columns:
    """Return how rare a round amount, or one just below a limit, is for the person, 0 where it is none."""
    rows, past = window.rows, window.past
    category = ledger.codes["category"]
    named = category[rows] != MISSING
    like = window.mask & (derived.income[past] == derived.income[rows][:, None])
    like &= (category[past] == category[rows][:, None]) | ~named[:, None]
    share = population.round_table(ledger.names["category"])[category[rows]]
    n = like.sum(axis=1) + PSEUDO
    rounds = ((like & derived.round[past]).sum(axis=1) + PSEUDO * share) / n
    below = (window.total(derived.below_limit[past]) + PSEUDO * population.below_limit) / (window.count + PSEUDO)
    return {
        "round": np.where(derived.round[rows], -np.log(rounds), 0.0),
        "below_limit": np.where(derived.below_limit[rows], -np.log(below), 0.0),
    }


def _travel(window: Window, ledger: Ledger, derived: Derived) -> tuple[Columns, Columns]:
    """Return how many times too little time there was to come here from the last country, as a logarithm.

    Where a purchase is remote, nobody travels.
    """
    country = ledger.codes["country"]
    positions = np.arange(window.past.start, window.past.stop)
    before = window.mask & derived.present[window.past]
    last = np.max(np.where(before, positions, -1), axis=1, initial=-1)
    rows = window.rows
    moved = (last >= 0) & derived.present[rows] & (country[last] != country[rows])
    where = places((*ledger.names["country"], ""))
    km = np.where(moved, distance_km(where[country[last]], where[country[rows]]), 0.0)
    hours = np.where(last >= 0, (ledger.time[rows] - ledger.time[last]) / 3600, np.inf)
    needed = _LEAST_HOURS + np.maximum(km - _NEAR_KM, 0) / _KM_PER_HOUR
    strange = np.where(moved, np.clip(np.log(needed / np.clip(hours, 0.01, 1e6)), 0, _MOST), 0.0)
    return {"travel": strange}, {"travel_km": km, "travel_hours": hours, "travel_from": last.astype(np.float64)}
