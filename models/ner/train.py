"""Train the entity model: build it, fit its scores, measure it, save it with its card."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from models import store
from models.data_file import DataError
from models.drift.profile import ReferenceProfile
from models.ner.build import Built, Recipe, build
from models.ner.card import summary_of, write_card
from models.ner.contract import NAME, NerRequest
from models.ner.dataset import Sentence, check_trainable, corpus_digest, load_corpus, read_sentences, split_randomly
from models.ner.evaluate import Report, find_entities, report_groups
from models.ner.fit import fit_decision
from models.ner.model import NerModel
from models.ner.watched import WATCHED
from models.options import OptionError, option
from models.store import StoredModel
from models.text.backbone import DEFAULT_BACKBONE
from models.text.finetune import FineTuning
from models.text.quantise import QuantisationLoss


@dataclass(frozen=True)
class Options:
    """What to train on and how."""

    data: Path | None = option(None, "JSON lines with offsets or CoNLL (BIO); the built-in corpus when left out")
    validation: Path | None = option(None, "file to choose and calibrate by; a part of the data when left out")
    test: Path | None = option(None, "file to report on; a part of the data when left out")
    backbone: str = option(DEFAULT_BACKBONE, "encoder: folder or Hugging Face id")
    epochs: float | None = option(None, "passes over the data; when left out 1 for the built-in corpus, else 4")
    copies: int | None = option(None, "variants made of each sentence; when left out 4 for the built-in corpus, else 1")
    learning_rate: float | None = option(
        None, "peak learning rate of the encoder; when left out 2e-4 for the built-in corpus, else 1e-4"
    )
    runs: int | None = option(
        None, "trainings whose weights are averaged; when left out 1 for the built-in corpus, else 3"
    )
    batch_size: int | None = option(None, "sentences in a step; when left out 32 for the built-in corpus, else 16")
    seed: int = option(0, "the same seed and data give the same model")

    def __post_init__(self) -> None:
        if self.epochs is not None and not 0 < self.epochs < 1e6:
            raise OptionError("--epochs must be above 0 and below a million")
        if self.copies is not None and not 1 <= self.copies <= 100:
            raise OptionError("--copies must be 1 to 100")
        if self.runs is not None and not 1 <= self.runs <= 100:
            raise OptionError("--runs must be 1 to 100")
        if self.learning_rate is not None and not 0 < self.learning_rate < 1:
            raise OptionError("--learning-rate must be above 0 and below 1")
        if self.batch_size is not None and self.batch_size < 1:
            raise OptionError("--batch-size must be at least 1")
        if self.seed < 0:
            raise OptionError("--seed must not be negative")


_BUILT_IN = Recipe(FineTuning(epochs=1, batch_size=32, learning_rate=2e-4), copies=4, label_smoothing=0.05)
_CUSTOM = Recipe(FineTuning(epochs=4, batch_size=16, learning_rate=1e-4, dropout=0.1), runs=3)
"""Gentler and slower: data of unknown size and cleanness, and nobody waits for the first start."""

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
    """Train and save a version of the entity model.

    Raises
    ------
    DataError: naming file and line of what is wrong with the data.
    QuantisationLoss: int8 F1 on validation data is more than 0.5 points below float.
    """
    sentences = _sentences(options)
    own = options.data is None
    recipe = _recipe(options, _BUILT_IN if own else _CUSTOM)
    with tempfile.TemporaryDirectory(prefix="ner-") as scratch:
        folder = Path(scratch)
        built = build(folder, sentences, options.backbone, recipe)
        decision = fit_decision(built.tagger, _of("validation", sentences))
        decision.save(folder / "decision.json")
        model = NerModel(built.tagger.deciding(decision), decision, version="new", device="cpu")
        _reference(model, _of("validation", sentences)).save(folder)
        reports = report_groups(find_entities(model, _of("test", sentences)))
        metadata = _metadata(options, recipe, sentences, built, reports)
        metadata["score"] = {
            "slope": round(decision.slope, 4),
            "intercept": round(decision.intercept, 4),
            "outside": decision.outside,
        }
        metadata["unseen_names"] = unseen_names(sentences)
        write_card(folder, reports, metadata)
        labels = {"data": "built-in" if own else "custom", "backbone": Path(options.backbone).name}
        stored = store.save(NAME, lambda target: _copy(folder, target), metadata, labels)
        for each in built.checkpoints:
            each.remove()
        return stored


def _recipe(options: Options, usual: Recipe) -> Recipe:
    """Return the usual recipe with what the user wants otherwise."""
    tuning = replace(
        usual.tuning,
        seed=options.seed,
        epochs=options.epochs or usual.tuning.epochs,
        batch_size=options.batch_size or usual.tuning.batch_size,
        learning_rate=options.learning_rate or usual.tuning.learning_rate,
    )
    return replace(usual, tuning=tuning, copies=options.copies or usual.copies, runs=options.runs or usual.runs)


def _reference(model: NerModel, sentences: Sequence[Sentence]) -> ReferenceProfile:
    """Return what live traffic is compared with: some sentences and what is found in them."""
    requests = [NerRequest.model_construct(text=each.text) for each in sentences]
    return ReferenceProfile.fit(WATCHED.all(requests, model.predict(requests)))


def unseen_names(sentences: Sequence[Sentence]) -> dict[str, float]:
    """Return, by label, the share of names in the test sentences that are in no training sentence."""
    shares: dict[str, float] = {}
    for label in ("MERCHANT", "PERSON", "LOCATION"):
        known = {name.lower() for name in _names(_of("train", sentences), label)}
        names = _names(_of("test", sentences), label)
        if names:
            shares[label] = round(sum(name.lower() not in known for name in names) / len(names), 4)
    return shares


def _names(sentences: Sequence[Sentence], label: str) -> list[str]:
    return [each.text[span.start : span.end] for each in sentences for span in each.spans if span.label == label]


def _of(split: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    return [each for each in sentences if each.split == split]


def _sentences(options: Options) -> list[Sentence]:
    """Return the sentences with their splits."""
    if options.data is None:
        return load_corpus()
    sentences = read_sentences(options.data)
    check_trainable(sentences, options.data)
    if options.validation is None:
        sentences = split_randomly(sentences, options.seed, test=options.test is None)
    else:
        sentences += [replace(each, split="validation") for each in read_sentences(options.validation)]
    if options.test is not None:
        sentences += [replace(each, split="test") for each in read_sentences(options.test)]
    return sentences


def _metadata(
    options: Options,
    recipe: Recipe,
    sentences: Sequence[Sentence],
    built: Built,
    reports: Sequence[Report],
) -> dict[str, Any]:
    """Return what the store records of how the model came to be."""
    return {
        "data": options.data.name if options.data else "built-in corpus",
        "data_digest": corpus_digest(sentences),
        "splits": dict(Counter(each.split for each in sentences)),
        "backbone": Path(options.backbone).name if Path(options.backbone).is_dir() else options.backbone,
        "french_words_added": built.french_words,
        "fine_tuning": {**asdict(recipe.tuning), "copies": recipe.copies, "runs": recipe.runs},
        "label_smoothing": recipe.label_smoothing,
        "validation_f1": {"int8": round(built.f1.int8, 4), "float32": round(built.f1.float32, 4)},
        "labels": list(built.labels),
        "metrics": {report.name: report.figures() for report in reports},
    }


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
