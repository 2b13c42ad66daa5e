"""Measure an anomaly model: on transactions that are labelled, or on mischief done to accounts it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.markdown import Markdown
from sklearn.metrics import average_precision_score, roc_auc_score

from models import store
from models.anomaly.dataset import DataError, accounts_of, read_csv
from models.anomaly.ledger import Bools, Floats, Ints
from models.anomaly.model import AnomalyModel
from models.anomaly.sample import Sample, odd_sample, together
from models.anomaly.scoring import BASE_RATE, Scorer, threshold
from models.intervals import Estimate, bootstrap
from models.options import OptionError, option
from models.progress import progress_bar

FALSE_ALERTS = 0.01
_EACH = 4


@dataclass(frozen=True)
class KindScore:
    """How many of one kind of mischief are found."""

    kind: str
    auroc: float
    recall: float
    count: int


@dataclass(frozen=True)
class Report:
    """What was measured.

    Attributes
    ----------
    auroc, precision: area under the ROC curve, average precision. recall: share found at 1 % false alerts.
    alerts: share of ordinary transactions above the threshold for 0.5 %.
    kinds: by kind of mischief. others: (AUROC, recall) of what is compared.
    scores, odd: (n,) for the plots.
    """

    name: str
    ordinary: int
    odd_count: int
    auroc: Estimate
    precision: Estimate
    recall: Estimate
    alerts: Estimate
    kinds: tuple[KindScore, ...]
    others: Mapping[str, tuple[float, float]]
    scores: Floats
    odd: Bools

    def figures(self) -> dict[str, float | int]:
        """Return the figures worth storing with the model."""
        return {
            "ordinary": self.ordinary,
            "odd": self.odd_count,
            "auroc": round(self.auroc.value, 4),
            "average_precision": round(self.precision.value, 4),
            "recall_at_1_percent": round(self.recall.value, 4),
            "alert_rate": round(self.alerts.value, 5),
        }


@dataclass(frozen=True)
class Options:
    """What to evaluate."""

    data: Path = option(Path("test.csv"), "CSV file, one transaction a row; column is_anomaly where known")
    model: str = option("anomaly:latest", "tag in the BentoML model store")
    out: Path = option(Path("reports/anomaly"), "folder for the report and its plots")
    seed: int = option(0, "of the mischief, where nothing is labelled")

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise OptionError("--seed must not be negative")


REFUSALS = (DataError,)
"""What a user can put right, told in a sentence and without a traceback."""


def run(options: Options) -> None:
    """Evaluate a stored model on a file, print the figures and write the report."""
    from models.anomaly.card import write_report

    model = AnomalyModel.load(store.load(options.model))
    measured = report(model.scorer, _sample(model, options), options.data.name, {})
    file = write_report(options.out, measured, f"anomaly:{model.version}")
    Console().print(Markdown(file.read_text(encoding="utf-8")))
    print(f"written to {options.out}")


def _sample(model: AnomalyModel, options: Options) -> Sample:
    """Return the transactions of the file; where none is labelled an anomaly, with mischief done to its accounts."""
    table = read_csv(options.data)
    ledger = table.ledger()
    features = model.score(ledger).features
    kind = np.where(table.anomaly[ledger.order], "labelled", "")
    if table.anomaly.all():
        raise DataError(f"{options.data}: every row is labelled an anomaly; ordinary ones are needed beside them")
    if table.anomaly.any():
        return Sample(features, kind)
    accounts = accounts_of(table.columns)
    with progress_bar("doing mischief", len(accounts)) as advance:
        dice = np.random.default_rng(options.seed)
        odd = odd_sample(accounts, model.population, _EACH, dice, advance)
    return Sample(together([features, odd.features]), np.concatenate([kind, odd.kind]))


def report(scorer: Scorer, sample: Sample, name: str, others: Mapping[str, Floats]) -> Report:
    """Return the figures of a scorer on a sample, and of others by their scores on it."""
    scores, odd = scorer.score(sample.features.strange, sample.features.history), sample.odd
    strange = scorer.surprise(sample.features.strange, sample.features.history)  # the same order, without ties at 1
    cut = float(np.quantile(strange[~odd], 1 - FALSE_ALERTS))
    kinds = [
        KindScore(
            kind,
            auroc(strange[~odd], strange[sample.kind == kind]),
            float((strange[sample.kind == kind] > cut).mean()),
            int((sample.kind == kind).sum()),
        )
        for kind in np.unique(sample.kind[odd]).tolist()
    ]
    ordinary = scores[~odd]
    return Report(
        name=name,
        ordinary=len(ordinary),
        odd_count=int(odd.sum()),
        auroc=_estimate(lambda at: float(roc_auc_score(odd[at], strange[at])), odd, 50),
        precision=_estimate(lambda at: float(average_precision_score(odd[at], strange[at])), odd, 50),
        recall=_estimate(lambda at: recall(strange[at], odd[at]), odd, 200),
        alerts=bootstrap(lambda at: float((ordinary[at] > threshold(BASE_RATE)).mean()), len(ordinary), draws=200),
        kinds=tuple(kinds),
        others={other: (auroc(given[~odd], given[odd]), recall(given, odd)) for other, given in others.items()},
        scores=scores,
        odd=odd,
    )


def _estimate(statistic: Callable[[Ints], float], odd: Bools, draws: int) -> Estimate:
    """Return a figure with its interval; draws without an odd row, where these are few, say nothing."""

    def of_both(at: Ints) -> float:
        return statistic(at) if odd[at].any() and not odd[at].all() else np.nan

    return bootstrap(of_both, len(odd), draws=draws)


def auroc(ordinary: Floats, odd: Floats) -> float:
    """Return the chance that an odd one scores above an ordinary one."""
    truth = np.concatenate([np.zeros(len(ordinary)), np.ones(len(odd))])
    return float(roc_auc_score(truth, np.concatenate([ordinary, odd])))


def recall(scores: Floats, odd: npt.NDArray[np.bool_]) -> float:
    """Return the share of odd ones found where 1 % of the ordinary ones are called odd."""
    return float((scores[odd] > np.quantile(scores[~odd], 1 - FALSE_ALERTS)).mean())
