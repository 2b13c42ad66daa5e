"""Whether merchant, category, country, channel or currency are new, for a person to whom new ones come rarely."""

from __future__ import annotations

import numpy as np

from models.anomaly.ledger import FIELDS, MISSING, Floats, Ints, Ledger
from models.anomaly.population import Population, chance_of_new
from models.anomaly.window import Window

Columns = dict[str, Floats]


def novelty(window: Window, ledger: Ledger, population: Population) -> tuple[Columns, Columns]:
    """Return strangeness by feature, and facts for reasons; each column is (m,).

    The strangeness of a new value is minus the logarithm of the chance of a new one, by a Pitman-Yor process over the
    person's own values; 0 for a known value, for none, and for a first transaction.
    """
    strange: Columns = {}
    facts: Columns = {}
    positions = np.arange(window.past.start, window.past.stop)
    for field in FIELDS:
        codes = ledger.codes[field]
        past, wanted = codes[window.past], codes[window.rows]
        told = past != MISSING
        count = window.total(told)
        known = (window.mask & (past == wanted[:, None])).any(axis=1)
        distinct = (window.mask & told & (_previous(past, positions) < window.start[:, None])).sum(axis=1)
        new = (wanted != MISSING) & ~known
        usual = population.new[field]
        chance = chance_of_new(count, distinct, usual.concentration, usual.discount)
        strange[f"new_{field}"] = np.where(new & (count > 0), -np.log(np.maximum(chance, 1e-9)), 0.0)
        facts |= {f"{field}_told": count, f"{field}_distinct": distinct.astype(np.float64)}
    return strange, facts


def _previous(codes: Ints, positions: Ints) -> Ints:
    """Return the position of the row before with the same code, -1 for the first."""
    previous = np.full(len(codes), -1)
    order = np.argsort(codes, kind="stable")
    again = codes[order][1:] == codes[order][:-1]
    previous[order[1:][again]] = positions[order[:-1][again]]
    return previous
