"""The features of a transaction: how strange it is for its account, from many sides.

The one place that computes them, for training, for serving and for files. Each is 0 for what is usual and grows with
strangeness; each looks only at what is dated before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.anomaly.amounts import amounts
from models.anomaly.derived import Derived, derive
from models.anomaly.ledger import Bools, Floats, Ints, Ledger
from models.anomaly.novelty import novelty
from models.anomaly.patterns import patterns
from models.anomaly.population import Population
from models.anomaly.rhythm import rhythm
from models.anomaly.window import Findings, windows

FEATURES = (
    "amount_overall",
    "amount_category",
    "amount_merchant",
    "amount_small",
    "new_currency",
    "new_merchant",
    "new_category",
    "new_channel",
    "new_country",
    "hour",
    "weekday",
    "pause",
    "burst_1h",
    "burst_24h",
    "burst_168h",
    "duplicate",
    "round",
    "below_limit",
    "travel",
)
_MOST = 50.0
"""No feature says more: 1e12 euros and 1e9 euros are equally out of the world."""


@dataclass(frozen=True)
class Features:
    """Features of m transactions.

    Attributes
    ----------
    strange: (m, len(FEATURES)), 0 for usual.
    history: (m,) how many earlier transactions were looked at.
    facts: columns (m,) that reasons quote.
    """

    strange: Floats
    history: Ints
    facts: Mapping[str, Floats]

    def column(self, feature: str) -> Floats:
        """Return one feature, (m,)."""
        return self.strange[:, FEATURES.index(feature)]


def compute_features(
    ledger: Ledger,
    population: Population,
    rows: Ints | None = None,
    derived: Derived | None = None,
    familiar: Bools | None = None,
) -> Features:
    """Return the features of some rows of a ledger, ascending, or of all.

    familiar: (rows, fields) which values the user had before any transaction of the ledger, where that is known.
    """
    rows = np.arange(len(ledger)) if rows is None else rows
    derived = derived or derive(ledger)
    strange = np.zeros((len(rows), len(FEATURES)))
    history = np.zeros(len(rows), dtype=np.intp)
    facts: list[Findings] = []
    done = 0
    for window in windows(ledger, rows):
        here = slice(done, done + len(window.rows))
        done = here.stop
        history[here] = window.count
        facts.append({})
        for columns, said in (
            amounts(window, ledger, derived, population),
            novelty(window, derived, population, None if familiar is None else familiar[here]),
            rhythm(window, ledger, derived, population),
            patterns(window, ledger, derived, population),
        ):
            for name, values in columns.items():
                strange[here, FEATURES.index(name)] = values
            facts[-1] |= said
    told = {name: np.concatenate([some[name] for some in facts]) for name in facts[0]} if facts else {}
    return Features(np.clip(strange, 0.0, _MOST), history, told)
