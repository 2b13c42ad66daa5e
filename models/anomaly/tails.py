"""Empirical tail probabilities: of one column, and of all columns together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import Floats

_EDGE = 0.98


@dataclass(frozen=True)
class Tail:
    """The upper tail of one sample.

    Attributes
    ----------
    values: (n,) ascending. beyond: mean excess over its 98 % quantile; past the largest value the
        tail falls off exponentially at that scale (Pickands, 1975, with shape 0), so that further is stranger.
    """

    values: Floats
    beyond: Floats

    @classmethod
    def fit(cls, sample: Floats) -> Tail:
        """Learn from (n,) values."""
        ordered = np.sort(sample)
        edge = ordered[int(_EDGE * (len(ordered) - 1))]
        excess = ordered[ordered > edge] - edge
        scale = float(excess.mean()) if len(excess) else 0.0
        return cls(ordered, np.array(max(scale, 1e-6 * max(1.0, abs(float(edge))))))

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
    values: (n, columns), each column ascending. skew: (columns,) sign of its skewness.
    """

    values: Floats
    skew: Floats

    @classmethod
    def fit(cls, table: Floats) -> ColumnTails:
        """Learn from rows (n, columns)."""
        from scipy.stats import skew

        with np.errstate(all="ignore"):
            signs = np.nan_to_num(np.sign(skew(table, axis=0)))
        return cls(np.sort(table, axis=0), signs)

    def score(self, table: Floats) -> Floats:
        """Return scores (n,): the mean of two sums of log tails.

        One takes the smaller tail of each column, as if any far end were suspect. The other is ECOD's: the largest of
        the sums of all lower tails, all upper tails, and the tail to which each column is skewed.
        """
        n = len(self.values)
        low = np.empty(table.shape)
        high = np.empty(table.shape)
        for column in range(table.shape[1]):
            below = np.searchsorted(self.values[:, column], table[:, column], "right") / n
            above = 1 - np.searchsorted(self.values[:, column], table[:, column], "left") / n
            low[:, column] = -np.log(np.maximum(below, 1 / (n + 1)))
            high[:, column] = -np.log(np.maximum(above, 1 / (n + 1)))
        either = np.maximum(low, high).sum(axis=1)
        skewed = np.where(self.skew < 0, low, high).sum(axis=1)
        together = np.maximum(np.maximum(low.sum(axis=1), high.sum(axis=1)), skewed)
        score: Floats = (either + together) / 2
        return score

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)
