"""How the methods' forecasts become one, and how wide its interval is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.spending.backtest import Residuals
from models.spending.series import YEAR, Floats, Series

HORIZON = 36
LEVEL = 0.8
"""Share of the truth that an interval is to hold."""

CALIBRATED = 0.82
"""Share of the truth of generated series that it holds: what is met in life is a little less like them."""

SOUND = (0.005, 5.0)
"""Errors, as share of the level, that are believed."""

NOISY = (0.06, 0.2, 0.45)
"""Where classes of noise meet, as error to expect / level: quiet series err in another way than wild ones."""

RARE = 0.75
CLASSES = len(NOISY) + 2


@dataclass(frozen=True)
class Regime:
    """What is done with a history of at least `months` months; fitted on generated series.

    Parameters
    ----------
    weights: of each method, before its own backtest is looked at. sharpness: the power of its backtest error that
    divides its weight: 0 for fixed weights; the larger, the nearer to choosing the best method. spread: powers of a
    series' backtest error and mean step from month to month, and a factor, that make its scale of errors. lower, upper:
    (noise classes, 36) signed conformal quantiles of error / scale by months ahead.
    """

    months: int
    weights: tuple[float, ...]
    sharpness: float
    spread: tuple[float, float, float] = (0.5, 0.5, 1.0)
    lower: tuple[tuple[float, ...], ...] = ()
    upper: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class Policy:
    """The regimes, shortest history first."""

    regimes: tuple[Regime, ...]

    def regime(self, months: int) -> Regime:
        """Return what holds for a history of so many months."""
        return max((each for each in self.regimes if each.months <= months), key=lambda each: each.months)

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Policy:
        rows = json.loads(file.read_text(encoding="utf-8"))["regimes"]
        return cls(tuple(_regime(row) for row in rows))


def _regime(row: dict[str, Any]) -> Regime:
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("weights", "spread")}
    tables: dict[str, Any] = {name: tuple(map(tuple, row[name])) for name in ("lower", "upper")}
    return Regime(**{**row, **lists, **tables})


def weights(regime: Regime, residuals: Residuals) -> Floats:
    """Return (methods,) weights for one series, their sum 1: the regime's, divided by powers of the backtest errors."""
    shares: Floats = np.array(regime.weights)
    if len(residuals):
        # The months next to an origin say more of a method than those far ahead, where luck has the greater part.
        near = residuals.steps**-0.5
        errors = near @ np.abs(residuals.forecasts - residuals.truth[:, None]) / near.sum()
        best = float(errors[shares > 0].min())
        # Where a method is never wrong, it has all the weight.
        shares = shares * ((errors / best) ** -regime.sharpness if best > 0 else errors == 0)
    total: Floats = shares / shares.sum()
    return total


def level(series: Series) -> float:
    """Return the mean month of the last year with spending, one-off purchases capped; positive."""
    return float(series.capped[-YEAR:].mean()) or float(series.capped.mean())


def signs(errors: Floats, series: Series) -> Floats:
    """Return (2,) signs, relative to the level, of how far off a forecast of this series will be.

    The mean absolute backtest error of the combined forecast ((rows,) `errors`), and the mean step from month to
    month. Where there was no backtest, the step stands for it.
    """
    step = float(np.abs(np.diff(series.capped)).mean())
    error = float(np.abs(errors).mean()) if len(errors) else step
    return np.clip(np.array([error, step]) / level(series), *SOUND)


def scale(regime: Regime, errors: Floats, series: Series) -> float:
    """Return the error to expect of one series, to which its intervals are proportional.

    scale = level * factor * (error / level) ** a * (step / level) ** b; clipped, so that nothing is certain.
    """
    *powers, factor = regime.spread
    return level(series) * factor * float(np.prod(signs(errors, series) ** powers))


def noise_class(scale: float, series: Series) -> int:
    """Return which class of noise a series is in: 0 (quiet) to 3 (wild) by its scale as share of its level, 4 rare.

    Rare is what is spent on in fewer than three months of four: its errors are mostly small and now and then huge.
    """
    if np.count_nonzero(series.amounts) < RARE * len(series):
        return len(NOISY) + 1
    return int(np.searchsorted(NOISY, scale / level(series)))


def interval(
    regime: Regime, ahead: Floats, scale: float, noise: int, steps: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the ends of the 80 % intervals of forecasts for `steps` months ahead (1, 2, … when left out)."""
    at = np.arange(len(ahead)) if steps is None else steps.astype(np.intp) - 1
    at = np.minimum(at, HORIZON - 1)
    lower = np.maximum(ahead + np.minimum(np.array(regime.lower[noise])[at], 0.0) * scale, 0.0)
    upper = ahead + np.maximum(np.array(regime.upper[noise])[at], 0.0) * scale
    return np.minimum(lower, ahead), upper
