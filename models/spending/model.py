"""The spending forecast as it is served: monthly history in, calibrated months ahead out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.contract import ModelRef
from models.spending import policy as rules
from models.spending.backtest import SHORTEST, Residuals, backtest
from models.spending.contract import NAME, Backtest, MonthForecast, SpendingHistory, SpendingPrediction, Trend
from models.spending.methods import METHODS, forecast_all
from models.spending.months import month_name
from models.spending.policy import Policy, Regime
from models.spending.profile import Profile
from models.spending.series import YEAR, Floats, Series
from models.store import StoredModel

_NOTABLE = 0.05


@dataclass(frozen=True)
class Outlook:
    """What is ahead: (months,) amounts and the ends of their 80 % intervals, and how they came about."""

    amounts: Floats
    lower: Floats
    upper: Floats
    method: str
    trend: Trend
    backtest: Backtest | None


class SpendingModel:
    """Forecasts monthly spending. Made by `load`; `predict` takes any number of histories."""

    def __init__(self, policy: Policy, profile: Profile, version: str) -> None:
        self.policy = policy
        self.profile = profile
        self.version = version

    @classmethod
    def load(cls, stored: StoredModel) -> SpendingModel:
        """Return the model of a stored folder, ready to predict."""
        return cls.open(stored.path, stored.version)

    @classmethod
    def open(cls, folder: Path, version: str) -> SpendingModel:
        """Return the model of any folder that training wrote."""
        return cls(Policy.load(folder / "policy.json"), Profile.load(folder / "profile.json"), version)

    def predict(self, histories: Sequence[SpendingHistory]) -> list[SpendingPrediction]:
        """Return one prediction for each history."""
        return [self._prediction(history) for history in histories]

    def outlook(
        self, amounts: Floats, start: int, months: int, category: str | None = None, country: str | None = None
    ) -> Outlook:
        """Return what is ahead of `amounts`, one a month, the last one just before month `start`."""
        if len(amounts) < SHORTEST:
            return self._from_population(amounts, start, months, category)
        series = Series.of(amounts, start)
        if len(series) == 0:
            nothing = np.zeros(months)
            return Outlook(nothing, nothing, nothing, "no spending so far", "stable", None)
        if len(series) < SHORTEST:
            series = Series.whole(amounts, start)
        return self._from_history(series, months, country)

    def _from_history(self, series: Series, months: int, country: str | None) -> Outlook:
        forecasts = forecast_all(series, max(months, YEAR), country)
        return self.combined(series, backtest(series, country), forecasts, months)

    def combined(self, series: Series, residuals: Residuals, forecasts: Floats, months: int) -> Outlook:
        """Return what (methods, at least `months`) forecasts come to, each method weighed by its backtest."""
        regime = self.policy.regime(len(series))
        shares = rules.weights(regime, residuals)
        errors = residuals.forecasts @ shares - residuals.truth
        scale = rules.scale(regime, errors, series)
        ahead = shares @ forecasts
        lower, upper = rules.interval(regime, ahead[:months], scale, rules.noise_class(scale, series))
        return Outlook(
            ahead[:months],
            lower,
            upper,
            f"mean of {_named(shares)}",
            _trend(series, ahead[:YEAR], scale),
            _backtest(regime, residuals, errors, series),
        )

    def _from_population(self, amounts: Floats, start: int, months: int, category: str | None) -> Outlook:
        ahead, lower, upper = self.profile.forecast(np.asarray(amounts, dtype=np.float64), start, months, category)
        return Outlook(ahead, lower, upper, "population profile", "stable", None)

    def _prediction(self, history: SpendingHistory) -> SpendingPrediction:
        amounts = np.array(history.amounts, dtype=np.float64)
        found = self.outlook(amounts, history.start, history.months, history.category, history.country)
        return self.told(history, found)

    def told(self, history: SpendingHistory, found: Outlook) -> SpendingPrediction:
        """Return the answer that says what is ahead of `history`."""
        rounded = np.round([found.amounts, found.lower, found.upper], 2).T
        left_out = f"; left out for want of a rate: {', '.join(history.left_out)}" if history.left_out else ""
        return SpendingPrediction(
            user_id=history.user_id,
            currency=history.currency,
            months=[
                MonthForecast(month=month_name(history.start + step), amount=amount, lower=lower, upper=upper)
                for step, (amount, lower, upper) in enumerate(rounded.tolist())
            ],
            total=round(float(rounded[:, 0].sum()), 2),
            trend=found.trend,
            method=found.method + left_out,
            history_months=len(history.amounts),
            backtest=found.backtest,
            model=ModelRef(name=NAME, version=self.version),
        )


def _backtest(regime: Regime, residuals: Residuals, errors: Floats, series: Series) -> Backtest | None:
    """Return how the combined forecast did; each origin's interval is as wide as the others' errors make it."""
    origins = sorted(set(residuals.origins))
    if len(origins) < 2:
        return None
    ahead = residuals.truth + errors
    inside = np.zeros(len(errors), dtype=bool)
    for origin in origins:
        own = residuals.origins == origin
        scale = rules.scale(regime, errors[~own], series)
        noise = rules.noise_class(scale, series)
        lower, upper = rules.interval(regime, ahead[own], scale, noise, residuals.steps[own])
        inside[own] = (residuals.spent[own] >= lower) & (residuals.spent[own] <= upper)
    mae = float(np.abs(ahead - residuals.spent).mean())
    naive = naive_error(series.amounts)
    mase = mae / naive if naive > 0 else 0.0
    return Backtest(mae=round(mae, 2), mase=round(mase, 4), coverage=round(float(inside.mean()), 4))


def naive_error(amounts: Floats) -> float:
    """Return the mean absolute error of the seasonal naive within a history; of the last value for less than a year."""
    yearly = float(np.abs(amounts[YEAR:] - amounts[:-YEAR]).mean()) if len(amounts) > YEAR else 0.0
    return yearly or float(np.abs(np.diff(amounts)).mean())


def _trend(series: Series, coming: Floats, scale: float) -> Trend:
    """Compare the coming year with the last: a season is no trend, and neither is what noise explains."""
    last = series.capped[-YEAR:]
    change = float(coming.mean() - last.mean())
    if abs(change) <= max(_NOTABLE * float(last.mean()), scale / np.sqrt(len(last))):
        return "stable"
    return "rising" if change > 0 else "falling"


def _named(shares: Floats) -> str:
    """Return the methods with their weights, the heaviest first; what weighs under a hundredth is not named."""
    ordered = sorted(zip(shares.tolist(), METHODS, strict=True), reverse=True)
    return ", ".join(f"{method} {share:.2f}" for share, method in ordered if share >= 0.005)
