"""A history made ready to be forecast: its beginning found, one-off purchases capped, its season taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

YEAR = 12
LONGEST = 120
"""Months read of a history: what was spent more than ten years ago tells nothing about next year."""

_HUGE = 3.0
_STRAY = 6.0
_ENOUGH = 6


@dataclass(frozen=True)
class Series:
    """Months that end just before month `start`.

    Attributes
    ----------
    amounts: (n,) as spent. capped: (n,) the same without one-off purchases. start: number of the month to come.
    """

    amounts: Floats
    capped: Floats
    start: int

    @classmethod
    def of(cls, amounts: npt.ArrayLike, start: int) -> Series:
        """Return the last ten years of `amounts`, from the first month with spending on."""
        values = np.asarray(amounts, dtype=np.float64)[-LONGEST:]
        spent = np.flatnonzero(values)
        return cls.whole(values[spent[0] :] if len(spent) else values[:0], start)

    @classmethod
    def whole(cls, amounts: npt.ArrayLike, start: int) -> Series:
        """Return all of `amounts`, months before the first spending too."""
        values = np.asarray(amounts, dtype=np.float64)
        return cls(values, cap_one_offs(values), start)

    def __len__(self) -> int:
        return len(self.amounts)

    def until(self, n: int) -> Series:
        """Return the first n months, as they would have been read then."""
        return Series(self.amounts[:n], cap_one_offs(self.amounts[:n]), self.start - len(self) + n)

    def phases(self, n: int) -> npt.NDArray[np.intp]:
        """Return the calendar months (0 is January) of n months from the first one on."""
        return ((self.start - len(self) + np.arange(n)) % YEAR).astype(np.intp)


def cap_one_offs(amounts: Floats) -> Floats:
    """Return (n,) amounts in which a month far above all others is as high as the highest of them.

    Far means above three times the median, and six deviations (scaled median absolute deviation) above it. What
    comes back after a year, or stays high for two months, is a season or a new level, and is kept.
    """
    n = len(amounts)
    if n < _ENOUGH:
        return amounts
    middle = float(np.median(amounts))
    if middle <= 0:  # spent on in the lesser part of the months: each time is a one-off
        return amounts
    spread = 1.4826 * float(np.median(np.abs(amounts - middle)))
    high = amounts > max(_HUGE * middle, middle + _STRAY * spread)
    once = high.copy()
    for index in np.flatnonzero(high):
        near = [each for each in (index - 1, index + 1) if 0 <= each < n]
        seasons = [index + shift for year in (-YEAR, YEAR) for shift in (year - 1, year, year + 1)]
        once[index] = not any(high[each] for each in [*near, *seasons] if 0 <= each < n)
    if not once.any() or once.all():
        return amounts
    return np.where(once, amounts[~once].max(), amounts)


def seasonal_factors(amounts: Floats, phases: npt.NDArray[np.intp]) -> Floats:
    """Return (12,) factors of the calendar months, with mean 1; all 1 for less than two years.

    Medians of the ratios to a centred moving average, drawn towards 1 by as much as their noise explains them:
    Miller & Williams, "Shrinkage estimators of time series seasonal factors", 2003 (James-Stein).
    """
    n = len(amounts)
    factors = np.ones(YEAR)
    if n < 2 * YEAR:
        return factors
    window = np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR
    half = YEAR // 2
    trend = np.convolve(amounts, window, "valid")
    inner = slice(half, n - half)
    ratios = np.where(trend > 0, amounts[inner] / np.where(trend > 0, trend, 1.0), 1.0)
    month = phases[inner]
    for each in range(YEAR):
        factors[each] = np.median(ratios[month == each])
    noise = ratios - factors[month]
    factors += 1.0 - factors.mean()
    variance = float((noise**2).sum()) / max(len(ratios) - YEAR, 1) / (len(ratios) / YEAR)
    seen = float(np.var(factors, ddof=1))
    kept = 1.0 - min(1.0, (YEAR - 3) / (YEAR - 1) * variance / seen) if seen > 0 else 0.0
    shrunk = np.maximum(1.0 + kept * (factors - 1.0), 0.05)
    level: Floats = shrunk / shrunk.mean()
    return level
