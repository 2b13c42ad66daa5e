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

_TRUST = 6.0
"""Residuals that the usual noise of a regime weighs as much as."""


@dataclass(frozen=True)
class Regime:
    """What is done with a history of at least `months` months; fitted on generated series.

    Parameters
    ----------
    weights: of each method, before its own backtest is looked at. sharpness: the power of its backtest error that
    divides its weight: 0 for fixed weights; the larger, the nearer to choosing the best method. noise: usual backtest
    error, as share of the level. lower, upper: (36,) signed conformal quantiles of error / scale by months ahead.
    """

    months: int
    weights: tuple[float, ...]
    sharpness: float
    noise: float
    lower: tuple[float, ...] = (0.0,) * HORIZON
    upper: tuple[float, ...] = (0.0,) * HORIZON


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
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("weights", "lower", "upper")}
    return Regime(**{**row, **lists})


def weights(regime: Regime, residuals: Residuals) -> Floats:
    """Return (methods,) weights for one series, their sum 1: the regime's, divided by powers of the backtest errors."""
    shares: Floats = np.array(regime.weights)
    if len(residuals):
        errors = np.abs(residuals.forecasts - residuals.truth[:, None]).mean(axis=0)
        best = float(errors[shares > 0].min())
        # Where a method is never wrong, it has all the weight.
        shares = shares * ((errors / best) ** -regime.sharpness if best > 0 else errors == 0)
    total: Floats = shares / shares.sum()
    return total


def level(series: Series) -> float:
    """Return the mean month of the last year with spending, one-off purchases capped; positive."""
    return float(series.capped[-YEAR:].mean()) or float(series.capped.mean())


def scale(regime: Regime, errors: Floats, series: Series) -> float:
    """Return the error to expect of one series: its own mean backtest error, drawn towards the usual one.

    errors: (rows,) of the combined forecast.
    """
    usual = regime.noise * level(series)
    return (_TRUST * usual + float(np.abs(errors).sum())) / (_TRUST + len(errors))


def interval(regime: Regime, ahead: Floats, scale: float, steps: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the ends of the 80 % intervals of forecasts for `steps` months ahead (1, 2, … when left out)."""
    at = np.arange(len(ahead)) if steps is None else steps.astype(np.intp) - 1
    at = np.minimum(at, HORIZON - 1)
    lower = np.maximum(ahead + np.minimum(np.array(regime.lower)[at], 0.0) * scale, 0.0)
    upper = ahead + np.maximum(np.array(regime.upper)[at], 0.0) * scale
    return np.minimum(lower, ahead), upper
