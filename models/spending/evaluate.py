"""Measure a spending model on histories it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markdown import Markdown

from models import store
from models.intervals import Estimate, bootstrap
from models.options import option
from models.spending.dataset import DataError, own_examples, read_csv
from models.spending.fit import combined, relative_errors
from models.spending.methods import METHODS
from models.spending.model import SpendingModel, naive_error
from models.spending.policy import Policy, interval, noise_class, weights
from models.spending.series import YEAR, Floats
from models.spending.tryout import Tried, try_out


@dataclass(frozen=True)
class Report:
    """What was measured on the first year ahead of n histories; intervals are over histories.

    Attributes
    ----------
    mase: mean absolute error in units of the naive error within each history. wape: sum of absolute errors over sum
    of amounts, mean over histories. coverage: of the 80 % interval. policies: mean error of each way to combine the
    methods, in units of the methods' mean error on the same history.
    """

    name: str
    n: int
    mase: Estimate
    wape: Estimate
    coverage: Estimate
    policies: dict[str, Estimate]

    def figures(self) -> dict[str, float | int]:
        """Return the figures worth storing with the model."""
        return {
            "n": self.n,
            "mase": round(self.mase.value, 4),
            "wape": round(self.wape.value, 4),
            "coverage": round(self.coverage.value, 4),
        }


@dataclass(frozen=True)
class Options:
    """What to evaluate."""

    data: Path = option(Path("test.csv"), "CSV file with the columns user_id, month (2026-03) and amount")
    model: str = option("spending:latest", "tag in the BentoML model store")
    out: Path = option(Path("reports/spending"), "folder for the report and its plots")


REFUSALS = (DataError,)
"""What a user can put right, told in a sentence and without a traceback."""


def run(options: Options) -> None:
    """Evaluate a stored model on a file, print the figures and write the report."""
    from models.spending.card import write_report

    model = SpendingModel.load(store.load(options.model))
    tried = try_out(own_examples(read_csv(options.data), options.data), "forecasting")
    report = evaluate(model.policy, tried, options.data.name)
    file = write_report(options.out, report, model.policy, tried, f"spending:{model.version}")
    Console().print(Markdown(file.read_text(encoding="utf-8")))
    print(f"written to {options.out}")


def evaluate(policy: Policy, tried: Sequence[Tried], name: str) -> Report:
    """Return the report of `policy` on `tried`."""
    errors, wapes, hits = [], [], []
    for each in tried:
        truth = each.example.ahead[:YEAR]
        regime = policy.regime(len(each.series))
        ahead, scale = combined(regime, each)
        lower, upper = interval(regime, ahead[:YEAR], scale, noise_class(scale, each.series))
        known = np.isfinite(truth)
        mae = float(np.abs(truth - ahead[:YEAR])[known].mean())
        unit = naive_error(each.series.amounts)
        errors.append(mae / unit if unit > 0 else np.nan)
        wapes.append(mae / float(truth[known].mean()) if truth[known].any() else np.nan)
        hits.append(float(((truth >= lower) & (truth <= upper))[known].mean()))
    return Report(
        name,
        len(tried),
        mase=_mean(np.array(errors)),
        wape=_mean(np.array(wapes)),
        coverage=_mean(np.array(hits)),
        policies=_policies(policy, tried),
    )


def evaluate_groups(policy: Policy, tried: Sequence[Tried]) -> list[Report]:
    """Return reports on all test examples, then by kind and by length of history."""
    test = [each for each in tried if each.example.split == "test"]
    kinds = sorted({each.example.kind for each in test})
    groups: list[tuple[str, list[Tried]]] = [("all", test)]
    if len(kinds) > 1:
        groups += [(kind, [each for each in test if each.example.kind == kind]) for kind in kinds]
    edges = [regime.months for regime in policy.regimes]
    for first, end in zip(edges, (*edges[1:], 10_000), strict=True):
        name = f"{first} to {end - 1} months" if end < 10_000 else f"{first} months or more"
        groups.append((name, [each for each in test if first <= len(each.series) < end]))
    return [evaluate(policy, group, name) for name, group in groups if len(group) >= 20 or name == "all"]


def _policies(policy: Policy, tried: Sequence[Tried]) -> dict[str, Estimate]:
    """Return the error of each method alone and of each way to combine them."""
    table = np.stack([relative_errors(each) for each in tried])
    regimes = [policy.regime(len(each.series)) for each in tried]
    ways: dict[str, Floats] = {
        name: np.tile(np.eye(len(METHODS))[at], (len(tried), 1)) for at, name in enumerate(METHODS)
    }
    ways["mean of all"] = np.full((len(tried), len(METHODS)), 1 / len(METHODS))
    ways["best in the backtest"] = np.stack([_chosen(each) for each in tried])
    ways["fitted weights"] = np.stack([np.array(regime.weights) for regime in regimes])
    ways["fitted weights and backtest (serves)"] = np.stack(
        [weights(regime, each.residuals) for regime, each in zip(regimes, tried, strict=True)]
    )
    miss = {name: np.nanmean(np.abs(np.einsum("nm,nmh->nh", way, table)), axis=1) for name, way in ways.items()}
    miss["median of all"] = np.nanmean(np.abs(np.median(table, axis=1)), axis=1)
    return {name: _mean(each) for name, each in miss.items()}


def _chosen(each: Tried) -> Floats:
    """Return weight 1 for the method with the least backtest error."""
    if not len(each.residuals):
        return np.full(len(METHODS), 1 / len(METHODS))
    errors = np.abs(each.residuals.forecasts - each.residuals.truth[:, None]).mean(axis=0)
    one: Floats = np.eye(len(METHODS))[int(errors.argmin())]
    return one


def _mean(values: Floats) -> Estimate:
    return bootstrap(lambda at: float(np.nanmean(values[at])), len(values))
