"""Train the intent model: build it, fit its decisions, measure it, save it with its card."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markdown import Markdown

from models import store
from models.data_file import DataError
from models.drift.profile import ReferenceProfile
from models.intent.background import background
from models.intent.build import LABEL_SMOOTHING, SERVE_TOKENS, Built, build
from models.intent.card import summary_of, write_card
from models.intent.contract import NAME, OUT_OF_SCOPE, IntentRequest
from models.intent.dataset import (
    Query,
    check_trainable,
    corpus_digest,
    load_corpus,
    read_csv,
    split_randomly,
)
from models.intent.evaluate import Report, answers, ngram_accuracy, report_groups
from models.intent.fit import Fitted, fit_decision
from models.intent.model import IntentModel
from models.intent.watched import WATCHED
from models.options import OptionError, option
from models.store import StoredModel
from models.text.backbone import DEFAULT_BACKBONE
from models.text.finetune import FineTuning
from models.text.quantise import QuantisationLoss

_BUILT_IN = FineTuning(epochs=2, unread=0.1)
"""Two passes, for somebody waits for the first start; four are half a point to a point better."""
_CUSTOM = FineTuning(epochs=8)
_PLACED = 4000
"""Training queries that class means and neighbours are taken from: more change little and take minutes."""


@dataclass(frozen=True)
class Options:
    """What to train on and how."""

    data: Path | None = option(None, "CSV file, one query a row; the built-in corpus when left out")
    test: Path | None = option(None, "CSV file to report on; a part of the data when left out")
    text_column: str = option("text", "name of the column with the queries")
    label_column: str = option("label", "name of the column with their labels")
    backbone: str = option(DEFAULT_BACKBONE, "encoder: folder or Hugging Face id")
    epochs: float | None = option(None, "passes over the data; when left out 2 for the built-in corpus, else 8")
    learning_rate: float = option(2e-4, "peak learning rate of the encoder")
    batch_size: int = option(32, "queries in a step")
    seed: int = option(0, "the same seed and data give the same model")

    def __post_init__(self) -> None:
        if self.epochs is not None and not 0 < self.epochs < 1e6:
            raise OptionError("--epochs must be above 0 and below a million")
        if not 0 < self.learning_rate < 1:
            raise OptionError("--learning-rate must be above 0 and below 1")
        if self.batch_size < 1:
            raise OptionError("--batch-size must be at least 1")
        if self.seed < 0:
            raise OptionError("--seed must not be negative")


REFUSALS = (DataError, QuantisationLoss)
"""What a user can put right, told in a sentence and without a traceback."""


def run(options: Options) -> None:
    """Train, and say what came of it."""
    stored = train(options)
    console = Console()
    console.print(f"saved {stored.tag}", style="bold", highlight=False)
    console.print(Markdown("\n".join(summary_of(stored))))
    console.print(f"model card and plots: {stored.path}", highlight=False, soft_wrap=True)


def train(options: Options) -> StoredModel:
    """Train and save a version of the intent model.

    Raises
    ------
    DataError: naming file and line of what is wrong with the data.
    QuantisationLoss: int8 accuracy on validation data is more than 0.5 points below float.
    """
    queries = _queries(options)
    usual = _BUILT_IN if options.data is None else _CUSTOM
    tuning = replace(
        usual,
        epochs=options.epochs or usual.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        seed=options.seed,
    )
    with tempfile.TemporaryDirectory(prefix="intent-") as scratch:
        folder = Path(scratch)
        built = build(folder, queries, options.backbone, tuning)
        fitted = _fit(built, options.seed)
        fitted.decision.save(folder / "decision.json")
        fitted.detector.save(folder / "out_of_scope.npz")
        model = IntentModel(built.reader, fitted.decision, fitted.detector, version="new", device="cpu")
        _reference(model, queries).save(folder)
        unseen = [query for query in queries if query.split == "test"]
        given = answers(model, unseen)
        reports = report_groups(given, unseen)
        metadata = _metadata(options, tuning, queries, built, fitted, reports)
        metadata["ngram_baseline"] = ngram_accuracy(given)
        write_card(folder, reports, metadata)
        labels = {"data": "built-in" if options.data is None else "custom", "backbone": Path(options.backbone).name}
        stored = store.save(NAME, lambda target: _copy(folder, target), metadata, labels)
        built.checkpoint.remove()
        return stored


def _queries(options: Options) -> list[Query]:
    """Return the queries with their splits, and out-of-scope ones among them."""
    if options.data is None:
        return load_corpus()
    queries = read_csv(options.data, options.text_column, options.label_column)
    check_trainable(queries, options.data)
    queries = split_randomly(queries, options.seed, test=options.test is None)
    if OUT_OF_SCOPE not in {query.label for query in queries}:
        queries += background(queries, options.backbone)
    if options.test is not None:
        test = read_csv(options.test, options.text_column, options.label_column)
        queries += [replace(query, split="test", volume="test") for query in test]
    return queries


def _fit(built: Built, seed: int) -> Fitted:
    sample = np.random.default_rng(seed).permutation(len(built.training.texts))[:_PLACED]
    return fit_decision(
        built.labels,
        built.reader.read([built.training.texts[index] for index in sample]),
        built.training.columns[sample],
        built.validation_reading,
        built.validation.columns,
        built.outlier,
        SERVE_TOKENS,
    )


def _reference(model: IntentModel, queries: Sequence[Query]) -> ReferenceProfile:
    """Return what live traffic is compared with: the validation queries and what is answered to them."""
    requests = [IntentRequest.model_construct(query=each.text) for each in queries if each.split == "validation"]
    return ReferenceProfile.fit(WATCHED.all(requests, model.predict(requests)))


def _metadata(
    options: Options,
    tuning: FineTuning,
    queries: Sequence[Query],
    built: Built,
    fitted: Fitted,
    reports: Sequence[Report],
) -> dict[str, Any]:
    """Return what the store records of how the model came to be."""
    decision = {key: value for key, value in asdict(fitted.decision).items() if key != "labels"}
    return {
        "data": options.data.name if options.data else "built-in corpus",
        "data_digest": corpus_digest(queries),
        "splits": dict(Counter(query.split for query in queries)),
        "backbone": Path(options.backbone).name if Path(options.backbone).is_dir() else options.backbone,
        "french_words_added": built.french_words,
        "fine_tuning": asdict(tuning),
        "label_smoothing": LABEL_SMOOTHING,
        "validation_accuracy": {"int8": round(built.int8_accuracy, 4), "float32": round(built.float_accuracy, 4)},
        "out_of_scope": {
            "chosen": fitted.detector.method,
            **{key: round(each, 4) for key, each in fitted.compared.items()},
        },
        "decision": decision,
        "labels": list(fitted.decision.intents),
        "metrics": {report.name: report.figures() for report in reports},
    }


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
