"""The detector core: how far from the ordinary rows of a table of plain numeric columns another row lies.

Three views of the same table, averaged: what one misses another sees, and no label is needed to fit any.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.anomaly.forest import IsolationTrees
from models.anomaly.ledger import Floats
from models.anomaly.neighbours import LocalDensity
from models.anomaly.tails import ColumnTails, Tail

WEIGHTS = {"tails": 3.0, "isolation": 1.0, "density": 1.0}
"""Chosen on public tables and kept for all: README.md has the measurements."""


@dataclass(frozen=True)
class Detector:
    """An unsupervised anomaly detector.

    Columns may have any scale and shape: the tails look at ranks, the other two at robust z-scores through asinh, which
    keeps the middle as it is and tames the far ends.

    Attributes
    ----------
    centre, spread: (columns,) medians and robust spreads.
    tails: marginal tail probabilities. isolation: how soon random cuts isolate a row. density: how thin its
        neighbourhood is. ranks: for each, the tail of its scores over the rows it was fitted on.
    """

    centre: Floats
    spread: Floats
    tails: ColumnTails
    isolation: IsolationTrees
    density: LocalDensity
    ranks: dict[str, Tail]

    @classmethod
    def fit(cls, table: Floats, seed: int = 0) -> Detector:
        """Learn what is ordinary from rows (n, columns), most of which are."""
        centre = np.median(table, axis=0)
        spread = _spreads(table)
        even = np.arcsinh((table - centre) / spread)
        tails = ColumnTails.fit(table)
        isolation = IsolationTrees.fit(even, seed)
        density = LocalDensity.fit(even, seed)
        raw = {"tails": tails.score(table), "isolation": isolation.score(even), "density": density.score(even)}
        return cls(centre, spread, tails, isolation, density, {name: Tail.fit(score) for name, score in raw.items()})

    def views(self, table: Floats) -> dict[str, Floats]:
        """Return each view's surprise (n,), in nats: minus the logarithm of the share of ordinary rows as far out."""
        even = np.arcsinh((table - self.centre) / self.spread)
        raw = {
            "tails": self.tails.score(table),
            "isolation": self.isolation.score(even),
            "density": self.density.score(even),
        }
        return {name: self.ranks[name].surprise(score) for name, score in raw.items()}

    def score(self, table: Floats) -> Floats:
        """Return the mean surprise of the views (n,), higher for stranger rows."""
        views = self.views(table)
        total: Floats = sum((weight * views[name] for name, weight in WEIGHTS.items()), start=np.zeros(len(table)))
        return total / sum(WEIGHTS.values())

    def save(self, file: Path) -> None:
        """Write to an `.npz` file."""
        parts = {
            "tails": self.tails.arrays(),
            "isolation": self.isolation.arrays(),
            "density": self.density.arrays(),
            **{f"rank of {name}": tail.arrays() for name, tail in self.ranks.items()},
        }
        named: dict[str, Any] = {
            f"{part}/{name}": values for part, arrays in parts.items() for name, values in arrays.items()
        }
        np.savez_compressed(file, centre=self.centre, spread=self.spread, **named)

    @classmethod
    def load(cls, file: Path) -> Detector:
        """Read what `save` wrote."""
        with np.load(file, allow_pickle=False) as data:

            def part(name: str) -> dict[str, Any]:
                return {key.partition("/")[2]: data[key] for key in data.files if key.partition("/")[0] == name}

            return cls(
                centre=data["centre"],
                spread=data["spread"],
                tails=ColumnTails(**part("tails")),
                isolation=IsolationTrees(**part("isolation")),
                density=LocalDensity(**part("density")),
                ranks={name: Tail(**part(f"rank of {name}")) for name in WEIGHTS},
            )


def _spreads(table: Floats) -> Floats:
    """Return interquartile ranges over a normal's; where half the rows are alike standard deviations, or else 1."""
    low, high = np.quantile(table, [0.25, 0.75], axis=0)
    quartiles, deviation = (high - low) / 1.349, table.std(axis=0)
    spread = np.where(quartiles > 1e-9 * deviation, quartiles, deviation)
    return np.where(spread > 0, spread, 1.0)
