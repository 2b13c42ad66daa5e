"""Patterns of misuse: paid twice, round amounts, just below a limit, in two countries at once."""

from __future__ import annotations

import numpy as np

from models.anomaly.derived import DUPLICATE_MINUTES, Derived
from models.anomaly.ledger import MISSING, Bools, Floats, Ledger
from models.anomaly.population import PSEUDO, Population
from models.anomaly.travel import haste
from models.anomaly.window import Findings, Window

_LEAST_MINUTES = 2.0


def patterns(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return surprise by feature, and facts for reasons; each column is (m,)."""
    duplicate, duplicate_facts = _duplicate(window, ledger, derived, population)
    digits, digits_facts = _digits(window, ledger, derived, population)
    travel, travel_facts = _travel(window, ledger, derived, population)
    return duplicate | digits | travel, duplicate_facts | digits_facts | travel_facts


def _share(inside: Bools, flags: Bools, population: Floats | float) -> Floats:
    """Return the share of flags among the inside (m, w), drawn towards the population's."""
    share: Floats = ((inside & flags).sum(axis=1) + PSEUDO * population) / (inside.sum(axis=1) + PSEUDO)
    return share


def _duplicate(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise that the same payment comes again so soon: rare for the person, and early in the hour."""
    same = derived.same[window.rows][:, None]
    again = window.mask & (derived.same[window.past] == same) & (same >= 0)
    last = np.max(np.where(again, ledger.time[window.past], -np.inf), axis=1, initial=-np.inf)
    minutes = (ledger.time[window.rows] - last) / 60
    share = _share(window.settled, derived.repeated[window.past], population.repeated)
    soon = np.maximum(minutes, _LEAST_MINUTES) / DUPLICATE_MINUTES
    strange = np.where(soon <= 1, -np.log(share * np.minimum(soon, 1.0)), 0.0)
    return {"duplicate": strange}, {"duplicate_minutes": minutes}


def _digits(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise at a round amount, and at one just below a limit; 0 where it is none."""
    rows, past = window.rows, window.past
    category = ledger.codes["category"]
    like = window.mask & (derived.income[past] == derived.income[rows][:, None])
    like &= (category[past] == category[rows][:, None]) | (category[rows] == MISSING)[:, None]
    usual = population.round_table(ledger.names["category"])[category[rows]]
    rounds = _share(like & derived.rounded[past], derived.round[past], usual)
    below = _share(window.mask & derived.limited[past], derived.below_limit[past], population.below_limit)
    strange = {
        "round": np.where(derived.round[rows], -np.log(rounds), 0.0),
        "below_limit": np.where(derived.below_limit[rows], -np.log(below), 0.0),
    }
    facts = {
        "round_n": (like & derived.round[past]).sum(axis=1),
        "round_of": (like & derived.rounded[past]).sum(axis=1),
        "round_usual": usual,
        "below_limit_n": (window.mask & derived.below_limit[past]).sum(axis=1),
        "below_limit_of": (window.mask & derived.limited[past]).sum(axis=1),
    }
    return strange, facts


def _travel(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return the surprise that somebody is here, who was in another country too shortly before."""
    before = window.mask & derived.present[window.past]
    last = np.max(np.where(before, window.positions, -1), axis=1, initial=-1)
    last = np.where(derived.present[window.rows], last, -1)
    times, km, hours = haste(ledger, last, window.rows)
    share = _share(window.settled, derived.hurried[window.past], population.hurried)
    strange = np.where(times > 1, -np.log(share / np.maximum(times, 1.0)), 0.0)
    return {"travel": strange}, {"travel_km": km, "travel_hours": hours, "travel_from": last.astype(np.float64)}
