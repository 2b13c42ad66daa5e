"""The intent model as it is served: text in, calibrated intent out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.calibration import platt
from models.contract import ModelRef
from models.device import Device
from models.intent.contract import NAME, OUT_OF_SCOPE, IntentPrediction, IntentRequest, IntentScore
from models.intent.out_of_scope import OutOfScope
from models.store import StoredModel
from models.text.language import detect_language
from models.text.ngrams import NgramModel
from models.text.normalise import normalise
from models.text.sessions import Session, open_session, run_rows
from models.text.softmax import log_softmax, softmax
from models.text.tokenizer import TextTokenizer

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Decision:
    """How logits become an answer; everything here is fitted on validation data.

    Parameters
    ----------
    labels: names of the logits' columns.
    blend: share of the n-gram model in the mean of log-probabilities; the network has the rest.
    temperature: divides the in-scope log-probabilities.
    slope, intercept: P(out of scope) = sigmoid(slope * score + intercept).
    threshold: a query with a higher P(out of scope) is out of scope.
    max_length: tokens read of a query.
    """

    labels: tuple[str, ...]
    blend: float
    temperature: float
    slope: float
    intercept: float
    threshold: float
    max_length: int

    @property
    def outlier(self) -> int:
        """Column of the out-of-scope class, -1 without one."""
        return self.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.labels else -1

    @property
    def intents(self) -> tuple[str, ...]:
        """Names of the in-scope columns."""
        return tuple(label for label in self.labels if label != OUT_OF_SCOPE)

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Decision:
        fields = json.loads(file.read_text(encoding="utf-8"))
        return cls(**{**fields, "labels": tuple(fields["labels"])})


@dataclass(frozen=True)
class Reading:
    """What network and n-gram model make of n texts: logits, embeddings (n, hidden), log-probabilities (n, labels)."""

    logits: Floats
    embeddings: Floats
    ngrams: Floats


class Reader:
    """Reads texts with the network and the n-gram model."""

    def __init__(self, session: Session, tokenizer: TextTokenizer, ngrams: NgramModel) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._ngrams = ngrams

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the reading of normalised texts, in their order."""
        logits, embeddings = run_rows(self._session, self._tokenizer(texts), self._tokenizer.pad_id)
        return Reading(logits, embeddings, self._ngrams.log_probabilities(texts))


@dataclass(frozen=True)
class Probabilities:
    """P(out of scope) (n,) and P(intent) (n, intents); the rows of the two sum to one."""

    out_of_scope: Floats
    intents: Floats


class IntentModel:
    """Predicts intents. Made by `load`; `predict` takes any number of requests of any length."""

    def __init__(self, reader: Reader, decision: Decision, detector: OutOfScope, version: str, device: Device) -> None:
        self.reader = reader
        self._detector = detector
        self.decision = decision
        self.version = version
        self.device = device

    @classmethod
    def load(cls, stored: StoredModel, device: Device = "cpu", threads: int = 1) -> IntentModel:
        """Return the model of a stored folder, ready to predict."""
        return cls.open(stored.path, stored.version, device, threads)

    @classmethod
    def open(cls, folder: Path, version: str, device: Device = "cpu", threads: int = 1) -> IntentModel:
        """Return the model of any folder that training wrote."""
        decision = Decision.load(folder / "decision.json")
        tokenizer = TextTokenizer(folder / "tokenizer.json", decision.max_length)
        reader = Reader(open_session(folder, device, threads), tokenizer, NgramModel.load(folder))
        return cls(reader, decision, OutOfScope.load(folder / "out_of_scope.npz"), version, device)

    def predict(self, requests: Sequence[IntentRequest]) -> list[IntentPrediction]:
        """Return one prediction for each request."""
        if not requests:
            return []
        texts = [normalise(request.query) for request in requests]
        probabilities = self.probabilities(texts)
        return [
            self._prediction(request, text, float(outside), inside)
            for request, text, outside, inside in zip(
                requests, texts, probabilities.out_of_scope, probabilities.intents, strict=True
            )
        ]

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return calibrated probabilities for normalised texts."""
        return self.decide(self.reader.read(texts))

    def decide(self, reading: Reading) -> Probabilities:
        """Return calibrated probabilities for a reading."""
        return decide(reading, self._detector, self.decision)

    def _prediction(self, request: IntentRequest, text: str, outside: float, inside: Floats) -> IntentPrediction:
        best = np.argsort(-inside, kind="stable")
        in_scope = outside <= self.decision.threshold
        others = best[1:] if in_scope else best
        return IntentPrediction(
            intent=self.decision.intents[best[0]] if in_scope else OUT_OF_SCOPE,
            confidence=_rounded(inside[best[0]] if in_scope else outside),
            alternatives=[
                IntentScore(intent=self.decision.intents[index], confidence=_rounded(inside[index]))
                for index in others[: request.top_k]
            ],
            in_scope=in_scope,
            language=request.language or detect_language(text),
            model=ModelRef(name=NAME, version=self.version),
        )


def blend(reading: Reading, share: float) -> Floats:
    """Return (n, labels) means of the log-probabilities of both models, the n-gram model's weighing `share`."""
    mean: Floats = (1 - share) * log_softmax(reading.logits) + share * reading.ngrams
    return mean


def decide(reading: Reading, detector: OutOfScope, decision: Decision) -> Probabilities:
    """Return calibrated probabilities for a reading."""
    blended = blend(reading, decision.blend)
    outside = platt(detector.score(reading.logits, blended, reading.embeddings), decision.slope, decision.intercept)
    inside = np.delete(blended, decision.outlier, axis=1) if decision.outlier >= 0 else blended
    return Probabilities(outside, softmax(inside / decision.temperature) * (1 - outside)[:, None])


def _rounded(probability: float) -> float:
    return round(min(1.0, max(0.0, float(probability))), 6)
