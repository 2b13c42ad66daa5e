"""How sure a measured figure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def bootstrap(statistic: Callable[[npt.NDArray[np.intp]], float], n: int, seed: int = 0, draws: int = 500) -> Estimate:
    """Return `statistic` of all rows with its percentile bootstrap interval. Efron & Tibshirani, 1993.

    statistic: takes row indices, with repeats, and returns the figure for them.
    """
    generator = np.random.default_rng(seed)
    values = [statistic(generator.integers(0, n, n)) for _ in range(draws)]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Estimate(float(statistic(np.arange(n))), float(low), float(high))
