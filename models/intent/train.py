"""Train the intent model: fine-tune, export, calibrate, measure, save."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from rich.console import Console
from rich.markdown import Markdown
from torch import Tensor, nn

from models import store
from models.intent.background import background
from models.intent.card import summary_of, write_card
from models.intent.contract import NAME, OUT_OF_SCOPE
from models.intent.dataset import (
    DataError,
    Query,
    check_trainable,
    corpus_digest,
    load_corpus,
    read_csv,
    split_randomly,
)
from models.intent.evaluate import Report, evaluate
from models.intent.fit import fit_decision
from models.intent.model import IntentModel, Reader
from models.options import option
from models.store import StoredModel
from models.text.backbone import DEFAULT_BACKBONE, load_encoder, save_tokenizer
from models.text.finetune import FineTuning, finetune
from models.text.network import TextClassifier
from models.text.ngrams import NgramModel
from models.text.onnx_export import export_onnx, quantise_int8
from models.text.sessions import OnnxSession, run_rows
from models.text.tokenizer import TextTokenizer
from models.text.vocabulary import add_french

_TRAIN_TOKENS = 48
_SERVE_TOKENS = 256
_LABEL_SMOOTHING = 0.1
_ALLOWED_LOSS = 0.005
_PLACED = 4000
"""Training queries that class means and neighbours are taken from: more change little and take minutes."""


class QuantisationLoss(RuntimeError):
    """The int8 graph is so much worse than the float network that it must not be saved."""


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
    with tempfile.TemporaryDirectory(prefix="intent-") as scratch:
        folder = Path(scratch)
        queries, reports, metadata = _train_into(folder, queries, options)
        write_card(folder, queries, reports, metadata)
        labels = {"data": "built-in" if options.data is None else "custom", "backbone": Path(options.backbone).name}
        return store.save(NAME, lambda target: _copy(folder, target), metadata, labels)


def _queries(options: Options) -> list[Query]:
    if options.data is None:
        return load_corpus()
    queries = read_csv(options.data, options.text_column, options.label_column)
    check_trainable(queries, options.data)
    queries = split_randomly(queries, options.seed, test=options.test is None)
    if options.test is not None:
        test = read_csv(options.test, options.text_column, options.label_column)
        queries += [replace(query, split="test", volume="test") for query in test]
    return queries


def _train_into(
    folder: Path, queries: list[Query], options: Options
) -> tuple[list[Query], list[Report], dict[str, Any]]:
    torch.manual_seed(options.seed)
    save_tokenizer(options.backbone, folder)
    if OUT_OF_SCOPE not in {query.label for query in queries if query.split != "test"}:
        tokenizer = TextTokenizer(folder / "tokenizer.json", _TRAIN_TOKENS)
        queries = [*queries, *background(queries, load_encoder(options.backbone), tokenizer)]
    labels = tuple(sorted({query.label for query in queries if query.split == "train"}))
    network = TextClassifier(options.backbone, len(labels))
    french = sum(query.language == "fr" for query in queries) > 0.05 * len(queries)
    added = add_french(network.encoder, folder / "tokenizer.json") if french else 0
    training = [query for query in queries if query.split == "train"]
    validation = [query for query in queries if query.split == "validation" and query.label in labels]
    epochs = options.epochs if options.epochs is not None else 2.0 if options.data is None else 8.0
    tuning = FineTuning(
        epochs=epochs, batch_size=options.batch_size, learning_rate=options.learning_rate, seed=options.seed
    )
    columns = _columns(training, labels)
    _finetune(network, training, columns, TextTokenizer(folder / "tokenizer.json", _TRAIN_TOKENS), tuning)
    network.save(folder)
    export_onnx(network, folder / "model.onnx", ("logits", "embedding"))
    quantise_int8(folder / "model.onnx", folder / "model.int8.onnx")
    ngrams = NgramModel.fit([query.text for query in training], columns)
    ngrams.save(folder)

    tokenizer = TextTokenizer(folder / "tokenizer.json", _SERVE_TOKENS)
    session = OnnxSession(folder / "model.int8.onnx", threads=0)
    reader = Reader(session, tokenizer, ngrams)
    reading = reader.read([query.text for query in validation])
    truth = _columns(validation, labels)
    int8 = _accuracy(reading.logits, truth)
    float32 = _float_accuracy(folder, tokenizer, validation, truth)
    if float32 - int8 > _ALLOWED_LOSS:
        raise QuantisationLoss(f"int8 accuracy {int8:.4f} on validation data, float32 {float32:.4f}: not saved")
    (folder / "model.onnx").unlink()

    outlier = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else -1
    sample = np.random.default_rng(options.seed).permutation(len(training))[:_PLACED]
    placed = reader.read([training[index].text for index in sample])
    fitted = fit_decision(labels, placed, columns[sample], reading, truth, outlier, _SERVE_TOKENS)
    fitted.decision.save(folder / "decision.json")
    fitted.detector.save(folder / "out_of_scope.npz")
    model = IntentModel(reader, fitted.decision, fitted.detector, version="new", device="cpu")
    reports = _reports(model, queries)
    baseline = _ngrams_alone(model, queries)
    metadata: dict[str, Any] = {
        "data": str(options.data.name) if options.data else "built-in corpus",
        "data_digest": corpus_digest(queries),
        "splits": dict(Counter(query.split for query in queries)),
        "backbone": options.backbone if not Path(options.backbone).is_dir() else Path(options.backbone).name,
        "french_words_added": added,
        "fine_tuning": asdict(tuning),
        "label_smoothing": _LABEL_SMOOTHING,
        "validation_accuracy": {"int8": round(int8, 4), "float32": round(float32, 4)},
        "out_of_scope": {
            "chosen": fitted.detector.method,
            **{key: round(value, 4) for key, value in fitted.compared.items()},
        },
        "decision": {key: value for key, value in asdict(fitted.decision).items() if key != "labels"},
        "labels": list(fitted.decision.intents),
        "metrics": {report.name: report.figures() for report in reports},
        "ngram_baseline": baseline,
    }
    return queries, reports, metadata


def _finetune(
    network: TextClassifier,
    training: Sequence[Query],
    columns: npt.NDArray[np.intp],
    tokenizer: TextTokenizer,
    tuning: FineTuning,
) -> None:
    targets = torch.from_numpy(columns)
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=_LABEL_SMOOTHING)

    def loss(outputs: tuple[Tensor, ...], batch: list[int]) -> Tensor:
        result: Tensor = cross_entropy(outputs[0], targets[batch].to(outputs[0].device))
        return result

    rows = tokenizer([query.text for query in training])
    finetune(network, rows, tokenizer.pad_id, loss, tuning, network.encoder.get_input_embeddings())


def _float_accuracy(
    folder: Path, tokenizer: TextTokenizer, queries: Sequence[Query], truth: npt.NDArray[np.intp]
) -> float:
    session = OnnxSession(folder / "model.onnx", threads=0)
    logits = run_rows(session, tokenizer([query.text for query in queries]), tokenizer.pad_id)[0]
    return _accuracy(logits, truth)


def _accuracy(logits: npt.NDArray[np.floating], truth: npt.NDArray[np.intp]) -> float:
    return float((logits.argmax(1) == truth).mean())


def _reports(model: IntentModel, queries: Sequence[Query]) -> list[Report]:
    """Return reports on all test data, then by language, then by volume and language."""
    test = [query for query in queries if query.split == "test"]
    languages = sorted({query.language for query in test})
    groups: list[tuple[str, list[Query]]] = [("all", test)]
    if len(languages) > 1:
        groups += [(language, [query for query in test if query.language == language]) for language in languages]
    volumes = sorted({query.volume for query in test})
    if len(volumes) > 1:
        groups += [
            (f"{volume} {language}", [query for query in test if (query.volume, query.language) == (volume, language)])
            for volume in volumes
            for language in languages
        ]
    return [evaluate(model, group, name) for name, group in groups if len(group) >= 20]


def _ngrams_alone(model: IntentModel, queries: Sequence[Query]) -> float:
    """Return the in-scope test accuracy of the n-gram model alone: the plain baseline."""
    test = [query for query in queries if query.split == "test" and query.label != OUT_OF_SCOPE]
    if not test:
        return float("nan")
    reading = model.reader.read([query.text for query in test])
    answer = [model.decision.labels[column] for column in reading.ngrams.argmax(1)]
    return round(float(np.mean([got == query.label for got, query in zip(answer, test, strict=True)])), 4)


def _columns(queries: Sequence[Query], labels: tuple[str, ...]) -> npt.NDArray[np.intp]:
    column = {label: index for index, label in enumerate(labels)}
    return np.array([column[query.label] for query in queries], dtype=np.intp)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
