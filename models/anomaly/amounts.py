"""How rare an amount is beside the person's own: overall by sign, in its category, at its merchant."""

from __future__ import annotations

import numpy as np

from models.anomaly.derived import Derived
from models.anomaly.ledger import MISSING, Bools, Field, Floats, Ledger
from models.anomaly.population import PSEUDO, Population
from models.anomaly.surprise import Level, drawn, log_tail, surprise
from models.anomaly.window import Window, quantiles

LEAST_SPREAD = 0.1
"""Of log(1 + euros): prices that always were the same may still move by a tenth."""
Columns = dict[str, Floats]


def amounts(window: Window, ledger: Ledger, derived: Derived, population: Population) -> tuple[Columns, Columns]:
    """Return surprise by feature, and facts for reasons; each column is (m,).

    Locations and spreads are quantiles, so that one odd transaction of the past changes little (Huber, 1981). A level
    is drawn towards the one above it: merchant to category, category to the person, the person to the population.
    """
    rows, past = window.rows, window.past
    own, income = derived.size[rows], derived.income[rows]
    order = np.argsort(derived.size[past], kind="stable")
    sizes = derived.size[past][order]
    same_sign = (window.mask & (derived.income[past] == income[:, None]))[:, order]

    locations, spreads = population.amount_table(ledger.names["category"])
    category = ledger.codes["category"][rows]
    everyone = Level(locations[-1, income], spreads[-1, income])
    person, count, median = _level(same_sign, sizes, everyone)
    strange = {"amount_overall": _reached(same_sign, sizes, own, count, person)}
    facts = {"overall_n": count, "overall_usual": np.expm1(median)}

    # A person who spends twice what others do spends about twice as much in a category that is new to them.
    named = category != MISSING
    shifted = Level(
        np.where(named, locations[category, income] + person.location - everyone.location, person.location),
        np.where(named, spreads[category, income], person.spread),
    )
    above = shifted
    for field in ("category", "merchant"):
        inside = same_sign & _same(window, ledger, field)[:, order]
        level, count, median = _level(inside, sizes, above)
        strange[f"amount_{field}"] = _reached(inside, sizes, own, count, level)
        facts |= {f"{field}_n": count, f"{field}_usual": np.expm1(median)}
        above = level
    strange["amount_small"] = -log_tail((above.location - own) / above.spread)
    strange["amount_apart"] = _apart(same_sign, sizes, own, person.spread)
    facts["euros"] = np.expm1(own)
    return strange, facts


def _level(inside: Bools, sizes: Floats, above: Level) -> tuple[Level, Floats, Floats]:
    """Return the level of the transactions `inside`, how many they are and their median."""
    count, (low, median, high) = quantiles(inside, sizes, (0.25, 0.5, 0.75))
    return drawn(count, median, high - low, above, LEAST_SPREAD), count, median


def _reached(inside: Bools, sizes: Floats, own: Floats, count: Floats, level: Level) -> Floats:
    """Return how surprising it is that an amount as large comes."""
    reached = (inside & (sizes >= own[:, None] - 1e-9)).sum(axis=1)
    return surprise(reached, count, (own - level.location) / level.spread)


def _apart(same_sign: Bools, sizes: Floats, own: Floats, spread: Floats) -> Floats:
    """Return how far the amount is from any that ever came, in spreads."""
    nearest = np.min(np.where(same_sign, np.abs(sizes - own[:, None]), 99.0), axis=1, initial=99.0)
    count = same_sign.sum(axis=1)
    apart: Floats = nearest / spread * count / (count + PSEUDO)
    return apart


def _same(window: Window, ledger: Ledger, field: Field) -> Bools:
    codes = ledger.codes[field]
    wanted = codes[window.rows][:, None]
    same: Bools = (codes[window.past] == wanted) & (wanted != MISSING)
    return same
