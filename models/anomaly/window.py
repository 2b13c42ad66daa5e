"""The transactions that came before: for some transactions of one user, which of the others may be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.anomaly.contract import NEWEST
from models.anomaly.ledger import Bools, Floats, Ints, Ledger

LOOKBACK_S = 7 * 86400.0
"""How far a feature of one transaction looks back from it."""
Findings = dict[str, Floats]
"""Columns (m,) by name: a value for each of a window's transactions."""
_AT_ONCE = 128


@dataclass(frozen=True)
class Window:
    """m transactions of one user, and the w of the same user that came before any of them.

    Attributes
    ----------
    rows: (m,) positions in the ledger.
    past: positions of the w earlier ones.
    start, stop: (m,) the part of the ledger that each transaction may look at: dated before it, the newest 2,000.
    settles: (m,) where in that part what came before a transaction is in the part too, as far as features ask.
    """

    rows: Ints
    past: slice
    start: Ints
    stop: Ints
    settles: Ints

    @property
    def count(self) -> Ints:
        """How many earlier transactions each has, (m,)."""
        return self.stop - self.start

    @cached_property
    def mask(self) -> Bools:
        """(m, w), true where the row may look at the column."""
        positions = np.arange(self.past.start, self.past.stop)
        return (positions >= self.start[:, None]) & (positions < self.stop[:, None])

    @cached_property
    def settled(self) -> Bools:
        """(m, w), true where the row may look at the column and at what came before the column."""
        positions = np.arange(self.past.start, self.past.stop)
        settled: Bools = self.mask & (positions >= self.settles[:, None])
        return settled

    def total(self, values: npt.NDArray[np.generic]) -> Floats:
        """Return sums over what each may look at: of values (w,) as (m,), of (w, k) as (m, k)."""
        sums = np.zeros((len(values) + 1, *values.shape[1:]))
        np.cumsum(values, axis=0, out=sums[1:])
        total: Floats = sums[self.stop - self.past.start] - sums[self.start - self.past.start]
        return total


def windows(ledger: Ledger, rows: Ints) -> Iterator[Window]:
    """Yield windows that cover `rows`, which are in ascending order, a bounded number of rows in each."""
    edges = np.flatnonzero(np.diff(ledger.user)) + 1
    for part in np.split(rows, np.searchsorted(rows, edges)):
        if len(part) == 0:
            continue
        begin = int(np.searchsorted(ledger.user, ledger.user[part[0]], "left"))
        for at in range(0, len(part), _AT_ONCE):
            some = part[at : at + _AT_ONCE]
            stop = begin + np.searchsorted(ledger.time[begin : some[-1] + 1], ledger.time[some], "left")
            start = np.maximum(begin, stop - NEWEST)
            settles = begin + np.searchsorted(ledger.time[begin : some[-1] + 1], ledger.time[start] + LOOKBACK_S)
            settles = np.where(stop - start == NEWEST, settles, start)
            yield Window(some, slice(int(start.min()), int(stop.max())), start, stop, settles)


def quantiles(mask: Bools, values: Floats, shares: Sequence[float]) -> tuple[Floats, list[Floats]]:
    """Return how many of each row's columns count, and quantiles of their values: (m,), and (m,) for each share.

    mask: (m, w). values: (w,), ascending. A quantile over nothing is NaN.
    """
    if mask.shape[1] == 0:
        return np.zeros(len(mask)), [np.full(len(mask), np.nan) for _ in shares]
    so_far = np.cumsum(mask, axis=1, dtype=np.int32)
    count = so_far[:, -1]
    found = []
    for share in shares:
        rank = np.maximum(np.ceil(share * count), 1)
        value = values[np.argmax(so_far >= rank[:, None], axis=1)]
        found.append(np.where(count > 0, value, np.nan))
    return count.astype(np.float64), found
