"""How rare an amount is beside the person's own: overall by sign, in its category, at its merchant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.anomaly.derived import Derived
from models.anomaly.ledger import MISSING, Bools, Ledger
from models.anomaly.population import Population
from models.anomaly.surprise import of_history, of_population, standing
from models.anomaly.values import Field
from models.anomaly.window import Findings, Window

LEAST_SCALE = 0.05
"""Of log(1 + euros): a price that always was the same may still move by a twentieth."""
MOST_SMALL = 4.0
"""However small an amount is, it is no alarm by itself."""


def amounts(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Findings, Findings]:
    """Return surprise by feature, and facts for reasons; each column is (m,).

    In a category and at a merchant an amount is judged twice at once: for being large, and, mirrored, for being small.
    """
    rows, past = window.rows, window.past
    own, income = derived.size[rows], derived.income[rows]
    order = np.argsort(derived.size[past], kind="stable")
    sizes, mirrored = derived.size[past][order], -derived.size[past][order][::-1]
    same_sign = (window.mask & (derived.income[past] == income[:, None]))[:, order]
    inside = [same_sign]
    for field in ("category", "merchant"):
        told = ledger.codes[field][rows] != MISSING
        alike = same_sign & _same(window, ledger, field)[:, order]
        inside += [alike, np.where(told[:, None], alike, same_sign)[:, ::-1]]
    found = standing(
        np.stack([own, own, -own, own, -own]),
        np.stack(inside),
        np.stack([sizes, sizes, mirrored, sizes, mirrored]),
    )

    locations, spreads = population.amount_table(ledger.names["category"])
    everyone = of_population(own[None], locations[-1, income], spreads[-1, income])
    person = of_history(found[:1], everyone, LEAST_SCALE)
    # A person who spends twice what others do spends about twice as much in a category that is new to them.
    [count], [median] = person.count, person.median
    category = ledger.codes["category"][rows]
    shift = np.where(count > 0, median - locations[-1, income], 0.0) * (count / (count + 1))
    usual = locations[category, income] + shift
    typical = of_population(np.stack([own, -own]), np.stack([usual, -usual]), spreads[category, income])
    unnamed = np.stack([category == MISSING, np.zeros(len(rows), dtype=np.bool_)])
    above = replace(
        typical,
        surprise=np.where(unnamed, person.surprise, typical.surprise),
        scale=np.where(unnamed, person.scale, typical.scale),
    )
    in_category = of_history(found[1:3], above, LEAST_SCALE)
    at_merchant = of_history(found[3:5], in_category, LEAST_SCALE)
    levels = {"overall": person, "category": in_category, "merchant": at_merchant}
    small = np.minimum(at_merchant.surprise[1], MOST_SMALL)
    strange = {f"amount_{name}": level.surprise[0] for name, level in levels.items()} | {"amount_small": small}
    facts = {"euros": np.expm1(own)}
    for name, level in levels.items():
        facts[f"{name}_n"] = level.count[0]
        middle, low, high = np.expm1([level.median[0], level.low[0], level.high[0]])
        facts |= {f"{name}_usual": middle, f"{name}_low": low, f"{name}_high": high}
    return strange, facts


def _same(window: Window, ledger: Ledger, field: Field) -> Bools:
    codes = ledger.codes[field]
    wanted = codes[window.rows][:, None]
    same: Bools = (codes[window.past] == wanted) & (wanted != MISSING)
    return same
