"""From labelled queries to a folder of files that read texts: network, int8 graph, tokenizer, n-gram model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from models.intent.contract import OUT_OF_SCOPE
from models.intent.dataset import Query
from models.intent.model import Reader, Reading, blend
from models.text.backbone import save_tokenizer
from models.text.checkpoint import Checkpoint
from models.text.finetune import FineTuning, finetune
from models.text.network import TextClassifier
from models.text.ngrams import NgramModel
from models.text.onnx_export import export_onnx
from models.text.quantise import quantise_checked
from models.text.sessions import OnnxSession
from models.text.tokenizer import TextTokenizer
from models.text.vocabulary import add_french

TRAIN_TOKENS = 48
SERVE_TOKENS = 256
LABEL_SMOOTHING = 0.1
_USUAL_SHARE = 0.4


@dataclass(frozen=True)
class Labelled:
    """Queries of one split, and the column of each one's label."""

    texts: list[str]
    columns: npt.NDArray[np.intp]


@dataclass(frozen=True)
class Built:
    """What was built: the int8 reader, the labels of its columns, what it reads in the validation data and how well."""

    reader: Reader
    labels: tuple[str, ...]
    training: Labelled
    validation: Labelled
    validation_reading: Reading
    french_words: int
    int8_accuracy: float
    float_accuracy: float
    checkpoint: Checkpoint

    @property
    def outlier(self) -> int:
        """Column of the out-of-scope class, -1 without one."""
        return self.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.labels else -1


def build(folder: Path, queries: Sequence[Query], backbone: str, tuning: FineTuning) -> Built:
    """Train on the training queries and write everything but the decision to `folder`.

    Raises `QuantisationLoss` when int8 accuracy on validation data is more than 0.5 points below float.
    """
    torch.manual_seed(tuning.seed)
    labels = tuple(sorted({query.label for query in queries if query.split == "train"}))
    training, validation = (_labelled(queries, split, labels) for split in ("train", "validation"))
    save_tokenizer(backbone, folder)
    network = TextClassifier(backbone, len(labels))
    french = sum(query.language == "fr" for query in queries) > 0.05 * len(queries)
    french_words = add_french(network.encoder, folder / "tokenizer.json") if french else 0
    checkpoint = _train(network, training, TextTokenizer(folder / "tokenizer.json", TRAIN_TOKENS), tuning)
    network.save(folder)
    export_onnx(network, folder / "model.onnx")
    ngrams = NgramModel.fit(training.texts, training.columns)
    ngrams.save(folder)

    tokenizer = TextTokenizer(folder / "tokenizer.json", SERVE_TOKENS)
    readings: list[Reading] = []

    def accuracy(graph: Path) -> float:
        readings.append(Reader(OnnxSession(graph, threads=0), tokenizer, ngrams).read(validation.texts))
        return _accuracy(readings[-1], validation)

    n_layers = int(network.encoder.config.num_hidden_layers)
    measured = quantise_checked(folder, n_layers, tokenizer(training.texts), accuracy, "accuracy")
    reader = Reader(OnnxSession(folder / "model.int8.onnx", threads=0), tokenizer, ngrams)
    return Built(
        reader, labels, training, validation, readings[-1], french_words, measured.int8, measured.float32, checkpoint
    )


def _labelled(queries: Sequence[Query], split: str, labels: tuple[str, ...]) -> Labelled:
    column = {label: index for index, label in enumerate(labels)}
    chosen = [query for query in queries if query.split == split and query.label in column]
    return Labelled(
        [query.text for query in chosen], np.array([column[query.label] for query in chosen], dtype=np.intp)
    )


def _train(network: TextClassifier, training: Labelled, tokenizer: TextTokenizer, tuning: FineTuning) -> Checkpoint:
    targets = torch.from_numpy(training.columns)
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)

    def loss(outputs: tuple[Tensor, ...], batch: list[int]) -> Tensor:
        result: Tensor = cross_entropy(outputs[0], targets[batch].to(outputs[0].device))
        return result

    rows = tokenizer(training.texts)
    wanted = training.columns.tobytes()
    words = network.encoder.get_input_embeddings()
    return finetune(network, rows, tokenizer.pad_id, loss, tuning, wanted, words, tokenizer.unknown_id)


def _accuracy(reading: Reading, labelled: Labelled) -> float:
    """Return accuracy as it is served, network and n-gram model together, at a common share."""
    return float((blend(reading, _USUAL_SHARE).argmax(1) == labelled.columns).mean())
