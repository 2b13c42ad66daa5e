"""Whether merchant, category, country, channel or currency are new, for a person to whom new ones come rarely."""

from __future__ import annotations

import numpy as np

from models.anomaly.ledger import FIELDS, MISSING, Ints, Ledger
from models.anomaly.population import PSEUDO, Population, chance_of_new
from models.anomaly.window import Findings, Window


def novelty(window: Window, ledger: Ledger, population: Population) -> tuple[Findings, Findings]:
    """Return strangeness by feature, and facts for reasons; each column is (m,).

    The surprise at a new value is minus the logarithm of the chance of one: the Good-Turing estimate (Good, 1953) of
    the person, drawn towards what the population's Pitman-Yor process expects. It is 0 for a known value, for none,
    and for a first transaction.
    """
    strange: Findings = {}
    facts: Findings = {}
    positions = np.arange(window.past.start, window.past.stop)
    for field in FIELDS:
        codes = ledger.codes[field]
        past, wanted = codes[window.past], codes[window.rows]
        told = past != MISSING
        count = window.total(told)
        known = (window.mask & (past == wanted[:, None])).any(axis=1)
        first = _beside(past, positions, -1) < window.start[:, None]
        last = _beside(past, positions, 1) >= window.stop[:, None]
        mine = window.mask & told & first
        distinct, once = mine.sum(axis=1), (mine & last).sum(axis=1)
        usual = population.new[field]
        expected = chance_of_new(count, distinct, usual.concentration, usual.discount)
        # Good and Turing: what came once so far tells how often something new comes, to this person.
        chance = (once + PSEUDO * expected) / (count + PSEUDO)
        new = (wanted != MISSING) & ~known
        strange[f"new_{field}"] = np.where(new & (count > 0), -np.log(np.maximum(chance, 1e-9)), 0.0)
        facts |= {f"{field}_told": count, f"{field}_distinct": distinct.astype(np.float64)}
    return strange, facts


def _beside(codes: Ints, positions: Ints, step: int) -> Ints:
    """Return the position of the nearest row with the same code, before (-1) or after (1); far away where none is."""
    found = np.full(len(codes), step * np.iinfo(np.intp).max // 2)
    order = np.argsort(codes, kind="stable")[::-step]
    again = codes[order][1:] == codes[order][:-1]
    found[order[1:][again]] = positions[order[:-1][again]]
    return found
