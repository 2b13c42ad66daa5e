"""The transactions that came before: for some transactions of one user, which of the others may be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_SIDE_BY_SIDE = 8
"""Rows of as many users at once, of whom one each is asked for: in calls of numpy one costs as much as eight."""


@dataclass(frozen=True)
class Window:
    """m transactions, and for each the w of the same user that came before, or more than those.

    Attributes
    ----------
    rows: (m,) positions in the ledger.
    past: (p, w) positions of earlier ones; p is 1 where all m are of one user and share them, else m.
    start, stop: (m,) the part of the ledger that each transaction may look at: dated before it, the newest 2,000.
    settles: (m,) where in that part what came before a transaction is in the part too, as far as features ask.
    """

    rows: Ints
    past: Ints
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
        return (self.past >= self.start[:, None]) & (self.past < self.stop[:, None])

    @cached_property
    def settled(self) -> Bools:
        """(m, w), true where the row may look at the column and at what came before the column."""
        settled: Bools = self.mask & (self.past >= self.settles[:, None])
        return settled

    def arranged(self, flags: Bools, order: Ints) -> Bools:
        """Return flags (m, w) in another order (p, w) of the columns."""
        return flags[:, order[0]] if len(order) == 1 else np.take_along_axis(flags, order, axis=1)

    def tally(self, values: Ints, most: int) -> Floats:
        """Return how often each may look at each value: of values (p, w) from 0 below `most` as (m, most)."""
        boxes = np.where(self.mask, values, most) + np.arange(len(self.rows))[:, None] * (most + 1)
        counts = np.bincount(boxes.ravel(), minlength=len(self.rows) * (most + 1))
        tally: Floats = counts.reshape(-1, most + 1)[:, :most].astype(np.float64)
        return tally


def windows(ledger: Ledger, rows: Ints) -> Iterator[Window]:
    """Yield windows that cover `rows`, which are in ascending order, a bounded number of rows in each."""
    edges = np.flatnonzero(np.diff(ledger.user)) + 1
    alone: list[Ints] = []
    for part in np.split(rows, np.searchsorted(rows, edges)):
        if len(part) == 1:
            alone.append(part)
        if alone and (len(part) > 1 or len(alone) == _SIDE_BY_SIDE):
            yield _side_by_side(ledger, alone)
            alone = []
        if len(part) > 1:
            for at in range(0, len(part), _AT_ONCE):
                yield _of_one_user(ledger, part[at : at + _AT_ONCE])
    if alone:
        yield _side_by_side(ledger, alone)


def _of_one_user(ledger: Ledger, rows: Ints) -> Window:
    begin = int(np.searchsorted(ledger.user, ledger.user[rows[0]], "left"))
    times = ledger.time[begin : rows[-1] + 1]
    stop = begin + np.searchsorted(times, ledger.time[rows], "left")
    start = np.maximum(begin, stop - NEWEST)
    settles = begin + np.searchsorted(times, ledger.time[start] + LOOKBACK_S)
    settles = np.where(stop - start == NEWEST, settles, start)
    return Window(rows, np.arange(start.min(), stop.max())[None], start, stop, settles)


def _side_by_side(ledger: Ledger, rows: Sequence[Ints]) -> Window:
    each = [_of_one_user(ledger, row) for row in rows]
    if len(each) == 1:
        return each[0]
    row, start, stop, settles = (
        np.concatenate([getattr(window, name) for window in each]) for name in ("rows", "start", "stop", "settles")
    )
    # Of a shorter history the columns go on past its end, where `mask` is false.
    past = np.minimum(start[:, None] + np.arange((stop - start).max()), len(ledger) - 1)
    return Window(row, past, start, stop, settles)
