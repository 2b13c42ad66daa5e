"""The entity model as it is served: text in, entities with values out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.calibration import platt
from models.contract import Language, ModelRef
from models.device import Device
from models.ner.contract import LABELS, NAME, Entity, NerPrediction, NerRequest
from models.ner.gazetteer import Gazetteer
from models.ner.merge import Scored, merge
from models.ner.patterns import find
from models.ner.tagging import Span, Tags
from models.ner.values.resolve import Sentence, resolve
from models.ner.words import WordReader, Words
from models.store import StoredModel
from models.text.language import detect_language
from models.text.sessions import Session, open_session, run_tokens
from models.text.softmax import log_softmax

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Decision:
    """How logits become entities; all but the labels is fitted on validation data.

    Parameters
    ----------
    labels: names of the entities.
    outside: added to the log-odds of a word being nothing; below 0 it finds more entities, and more wrong ones.
    slope, intercept: P(an entity is right) = sigmoid(slope * mean log-probability of its words' tags + intercept).
    """

    labels: tuple[str, ...]
    outside: float
    slope: float
    intercept: float

    @property
    def patterns(self) -> bool:
        """Whether recognisers and values apply: where the labels are the contract's."""
        return set(self.labels) <= set(LABELS)

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Decision:
        fields = json.loads(file.read_text(encoding="utf-8"))
        return cls(**{**fields, "labels": tuple(fields["labels"])})


@dataclass(frozen=True)
class Reading:
    """The words of a text and the network's logits for them (words, tags)."""

    words: Words
    logits: npt.NDArray[np.float64]


class Tagger:
    """Finds entities with the network alone."""

    def __init__(self, session: Session, reader: WordReader, labels: Sequence[str], outside: float = 0.0) -> None:
        self._session = session
        self._reader = reader
        self._outside = outside
        self.tags = Tags(labels)

    def deciding(self, decision: Decision) -> Tagger:
        """Return the same tagger with what was fitted."""
        return Tagger(self._session, self._reader, decision.labels, decision.outside)

    def __call__(self, texts: Sequence[str]) -> list[list[Scored]]:
        """Return the entities of each text; their scores are mean log-probabilities of their words' tags."""
        return [self.entities(reading, self._outside) for reading in self.read(texts)]

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return what the network makes of each text."""
        words = [self._reader(text) for text in texts]
        rows = [row for each in words for row in each.rows]
        outputs = iter(run_tokens(self._session, rows, self._reader.pad_id) if rows else [])
        readings: list[Reading] = []
        for each in words:
            windows = [next(outputs) for _ in each.rows]
            logits = [windows[window][place] for window, place in each.places]
            readings.append(Reading(each, np.array(logits, dtype=np.float64).reshape(-1, len(self.tags))))
        return readings

    def entities(self, reading: Reading, outside: float) -> list[Scored]:
        """Return the entities of a reading at some bias for words being nothing."""
        words = reading.words
        if not len(words.starts):
            return []
        biased = reading.logits + np.where(np.arange(len(self.tags)) == 0, outside, 0.0)
        log_probabilities = log_softmax(biased)
        tags = self.tags.best(log_probabilities)
        chosen = log_probabilities[np.arange(len(tags)), tags]
        return [
            Scored(Span(int(words.starts[first]), int(words.ends[last - 1]), label), float(chosen[first:last].mean()))
            for first, last, label in self.tags.decode(tags)
        ]


class NerModel:
    """Predicts entities. Made by `load`; `predict` takes any number of requests of any length."""

    def __init__(self, tagger: Tagger, decision: Decision, version: str, device: Device) -> None:
        self.tagger = tagger
        self.decision = decision
        self.version = version
        self.device = device

    @classmethod
    def load(cls, stored: StoredModel, device: Device = "cpu", threads: int = 1) -> NerModel:
        """Return the model of a stored folder, ready to predict."""
        return cls.open(stored.path, stored.version, device, threads)

    @classmethod
    def open(cls, folder: Path, version: str, device: Device = "cpu", threads: int = 1) -> NerModel:
        """Return the model of any folder that training wrote."""
        decision = Decision.load(folder / "decision.json")
        session = open_session(folder, device, threads, "TokenClassifier")
        reader = WordReader(folder / "tokenizer.json", Gazetteer.load(folder / "gazetteer.json.gz"))
        tagger = Tagger(session, reader, decision.labels, decision.outside)
        return cls(tagger, decision, version, device)

    def predict(self, requests: Sequence[NerRequest]) -> list[NerPrediction]:
        """Return one prediction for each request."""
        languages: list[Language] = [request.language or detect_language(request.text) for request in requests]
        entities = self.entities([request.text for request in requests], languages)
        return [
            self._prediction(request, Sentence(request.text, language, request.reference_date or _today()), found)
            for request, language, found in zip(requests, languages, entities, strict=True)
        ]

    def entities(self, texts: Sequence[str], languages: Sequence[Language]) -> list[list[Scored]]:
        """Return the entities of each text, calibrated and merged with what the patterns find."""
        decision = self.decision
        merged: list[list[Scored]] = []
        for text, language, found in zip(texts, languages, self.tagger(texts), strict=True):
            scores = platt(np.array([each.score for each in found]), decision.slope, decision.intercept)
            network = [Scored(each.span, float(score)) for each, score in zip(found, scores, strict=True)]
            merged.append(merge(network, find(text, language) if decision.patterns else []))
        return merged

    def _prediction(self, request: NerRequest, sentence: Sentence, found: Sequence[Scored]) -> NerPrediction:
        position = _utf16_positions(request.text) if request.offset_unit == "utf16" else None
        return NerPrediction(
            entities=[
                Entity(
                    text=request.text[each.span.start : each.span.end],
                    label=each.span.label,
                    start=each.span.start if position is None else int(position[each.span.start]),
                    end=each.span.end if position is None else int(position[each.span.end]),
                    score=round(min(1.0, max(0.0, each.score)), 6),
                    value=resolve(each.span.label, each.span.start, each.span.end, sentence),
                )
                for each in found
            ],
            model=ModelRef(name=NAME, version=self.version),
        )


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _utf16_positions(text: str) -> npt.NDArray[np.intp]:
    """Return the UTF-16 position of each code point, and of the end."""
    widths = [2 if ord(each) > 0xFFFF else 1 for each in text]
    return np.concatenate([[0], np.cumsum(widths)]).astype(np.intp)
