"""Surprise in nats: minus the logarithm of the chance that an ordinary transaction of this person goes as far.

Where a person has shown a value often, the share is counted; where never, a tail says how far beyond it lies. Both are
one formula: counts, with the tail weighing as `PSEUDO` transactions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.anomaly.ledger import Floats, Ints
from models.anomaly.population import PSEUDO, QUARTILES


@dataclass(frozen=True)
class Level:
    """Location and spread (n,) of a logistic distribution."""

    location: Floats
    spread: Floats


def drawn(count: Floats, median: Floats, quartiles: Floats, above: Level, least: float) -> Level:
    """Return what `count` values with this median and distance of quartiles say, drawn towards the level above.

    By `PSEUDO` pseudo-observations; where there are no values (NaN), the level above it is.
    """
    some = count > 0
    median, spread = np.where(some, median, 0.0), np.where(some, quartiles, 0.0) / QUARTILES
    location = (count * median + PSEUDO * above.location) / (count + PSEUDO)
    variance = (count * spread**2 + PSEUDO * above.spread**2) / (count + PSEUDO)
    return Level(location, np.maximum(np.sqrt(variance), least))


def log_tail(distance: Floats) -> Floats:
    """Return the logarithm of the chance of more than `distance` spreads above the location.

    Logistic: on the logarithm of amounts its tail is Pareto's, as that of spending is.
    """
    tail: Floats = -np.logaddexp(0.0, distance)
    return tail


def surprise(reached: Ints, count: Floats, distance: Floats) -> Floats:
    """Return the surprise at a value that `reached` of `count` earlier ones attained, and that lies `distance` out."""
    return -np.log((reached + PSEUDO * np.exp(log_tail(distance))) / (count + PSEUDO))
