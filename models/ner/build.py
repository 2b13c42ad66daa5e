"""From labelled sentences to a folder of files that find entities: network, int8 graph, tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.ner.augment import variants
from models.ner.contract import LABELS
from models.ner.dataset import Sentence, label_counts
from models.ner.evaluate import Found, micro_f1
from models.ner.gazetteer import FAMILY_NAME, FIRST_NAME, MERCHANT, PLACE, Gazetteer
from models.ner.model import Tagger
from models.ner.names import all_names
from models.ner.tagging import Tags
from models.ner.words import WordReader, split_symbols
from models.text.averaging import averaged
from models.text.backbone import save_tokenizer
from models.text.checkpoint import Checkpoint
from models.text.finetune import FineTuning, finetune
from models.text.network import TokenClassifier
from models.text.onnx_export import export_onnx
from models.text.quantise import Quantised, quantise_checked
from models.text.sessions import OnnxSession
from models.text.tokenizer import TokenIds
from models.text.vocabulary import add_french

_IGNORED = -100
_FORGOTTEN = 0.4
"""Share of known names that training does not mark: those that people will use are on no list."""


@dataclass(frozen=True)
class Built:
    """What was built: the int8 tagger, its labels, F1 of both graphs on validation data."""

    tagger: Tagger
    labels: tuple[str, ...]
    french_words: int
    f1: Quantised
    checkpoints: Sequence[Checkpoint]


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Parameters
    ----------
    copies: how many variants of each sentence are trained on, itself included; 1 to train on it alone.
    runs: trainings from the same start, in other orders, whose weights are averaged.
    """

    tuning: FineTuning
    copies: int = 1
    runs: int = 1
    label_smoothing: float = 0.0


def build(folder: Path, sentences: Sequence[Sentence], backbone: str, recipe: Recipe) -> Built:
    """Train on the training sentences and write everything but the decision to `folder`.

    Raises
    ------
    QuantisationLoss: int8 F1 on validation data is more than 0.5 points below float.
    """
    torch.manual_seed(recipe.tuning.seed)
    training = [each for each in sentences if each.split == "train"]
    labels = tuple(sorted(label_counts(training)))
    save_tokenizer(backbone, folder)
    split_symbols(folder / "tokenizer.json")
    network = TokenClassifier(backbone, len(Tags(labels)))
    french = sum(each.language == "fr" for each in sentences) > 0.05 * len(sentences)
    french_words = add_french(network.encoder, folder / "tokenizer.json") if french else 0
    # Lists of a finance application's names mislead on other labels: measured in README.md.
    gazetteer = known_names() if set(labels) <= set(LABELS) else Gazetteer({})
    gazetteer.save(folder / "gazetteer.json.gz")
    reader = WordReader(folder / "tokenizer.json", gazetteer)
    variations = variants(training, recipe.copies, recipe.tuning.seed)
    checkpoints = _train(network, variations, reader, Tags(labels), recipe)
    network.save(folder)
    export_onnx(network, folder / "model.onnx")

    validation = [each for each in sentences if each.split == "validation"]

    def f1(graph: Path) -> float:
        tagger = Tagger(OnnxSession(graph, threads=0), reader, labels)
        found = tagger([each.text for each in validation])
        return micro_f1([Found(each, tuple(spans)) for each, spans in zip(validation, found, strict=True)])

    n_layers = int(network.encoder.config.num_hidden_layers)
    rows = [row for each in training for row in reader(each.text).rows]
    measured = quantise_checked(folder, n_layers, rows, f1, "F1")
    tagger = Tagger(OnnxSession(folder / "model.int8.onnx", threads=0), reader, labels)
    return Built(tagger, labels, french_words, measured, checkpoints)


def known_names() -> Gazetteer:
    """Return the gazetteer of all names there are."""
    names = all_names()
    return Gazetteer.of(
        ((FIRST_NAME, names.first), (FAMILY_NAME, names.family), (PLACE, names.places), (MERCHANT, names.merchants))
    )


def _train(
    network: TokenClassifier, sentences: Sequence[Sentence], reader: WordReader, tags: Tags, recipe: Recipe
) -> Sequence[Checkpoint]:
    rows: list[TokenIds] = []
    targets: list[TokenIds] = []
    generator = np.random.default_rng(recipe.tuning.seed)
    for sentence in sentences:
        words = reader(sentence.text)
        wanted = tags.encode(words.starts, words.ends, sentence.spans)
        for window, row in enumerate(words.rows):
            target = np.full(row.shape[1], _IGNORED, dtype=np.int64)
            here = words.places[:, 0] == window
            target[words.places[here, 1]] = wanted[here]
            rows.append(_forgetful(row, generator))
            targets.append(target)
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=recipe.label_smoothing, ignore_index=_IGNORED)

    def loss(outputs: tuple[Tensor, ...], batch: list[int]) -> Tensor:
        logits = outputs[0]
        wanted = np.full(logits.shape[:2], _IGNORED, dtype=np.int64)
        for place, index in enumerate(batch):
            wanted[place, : len(targets[index])] = targets[index]
        result: Tensor = cross_entropy(logits.flatten(0, 1), torch.from_numpy(wanted).flatten().to(logits.device))
        return result

    tagged = b"".join(target.tobytes() for target in targets)
    words = network.encoder.get_input_embeddings()

    def once(number: int) -> Checkpoint:
        tuning = replace(recipe.tuning, seed=recipe.tuning.seed + number)
        return finetune(network, rows, reader.pad_id, loss, tuning, tagged, words)

    return averaged(network, once, recipe.runs)


def _forgetful(row: TokenIds, generator: np.random.Generator) -> TokenIds:
    """Return a row with the hint at some known names left out, so that the network learns to do without."""
    hints = row[2]
    runs = np.cumsum(np.diff(hints, prepend=0) != 0)
    kept = generator.random(runs[-1] + 1) >= _FORGOTTEN
    return np.stack([row[0], row[1], hints * kept[runs]])
