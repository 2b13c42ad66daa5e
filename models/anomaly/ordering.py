"""Whole numbers in order, and several columns of them as one."""

from __future__ import annotations

import numpy as np

from models.anomaly.ledger import Ints

_LARGEST = 2**62


def ordered(keys: Ints) -> Ints:
    """Return the order of numbers (n,) from 0 on, equal ones as they stand.

    Small numbers are sorted as 16 bits: numpy counts those and does not compare them.

    >>> ordered(np.array([2, 0, 2, 1]))
    array([1, 3, 0, 2])
    """
    small = keys.max(initial=0) < 2**16
    return np.argsort(keys.astype(np.uint16) if small else keys, kind="stable")


def joined(*columns: tuple[Ints, int]) -> Ints:
    """Return a number (n,) from 0 on that those rows share which are alike in every column.

    columns: numbers (n,) from 0 on, and how many different ones there may be.

    >>> joined((np.array([0, 1, 1]), 2), (np.array([4, 4, 3]), 5))
    array([4, 9, 8])
    """
    key, size = columns[0]
    for column, most in columns[1:]:
        if size >= _LARGEST // most:
            found, key = np.unique(key, return_inverse=True)
            size = len(found)
        key, size = key * most + column, size * most
    return key
