"""Measure an intent model on labelled queries it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.markdown import Markdown
from sklearn.metrics import f1_score, precision_recall_fscore_support, roc_auc_score

from models import store
from models.calibration import expected_calibration_error
from models.data_file import DataError
from models.intent.contract import OUT_OF_SCOPE
from models.intent.dataset import Query, read_csv
from models.intent.model import IntentModel
from models.intervals import Estimate, bootstrap
from models.options import option

Strings = npt.NDArray[np.str_]


@dataclass(frozen=True)
class LabelScore:
    """How one label does."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Report:
    """What was measured on n queries.

    Attributes
    ----------
    accuracy: share of right intents among in-scope queries, a refusal being wrong.
    answered: share of right answers among all queries, `out_of_scope` being one.
    macro_f1: over all labels present. out_of_scope_auroc: None without both kinds of query.
    ece: expected calibration error of the confidence that is answered.
    confidence, correct: (n,) for the reliability diagram. labels, confusion: (labels, labels), rows are the truth.
    """

    name: str
    n: int
    accuracy: Estimate
    answered: Estimate
    macro_f1: Estimate
    out_of_scope_auroc: Estimate | None
    ece: float
    per_label: tuple[LabelScore, ...]
    labels: tuple[str, ...]
    confusion: npt.NDArray[np.int_]
    confidence: npt.NDArray[np.float64]
    correct: npt.NDArray[np.bool_]

    def figures(self) -> dict[str, float | int]:
        """Return the figures worth storing with the model."""
        figures: dict[str, float | int] = {
            "n": self.n,
            "accuracy": round(self.accuracy.value, 4),
            "answered": round(self.answered.value, 4),
            "macro_f1": round(self.macro_f1.value, 4),
            "ece": round(self.ece, 4),
        }
        if self.out_of_scope_auroc is not None:
            figures["out_of_scope_auroc"] = round(self.out_of_scope_auroc.value, 4)
        return figures


@dataclass(frozen=True)
class Options:
    """What to evaluate."""

    data: Path = option(Path("test.csv"), "CSV file, one labelled query a row")
    model: str = option("intent:latest", "tag in the BentoML model store")
    out: Path = option(Path("reports/intent"), "folder for the report and its plots")
    text_column: str = option("text", "name of the column with the queries")
    label_column: str = option("label", "name of the column with their labels")


REFUSALS = (DataError,)
"""What a user can put right, told in a sentence and without a traceback."""


def run(options: Options) -> None:
    """Evaluate a stored model on a file, print the figures and write the report."""
    from models.intent.card import write_report

    model = IntentModel.load(store.load(options.model), threads=0)
    queries = read_csv(options.data, options.text_column, options.label_column)
    unknown = sorted({query.label for query in queries} - {*model.decision.intents, OUT_OF_SCOPE})
    measured = evaluate(model, queries, options.data.name)
    file = write_report(options.out, measured, f"intent:{model.version}", unknown)
    Console().print(Markdown(file.read_text(encoding="utf-8")))
    print(f"written to {options.out}")


@dataclass(frozen=True)
class Answers:
    """What a model answers for n queries, beside the truth; each array has one element a query.

    Attributes
    ----------
    outside: P(out of scope). confidence: of the answer. ngrams: the label that the n-gram model alone would give.
    """

    truth: Strings
    answer: Strings
    outside: npt.NDArray[np.float64]
    confidence: npt.NDArray[np.float64]
    ngrams: Strings

    def __getitem__(self, rows: npt.NDArray[np.bool_]) -> Answers:
        """Return the answers to some of the queries."""
        return Answers(
            self.truth[rows], self.answer[rows], self.outside[rows], self.confidence[rows], self.ngrams[rows]
        )


def answers(model: IntentModel, queries: Sequence[Query]) -> Answers:
    """Read the queries once and return what is answered."""
    reading = model.reader.read([query.text for query in queries])
    probabilities = model.decide(reading)
    best = probabilities.intents.argmax(1)
    outside = probabilities.out_of_scope.astype(np.float64)
    refused = outside > model.decision.threshold
    return Answers(
        truth=np.array([query.label for query in queries]),
        answer=np.where(refused, OUT_OF_SCOPE, np.array(model.decision.intents)[best]),
        outside=outside,
        confidence=np.where(refused, outside, probabilities.intents[np.arange(len(best)), best]),
        ngrams=np.array(model.decision.labels)[reading.ngrams.argmax(1)],
    )


def evaluate(model: IntentModel, queries: Sequence[Query], name: str) -> Report:
    """Return the report of `model` on `queries`."""
    return report(answers(model, queries), name)


def report(given: Answers, name: str) -> Report:
    """Return the figures of some answers."""
    truth, answer, outside = given.truth, given.answer, given.outside
    correct = answer == truth
    inside = truth != OUT_OF_SCOPE
    labels = tuple(sorted({*truth, *answer}))
    known = tuple(sorted(set(truth)))
    precision, recall, f1, support = precision_recall_fscore_support(truth, answer, labels=known, zero_division=0)
    rows = np.flatnonzero(inside)
    return Report(
        name=name,
        n=len(truth),
        accuracy=bootstrap(lambda at: float(correct[rows[at]].mean()), len(rows)) if len(rows) else Estimate(0, 0, 0),
        answered=bootstrap(lambda at: float(correct[at].mean()), len(truth)),
        macro_f1=bootstrap(
            lambda at: float(f1_score(truth[at], answer[at], labels=known, average="macro", zero_division=0)),
            len(truth),
            draws=50,
        ),
        out_of_scope_auroc=None
        if inside.all() or not inside.any()
        else bootstrap(lambda at: _auroc(~inside[at], outside[at]), len(truth), draws=200),
        ece=expected_calibration_error(given.confidence, correct),
        per_label=tuple(
            LabelScore(label, float(p), float(r), float(f), int(s))
            for label, p, r, f, s in zip(known, precision, recall, f1, support, strict=True)
        ),
        labels=labels,
        confusion=_confusion(truth, answer, labels),
        confidence=given.confidence,
        correct=correct,
    )


def report_groups(given: Answers, queries: Sequence[Query]) -> list[Report]:
    """Return reports on the answers to all queries, then by language, then by volume and language."""
    languages, volumes = [query.language for query in queries], [query.volume for query in queries]
    language, volume = np.array(languages), np.array(volumes)
    groups = {"all": np.ones(len(queries), dtype=np.bool_)}
    if len(set(languages)) > 1:
        groups |= {each: language == each for each in sorted(set(languages))}
    if len(set(volumes)) > 1:
        groups |= {
            f"{each} {tongue}": (volume == each) & (language == tongue)
            for each in sorted(set(volumes))
            for tongue in sorted(set(languages))
        }
    return [report(given[rows], name) for name, rows in groups.items() if rows.sum() >= 20 or name == "all"]


def ngram_accuracy(given: Answers) -> float:
    """Return the in-scope accuracy of the n-gram model alone: the plain baseline."""
    inside = given.truth != OUT_OF_SCOPE
    return round(float((given.ngrams == given.truth)[inside].mean()), 4) if inside.any() else float("nan")


def _confusion(truth: Strings, answer: Strings, labels: tuple[str, ...]) -> npt.NDArray[np.int_]:
    row = {label: index for index, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=np.int_)
    np.add.at(counts, ([row[each] for each in truth], [row[each] for each in answer]), 1)
    return counts


def _auroc(outside: npt.NDArray[np.bool_], scores: npt.NDArray[np.floating]) -> float:
    return float(roc_auc_score(outside, scores)) if 0 < outside.sum() < len(outside) else float("nan")
