"""Local outlier factor against a bounded sample of the ordinary rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import Floats, Ints

_SAMPLE = 4096
_FEWEST, _MOST = 20, 100
_AT_ONCE = 512


@dataclass(frozen=True)
class LocalDensity:
    """How much thinner the neighbourhood of a row is than those of its neighbours (Breunig et al., SIGMOD 2000).

    A tenth of the sample, 20 to 100 rows, makes a neighbourhood: wide ones see small clusters of anomalies too.

    Attributes
    ----------
    sample: (kept, columns) ordinary rows. reach: (kept,) distance to the k-th neighbour of each. density: (kept,) of
        each, by mean reachability distance.
    """

    sample: Floats
    reach: Floats
    density: Floats

    @classmethod
    def fit(cls, table: Floats, seed: int) -> LocalDensity:
        """Learn from rows (n, columns)."""
        dice = np.random.default_rng(seed)
        sample = table if len(table) <= _SAMPLE else table[np.sort(dice.permutation(len(table))[:_SAMPLE])]
        blank = cls(sample, np.zeros(len(sample)), np.ones(len(sample)))
        distances, neighbours = blank.nearest(sample)
        reach = distances.max(axis=1)
        return cls(sample, reach, _density(distances, reach[neighbours]))

    def score(self, table: Floats) -> Floats:
        """Return local outlier factors (n,), about 1 for ordinary rows."""
        parts = [self._score(table[at : at + _AT_ONCE]) for at in range(0, len(table), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def nearest(self, table: Floats) -> tuple[Floats, Ints]:
        """Return distances and positions (n, k) of the k nearest of the sample, in no order."""
        parts = [self._nearest(table[at : at + _AT_ONCE]) for at in range(0, len(table), _AT_ONCE)]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def _score(self, rows: Floats) -> Floats:
        distances, neighbours = self._nearest(rows)
        own = _density(distances, self.reach[neighbours])
        factor: Floats = self.density[neighbours].mean(axis=1) / own
        return factor

    def _nearest(self, rows: Floats) -> tuple[Floats, Ints]:
        count = min(max(_FEWEST, min(_MOST, len(self.sample) // 10)), len(self.sample))
        squares = (rows**2).sum(axis=1)[:, None] + (self.sample**2).sum(axis=1) - 2 * rows @ self.sample.T
        nearest = np.argpartition(squares, count - 1, axis=1)[:, :count]
        return np.sqrt(np.maximum(np.take_along_axis(squares, nearest, axis=1), 0.0)), nearest

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)


def _density(distances: Floats, reach: Floats) -> Floats:
    density: Floats = 1.0 / (np.maximum(distances, reach).mean(axis=1) + 1e-10)
    return density
