"""Train the credit risk model: fit it, measure it on loans it has not seen, save it with its card."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markdown import Markdown
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits

from models import store
from models.credit_risk.card import summary_of, write_card
from models.credit_risk.contract import NAME
from models.credit_risk.dataset import Portfolio, check_trainable, read_portfolio, requests_of
from models.credit_risk.demonstration import demonstrate
from models.credit_risk.evaluate import evaluate
from models.credit_risk.fit import Fitted, fit, steps_for
from models.credit_risk.grid import Floats
from models.credit_risk.model import CreditRiskModel, Output
from models.credit_risk.policy import policy
from models.credit_risk.specification import DEFAULT, FILE, SpecificationError, load_specification
from models.credit_risk.table import read_table
from models.credit_risk.watched import WATCHED
from models.data_file import DataError
from models.drift.profile import ReferenceProfile
from models.options import OptionError, option
from models.progress import progress_bar
from models.store import StoredModel

_TEST_SHARE = 0.25
_PROFILED = 4000


@dataclass(frozen=True)
class Options:
    """What to train on and how."""

    data: Path | None = option(None, "CSV file, one loan a row; a generated demonstration portfolio when left out")
    features: Path | None = option(None, "feature specification of the data; the default consumer loan when left out")
    test: Path | None = option(None, "CSV file to report on; a quarter of the data when left out")
    seed: int = option(0, "the same seed and data give the same model")

    def __post_init__(self) -> None:
        if self.data is None and (self.features is not None or self.test is not None):
            raise OptionError("--features and --test need --data: the demonstration portfolio has its own")
        if not 0 <= self.seed < 2**31:
            raise OptionError("--seed must be from 0 to 2147483647")


REFUSALS = (DataError, SpecificationError)
"""What a user can put right, told in a sentence and without a traceback."""


@dataclass(frozen=True)
class Split:
    """Loans to fit to and loans to test on."""

    fitted: Portfolio
    tested: Portfolio


def run(options: Options) -> None:
    """Train, and say what came of it."""
    stored = train(options)
    console = Console()
    console.print(f"saved {stored.tag}", style="bold", highlight=False)
    console.print(Markdown("\n".join(summary_of(stored))))
    console.print(f"model card and plots: {stored.path}", highlight=False, soft_wrap=True)


def train(options: Options) -> StoredModel:
    """Train and save a version of the credit risk model.

    Raises
    ------
    DataError: naming file, line and column of what is wrong with the data.
    SpecificationError: naming file and feature of what is wrong with the specification.
    """
    split, found = _portfolios(options)
    specification = split.fitted.specification
    with progress_bar("growing trees", steps_for(len(split.fitted))) as advance:
        fitted = fit(specification.inputs, split.fitted.values, split.fitted.bad, options.seed, advance)
    with tempfile.TemporaryDirectory(prefix="credit-risk-") as scratch:
        folder = Path(scratch)
        shutil.copyfile(options.features or DEFAULT, folder / FILE)
        fitted.served.save(folder / "served.npz")
        fitted.scorecard.save(folder / "scorecard.npz")
        usual = np.nan_to_num(np.nanmedian(split.fitted.values, axis=0))
        Output(fitted.curve, tuple(usual.tolist()), options.data is None).save(folder / "output.json")
        model = CreditRiskModel.open(folder, "new")
        _reference(model, split.tested).save(folder)
        others = {
            "scorecard": fitted.scorecard.log_odds(split.tested.values),
            "unconstrained boosting": _unconstrained(split, options.seed),
        }
        report = evaluate(model, split.tested, "test", others)
        metadata = {**_metadata(options, split, fitted), **found, "metrics": report.figures()}
        write_card(folder, report, fitted, specification, metadata)
        labels = {"data": "demonstration" if options.data is None else "custom"}
        return store.save(NAME, lambda target: _copy(folder, target), metadata, labels)


def _reference(model: CreditRiskModel, portfolio: Portfolio) -> ReferenceProfile:
    """Return what live traffic is compared with: some of the loans and what is answered to them."""
    rows = np.arange(len(portfolio))[:_PROFILED]
    requests = requests_of(portfolio.take(rows))
    return ReferenceProfile.fit(WATCHED.all(requests, model.predict(requests, policy())))


def _portfolios(options: Options) -> tuple[Split, dict[str, Any]]:
    """Return the loans, and what is known of them besides."""
    if options.data is None:
        demonstration = demonstrate(options.seed)
        everything = demonstration.portfolio
        split, rows = _divided(everything, options.seed)
        truth = roc_auc_score(split.tested.bad, demonstration.truth[rows])
        return split, {"auc_of_truth": round(float(truth), 4), "data_digest": everything.digest()}
    specification = load_specification(options.features or DEFAULT)
    portfolio = read_portfolio(read_table(options.data), specification, outcomes=True)
    check_trainable(portfolio, options.data)
    if options.test is None:
        return _divided(portfolio, options.seed)[0], {"data_digest": portfolio.digest()}
    tested = read_portfolio(read_table(options.test), specification, outcomes=True)
    if tested.bad.all() or not tested.bad.any():
        raise DataError(f"{options.test}: all outcomes are the same, so there is nothing to tell apart")
    return Split(portfolio, tested), {"data_digest": portfolio.digest()}


def _divided(portfolio: Portfolio, seed: int) -> tuple[Split, Any]:
    rows = np.arange(len(portfolio))
    fitted, tested = train_test_split(rows, test_size=_TEST_SHARE, stratify=portfolio.bad, random_state=seed)
    return Split(portfolio.take(fitted), portfolio.take(tested)), tested


def _unconstrained(split: Split, seed: int) -> Floats:
    """Return the log-odds of boosting as it comes, without constraints: what those cost, or bring."""
    features = split.fitted.specification.inputs
    plain = HistGradientBoostingClassifier(
        learning_rate=0.05, categorical_features=[not feature.ordered for feature in features], random_state=seed
    )
    with threadpool_limits(1):
        plain.fit(split.fitted.values, split.fitted.bad)
        log_odds: Floats = plain.decision_function(split.tested.values)
    return log_odds


def _metadata(options: Options, split: Split, fitted: Fitted) -> dict[str, Any]:
    """Return what the store records of how the model came to be."""
    return {
        "data": options.data.name if options.data else "a generated demonstration portfolio",
        "demonstration": options.data is None,
        "rows": {"fitted": len(split.fitted), "tested": len(split.tested)},
        "seed": options.seed,
        "trees": fitted.trees,
        "members": fitted.members,
        "scorecard_share": fitted.share,
        "scorecard_strength": fitted.strength,
        "calibration": "isotonic" if fitted.curve.given else "platt",
        "validation_log_loss": {name: round(loss, 5) for name, loss in fitted.losses.items()},
    }


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
