"""Empirical tail probabilities: of one column, and of all columns together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import Floats, Ints

_EDGE = 0.98
_LEAST = 1e-6


@dataclass(frozen=True)
class Tail:
    """The upper tail of one sample.

    Attributes
    ----------
    values: (n,) ascending. beyond: mean excess over its 98 % quantile; past the largest value the tail falls off
        exponentially at that scale (Pickands, 1975, with shape 0), so that further is stranger.
    """

    values: Floats
    beyond: Floats

    @classmethod
    def fit(cls, sample: Floats, least: float = 0.0) -> Tail:
        """Learn from (n,) values; the scale past the largest is not smaller than `least`."""
        ordered = np.sort(sample)
        edge = ordered[int(_EDGE * (len(ordered) - 1))]
        excess = ordered[ordered > edge] - edge
        scale = float(excess.mean()) if len(excess) else 0.0
        return cls(ordered, np.array(max(scale, least, _LEAST * max(1.0, abs(float(edge))))))

    def surprise(self, values: Floats) -> Floats:
        """Return minus the logarithm of the share of the sample that is at least as large (n,)."""
        n = len(self.values)
        at_least = n - np.searchsorted(self.values, values, "left")
        within = -np.log((at_least + 1) / (n + 1))
        surprise: Floats = within + np.maximum(values - self.values[-1], 0) / float(self.beyond)
        return surprise

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)


@dataclass(frozen=True)
class ColumnTails:
    """How far out the columns of a row are, each by itself, added up: ECOD (Li et al., IEEE TKDE 2022).

    Attributes
    ----------
    values: (columns, n), ascending. below, beyond: (columns,) scales of the tails past both ends, as of a `Tail`.
    skew: (columns,) sign of the skewness. upward: columns are surprises in nats, strange upwards only.
    """

    values: Floats
    below: Floats
    beyond: Floats
    skew: Floats
    upward: npt.NDArray[np.bool_]

    @classmethod
    def fit(cls, table: Floats, upward: bool = False) -> ColumnTails:
        """Learn from rows (n, columns)."""
        signs = np.sign(((table - table.mean(axis=0)) ** 3).sum(axis=0))
        least = 1.0 if upward else 0.0  # what surprises by a nat more is by its making e times rarer, and not more
        low = [Tail.fit(-column).beyond for column in table.T]
        high = [Tail.fit(column, least).beyond for column in table.T]
        return cls(np.sort(table, axis=0).T, np.array(low), np.array(high), signs, np.array(upward))

    def high(self, table: Floats) -> Floats:
        """Return minus the logarithm of how many rows are at least as large, by column (n, columns)."""
        smaller = self._places(table, "left")
        return self._surprise(self.values.shape[1] - smaller, table - self.values[:, -1], self.beyond)

    def low(self, table: Floats) -> Floats:
        """Return minus the logarithm of how many rows are at most as large, by column (n, columns)."""
        return self._surprise(self._places(table, "right"), self.values[:, 0] - table, self.below)

    def _places(self, table: Floats, side: Literal["left", "right"]) -> Ints:
        columns = zip(self.values, table.T, strict=True)
        return np.stack([np.searchsorted(values, column, side) for values, column in columns], axis=1)

    def _surprise(self, as_far: Ints, excess: Floats, scale: Floats) -> Floats:
        """Return what a `Tail` of each column says: so many rows are as far, and it is past the last by `excess`."""
        within = -np.log((as_far + 1) / (self.values.shape[1] + 1))
        surprise: Floats = within + np.maximum(excess, 0) / scale
        return surprise

    def score(self, table: Floats) -> Floats:
        """Return scores (n,).

        Of surprises the sum of upper tails, which never falls when a column grows. Else the
        mean of two sums: one takes the smaller tail of each column, as if any far end were suspect; the other, ECOD's,
        is the largest of the sums of all lower tails, all upper tails, and the tail to which each column is skewed.
        """
        high = self.high(table)
        if self.upward:
            score: Floats = high.sum(axis=1)
            return score
        low = self.low(table)
        either = np.maximum(low, high).sum(axis=1)
        skewed = np.where(self.skew < 0, low, high).sum(axis=1)
        together = np.maximum(np.maximum(low.sum(axis=1), high.sum(axis=1)), skewed)
        score = (either + together) / 2
        return score

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)
