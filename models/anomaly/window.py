"""The transactions that came before: for some transactions of one user, which of the others may be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

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
    def positions(self) -> Ints:
        """(w,) of the earlier ones in the ledger."""
        return np.arange(self.past.start, self.past.stop)

    @cached_property
    def mask(self) -> Bools:
        """(m, w), true where the row may look at the column."""
        return (self.positions >= self.start[:, None]) & (self.positions < self.stop[:, None])

    @cached_property
    def settled(self) -> Bools:
        """(m, w), true where the row may look at the column and at what came before the column."""
        settled: Bools = self.mask & (self.positions >= self.settles[:, None])
        return settled

    @cached_property
    def _stretches(self) -> tuple[Ints, Ints, Ints]:
        """The places of all `start` and `stop` among themselves, and between which of them each of the w is."""
        edges = np.sort(np.concatenate([self.start, self.stop]))
        return (
            np.searchsorted(edges, self.start),
            np.searchsorted(edges, self.stop),
            np.searchsorted(edges, self.positions, "right"),
        )

    def tally(self, values: Ints, most: int) -> Floats:
        """Return how often each may look at each value: of values (w,) from 0 below `most` as (m, most)."""
        start, stop, stretch = self._stretches
        stretches = len(self.start) + len(self.stop) + 1
        counts = np.bincount(stretch * most + values, minlength=stretches * most).reshape(-1, most)
        until = np.cumsum(counts, axis=0)
        tally: Floats = (until[stop] - until[start]).astype(np.float64)
        return tally


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
