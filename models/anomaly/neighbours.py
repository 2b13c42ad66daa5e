"""Nearest neighbours of a row in a bounded sample of the ordinary rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import Floats, Ints

_SAMPLE = 4096
_SHARE = 1 / 40
_FEWEST, _MOST = 20, 100
_AT_ONCE = 512
_CLOSEST = 0.1


@dataclass(frozen=True)
class Neighbours:
    """How far the neighbourhood of a row reaches, and how much thinner it is than those of its neighbours.

    A fortieth of the sample, 20 to 100 rows, makes a neighbourhood: wide ones see small clusters of anomalies too.

    Attributes
    ----------
    sample: (kept, columns) ordinary rows. reach: (kept,) distance to the farthest neighbour of each. room: (kept,)
        mean reachability distance of each, the inverse of its local reachability density.
    closest: least room of any row. Without it rows that many others equal would make all about them look empty.
    """

    sample: Floats
    reach: Floats
    room: Floats
    closest: Floats

    @classmethod
    def fit(cls, table: Floats, seed: int) -> Neighbours:
        """Learn from rows (n, columns) of one scale."""
        dice = np.random.default_rng(seed)
        sample = table if len(table) <= _SAMPLE else table[np.sort(dice.permutation(len(table))[:_SAMPLE])]
        distances, neighbours = _nearest(sample, sample)
        reach = distances.max(axis=1)
        room = np.maximum(distances, reach[neighbours]).mean(axis=1)
        closest = np.maximum(_CLOSEST * np.mean(room), 1e-9)
        return cls(sample, reach, np.maximum(room, closest), closest)

    def score(self, table: Floats) -> tuple[Floats, Floats]:
        """Return two scores (n,) of rows (n, columns).

        The mean distance to the neighbours (Angiulli & Pizzuti, PKDD 2002), and the local outlier factor (Breunig et
        al., SIGMOD 2000), which is about 1 for ordinary rows.
        """
        parts = [self._score(table[at : at + _AT_ONCE]) for at in range(0, len(table), _AT_ONCE)]
        distance, factor = np.concatenate(parts, axis=1) if parts else np.zeros((2, 0))
        return distance, factor

    def _score(self, rows: Floats) -> Floats:
        distances, neighbours = _nearest(rows, self.sample)
        room = np.maximum(np.maximum(distances, self.reach[neighbours]).mean(axis=1), self.closest)
        return np.stack([distances.mean(axis=1), room * (1 / self.room)[neighbours].mean(axis=1)])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)


def _nearest(rows: Floats, sample: Floats) -> tuple[Floats, Ints]:
    """Return distances and positions (n, k) of the k nearest of the sample, in no order."""
    count = min(int(np.clip(len(sample) * _SHARE, _FEWEST, _MOST)), len(sample))
    far, near = np.empty((len(rows), count)), np.empty((len(rows), count), dtype=np.intp)
    size = (sample**2).sum(axis=1)
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        squares = (some**2).sum(axis=1)[:, None] + size - 2 * some @ sample.T
        nearest = np.argpartition(squares, count - 1, axis=1)[:, :count]
        near[at : at + len(some)] = nearest
        far[at : at + len(some)] = np.sqrt(np.maximum(np.take_along_axis(squares, nearest, axis=1), 0.0))
    return far, near
