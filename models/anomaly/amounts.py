"""How rare an amount is beside the person's own: overall by sign, in its category, at its merchant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.anomaly.derived import Derived
from models.anomaly.ledger import MISSING, Bools, Field, Ledger
from models.anomaly.population import Population
from models.anomaly.surprise import of_history, of_population
from models.anomaly.window import Findings, Window

LEAST_SCALE = 0.05
"""Of log(1 + euros): a price that always was the same may still move by a twentieth."""
MOST_SMALL = 4.0
"""However small an amount is, it is no alarm by itself."""


def amounts(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return surprise by feature, and facts for reasons; each column is (m,)."""
    rows, past = window.rows, window.past
    own, income = derived.size[rows], derived.income[rows]
    order = np.argsort(derived.size[past], kind="stable")
    sizes = derived.size[past][order]
    same_sign = (window.mask & (derived.income[past] == income[:, None]))[:, order]

    locations, spreads = population.amount_table(ledger.names["category"])
    category = ledger.codes["category"][rows]
    everyone = of_population(own, locations[-1, income], spreads[-1, income])
    person = of_history(own, same_sign, sizes, everyone, LEAST_SCALE)
    levels = {"overall": person}
    # A person who spends twice what others do spends about twice as much in a category that is new to them.
    weight = person.count / (person.count + 1)
    shift = np.where(person.count > 0, person.median - locations[-1, income], 0.0) * weight
    typical = of_population(own, locations[category, income] + shift, spreads[category, income])
    named = category != MISSING
    above = replace(
        person,
        surprise=np.where(named, typical.surprise, person.surprise),
        scale=np.where(named, typical.scale, person.scale),
    )
    small = of_population(-own, -locations[category, income] - shift, spreads[category, income])
    inside = same_sign
    for field in ("category", "merchant"):
        told = ledger.codes[field][rows] != MISSING
        inside = same_sign & _same(window, ledger, field)[:, order]
        level = of_history(own, inside, sizes, above, LEAST_SCALE)
        levels[field] = level
        above = level
        same = np.where(told[:, None], inside, same_sign)
        small = of_history(-own, same[:, ::-1], -sizes[::-1], small, LEAST_SCALE)
    strange = {f"amount_{name}": level.surprise for name, level in levels.items()}
    facts = {f"{name}_n": level.count for name, level in levels.items()}
    facts |= {f"{name}_usual": np.expm1(level.median) for name, level in levels.items()}
    facts |= {f"{name}_low": np.expm1(level.low) for name, level in levels.items()}
    facts |= {f"{name}_high": np.expm1(level.high) for name, level in levels.items()}
    return strange | {"amount_small": np.minimum(small.surprise, MOST_SMALL)}, facts | {"euros": np.expm1(own)}


def _same(window: Window, ledger: Ledger, field: Field) -> Bools:
    codes = ledger.codes[field]
    wanted = codes[window.rows][:, None]
    same: Bools = (codes[window.past] == wanted) & (wanted != MISSING)
    return same
