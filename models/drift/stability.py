"""The population stability index."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

EMPTY = 0.001
"""What every share is raised by, so that a bin that one side never saw counts much, but not without bound."""


def stability_index(expected: Sequence[float], observed: Sequence[float]) -> float:
    """Return the PSI of two distributions over the same bins: the sum of (observed - expected) ln(observed / expected).

    By convention below 0.1 is no change and above 0.25 a great one (N. Siddiqi, Credit Risk Scorecards, 2006). Without
    any change, n against m values in B bins make about (B - 1) (1/n + 1/m) of it (B. Yurdakul, Statistical Properties
    of Population Stability Index, 2018).

    expected, observed: weights of each bin, of any sum above 0.

    >>> stability_index([1, 1], [200, 200])
    0.0
    >>> round(stability_index([1, 1], [1, 3]), 3)
    0.274
    """
    expected_total, observed_total = sum(expected), sum(observed)
    index = 0.0
    for wanted, found in zip(expected, observed, strict=True):
        if wanted or found:
            wanted_share, found_share = wanted / expected_total + EMPTY, found / observed_total + EMPTY
            index += (found_share - wanted_share) * log(found_share / wanted_share)
    return index
