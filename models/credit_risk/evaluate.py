"""Measure a credit risk model on loans whose outcome is known and that it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.markdown import Markdown
from scipy.special import expit
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

from models import store
from models.calibration import expected_calibration_error
from models.credit_risk.calibrate import fit_line, log_losses
from models.credit_risk.dataset import Portfolio, read_portfolio
from models.credit_risk.fairness import Fairness, fairness
from models.credit_risk.grid import Floats
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import policy
from models.credit_risk.table import read_table
from models.data_file import DataError
from models.intervals import Estimate, bootstrap
from models.options import option

Labels = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Contender:
    """How one model does on n loans.

    Attributes
    ----------
    auc: area under the ROC curve. ks: largest distance between the score distributions of good and bad loans.
    brier: mean squared error of the probability. log_loss: per loan. slope: of a logistic regression of the outcome on
    the log-odds; 1 when they mean what they say. ece: expected calibration error.
    """

    name: str
    auc: Estimate
    ks: Estimate
    brier: Estimate
    log_loss: float
    slope: float
    ece: float


@dataclass(frozen=True)
class Report:
    """What was measured on one portfolio; the first contender is the model that is served."""

    name: str
    n: int
    bad: int
    contenders: tuple[Contender, ...]
    fairness: tuple[Fairness, ...]
    probabilities: Floats
    outcomes: Labels

    def figures(self) -> dict[str, float | int]:
        """Return the figures worth storing with the model."""
        served = self.contenders[0]
        return {
            "n": self.n,
            "default_rate": round(self.bad / self.n, 4),
            "auc": round(served.auc.value, 4),
            "ks": round(served.ks.value, 4),
            "brier": round(served.brier.value, 4),
            "calibration_slope": round(served.slope, 3),
        }


@dataclass(frozen=True)
class Options:
    """What to evaluate."""

    data: Path = option(Path("test.csv"), "CSV file, one loan a row with its outcome")
    model: str = option("credit_risk:latest", "tag in the BentoML model store")
    out: Path = option(Path("reports/credit_risk"), "folder for the report and its plots")


REFUSALS = (DataError,)
"""What a user can put right, told in a sentence and without a traceback."""


def run(options: Options) -> None:
    """Evaluate a stored model on a file, print the figures and write the report."""
    from models.credit_risk.card import write_report

    stored = store.load(options.model)
    model = CreditRiskModel.load(stored)
    portfolio = read_portfolio(read_table(options.data), model.specification, outcomes=True)
    if portfolio.bad.all() or not portfolio.bad.any():
        raise DataError(f"{options.data}: all outcomes are the same, so there is nothing to tell apart")
    scorecard = CreditRiskModel.open(stored.path, stored.version, "scorecard.npz")
    others = {"scorecard": scorecard.additive.log_odds(portfolio.values)}
    report = evaluate(model, portfolio, options.data.name, others)
    file = write_report(options.out, report, f"credit_risk:{model.version}")
    Console().print(Markdown(file.read_text(encoding="utf-8")))
    print(f"written to {options.out}")


def evaluate(model: CreditRiskModel, portfolio: Portfolio, name: str, others: dict[str, Floats]) -> Report:
    """Return the report of `model`, and of `others` by their log-odds (n,), on loans with outcomes."""
    log_odds = model.log_odds(portfolio.values)
    probabilities: Floats = expit(log_odds)
    return Report(
        name=name,
        n=len(portfolio),
        bad=int(portfolio.bad.sum()),
        contenders=tuple(contender(each, odds, portfolio.bad) for each, odds in {"served": log_odds, **others}.items()),
        fairness=tuple(fairness(portfolio, probabilities, policy())),
        probabilities=probabilities,
        outcomes=portfolio.bad,
    )


def contender(name: str, log_odds: Floats, bad: Labels) -> Contender:
    """Return the figures of one model's log-odds (n,)."""
    probabilities: Floats = expit(log_odds)

    def estimate(statistic: Callable[[Labels, Floats], float], of: Floats) -> Estimate:
        return bootstrap(lambda at: statistic(bad[at], of[at]), len(bad), draws=200)

    return Contender(
        name=name,
        auc=estimate(_auc, log_odds),
        ks=estimate(_ks, log_odds),
        brier=estimate(lambda truth, of: float(brier_score_loss(truth, of)), probabilities),
        log_loss=float(log_losses(log_odds, bad).mean()),
        slope=fit_line(log_odds, bad)[0],
        ece=expected_calibration_error(probabilities, bad, bins=10),
    )


def table(contenders: Sequence[Contender]) -> list[str]:
    """Return a Markdown table with a row for each contender."""
    lines = ["| model | AUC | KS | Brier | log loss | calibration slope | ECE |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {each.name} | {each.auc} | {each.ks} | {each.brier} | {each.log_loss:.4f} | {each.slope:.2f}"
        f" | {each.ece:.3f} |"
        for each in contenders
    ]
    return lines


def _auc(truth: Labels, odds: Floats) -> float:
    return float(roc_auc_score(truth, odds)) if 0 < truth.sum() < len(truth) else float("nan")


def _ks(truth: Labels, odds: Floats) -> float:
    if not 0 < truth.sum() < len(truth):
        return float("nan")
    false, caught, _ = roc_curve(truth, odds)
    return float((caught - false).max())
