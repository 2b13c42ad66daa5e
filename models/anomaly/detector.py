"""The detector core: how far from the ordinary rows of a table of plain numeric columns another row lies.

Several views of the same table, averaged: what one misses another sees, and no label is needed to fit any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import Floats
from models.anomaly.neighbours import Neighbours
from models.anomaly.tails import ColumnTails, Tail

WEIGHTS = {"tails": 4.0, "distance": 1.0, "density": 1.0}
"""The tails speak for two thirds: docs/anomaly-detector.md has how that was chosen."""


@dataclass(frozen=True)
class Even:
    """Brings columns of any scale to one: robust z-scores, through asinh, which tames the far ends, to unit variance.

    Attributes
    ----------
    centre, spread: (columns,) medians and interquartile ranges. size: (columns,) deviations of what asinh makes of it.
    """

    centre: Floats
    spread: Floats
    size: Floats

    @classmethod
    def fit(cls, table: Floats) -> Even:
        """Learn from rows (n, columns)."""
        low, high = np.quantile(table, [0.25, 0.75], axis=0)
        quartiles, deviation = (high - low) / 1.349, table.std(axis=0)
        spread = np.where(quartiles > 1e-9 * deviation, quartiles, deviation)  # half of the rows may be alike
        tamed = cls(np.median(table, axis=0), np.where(spread > 0, spread, 1.0), np.ones(table.shape[1]))
        size = tamed(table).std(axis=0)
        return cls(tamed.centre, tamed.spread, np.where(size > 0, size, 1.0))

    def __call__(self, table: Floats) -> Floats:
        even: Floats = np.arcsinh((table - self.centre) / self.spread) / self.size
        return even

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)


@dataclass(frozen=True)
class Detector:
    """An unsupervised anomaly detector.

    The view `tails` adds up how far out each column is by itself. On evened columns `distance` tells how far the
    nearest ordinary rows are and `density` how much thinner it is there than about them. Where columns are surprises in
    nats, strange upwards only, the upper tails are the only view: the others know no direction and could fall while
    one grows.

    Attributes
    ----------
    neighbours: of the views beside the tails. ranks: the tail of each view's scores over the rows it was fitted on.
    """

    even: Even
    tails: ColumnTails
    neighbours: Neighbours | None
    ranks: dict[str, Tail]

    @classmethod
    def fit(cls, table: Floats, seed: int = 0, upward: bool = False) -> Detector:
        """Learn what is ordinary from rows (n, columns), most of which are."""
        even, tails = Even.fit(table), ColumnTails.fit(table, upward)
        neighbours = None if upward else Neighbours.fit(even(table), seed)
        raw = cls(even, tails, neighbours, {}).raw(table)
        return cls(even, tails, neighbours, {view: Tail.fit(scores) for view, scores in raw.items()})

    def raw(self, table: Floats) -> dict[str, Floats]:
        """Return each view's scores (n,) on its own scale, higher for stranger rows."""
        tails = {"tails": self.tails.score(table)}
        if self.neighbours is None:
            return tails
        distance, density = self.neighbours.score(self.even(table))
        return tails | {"distance": distance, "density": density}

    def score(self, table: Floats) -> Floats:
        """Return the views' mean surprise (n,): minus the logarithm of how many ordinary rows are as far out."""
        return self.combined(self.raw(table))

    def combined(self, raw: Mapping[str, Floats]) -> Floats:
        """Return the mean surprise (n,) at what each view scores."""
        surprises = [WEIGHTS[view] * self.ranks[view].surprise(scores) for view, scores in raw.items()]
        score: Floats = np.sum(surprises, axis=0) / sum(WEIGHTS[view] for view in raw)
        return score
