"""The anomaly model as it is served: a transaction and its history in, score and reasons out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np

from models.anomaly.asked import familiar_to, ledger_of
from models.anomaly.contract import NAME, AnomalyPrediction, AnomalyQuestion, AnomalyReason, Severity
from models.anomaly.contributions import MOST_SHARED, contributions
from models.anomaly.derived import Derived
from models.anomaly.features import FEATURES, Features, compute_features
from models.anomaly.history import pack
from models.anomaly.ledger import Bools, Floats, Ints, Ledger
from models.anomaly.population import Population
from models.anomaly.reasons import GROUPS, Transaction, message
from models.anomaly.scoring import Scorer, rounded, threshold
from models.contract import ModelRef
from models.store import StoredModel
from models.transactions import Transaction as TransactionRequest

MOST_REASONS = 5
_STANDS_OUT = 3.9
"""Surprise, in nats, of what 1 in 50 ordinary transactions reaches."""
_MEDIUM, _HIGH = 5.0, 50.0
"""How many times rarer than the alert rate a transaction is whose severity is so."""
_GROUPS = tuple(tuple(FEATURES.index(name) for name in group) for group in GROUPS)


@dataclass(frozen=True)
class Scored:
    """Scores (n,) of transactions, and what they come from."""

    score: Floats
    features: Features
    scorer: Scorer

    @cached_property
    def surprises(self) -> Floats:
        """By feature (n, features); of all at once, for who asks for one asks for the others too."""
        return self.scorer.surprises(self.features.strange)


class AnomalyModel:
    """Scores transactions. Made by `load`; `predict` takes any number of questions."""

    def __init__(self, population: Population, scorer: Scorer, version: str, alert_rate: float) -> None:
        self.population = population
        self.scorer = scorer
        self.version = version
        self.alert_rate = alert_rate
        self.threshold = threshold(alert_rate)

    @classmethod
    def load(cls, stored: StoredModel, alert_rate: float = 0.005) -> AnomalyModel:
        """Return the model of a stored folder, ready to predict.

        alert_rate: share of ordinary transactions that may be called anomalies.
        """
        return cls.open(stored.path, stored.version, alert_rate)

    @classmethod
    def open(cls, folder: Path, version: str, alert_rate: float = 0.005) -> AnomalyModel:
        """Return the model of any folder that training wrote."""
        return cls(Population.load(folder / "population.json"), Scorer.load(folder / "scorer.npz"), version, alert_rate)

    def warm_up(self) -> None:
        """Answer once, so that the first caller does not wait for what is done once."""
        payment = TransactionRequest(amount=Decimal(-1), currency="EUR", timestamp=datetime(2026, 1, 1, tzinfo=UTC))
        self.predict([AnomalyQuestion(user_id="-", transaction=payment, history=pack([]))])

    def predict(self, questions: Sequence[AnomalyQuestion]) -> list[AnomalyPrediction]:
        """Return one prediction for each question."""
        if not questions:
            return []
        ledger = ledger_of(questions)
        rows = np.flatnonzero(np.diff(ledger.user, append=-1))
        scored = self.score(ledger, rows, familiar=familiar_to(questions))
        return [self.prediction(ledger, row, scored, number) for number, row in enumerate(rows.tolist())]

    def score(
        self,
        ledger: Ledger,
        rows: Ints | None = None,
        derived: Derived | None = None,
        familiar: Bools | None = None,
    ) -> Scored:
        """Return the scores of some rows of a ledger, ascending, or of all; each by what is dated before it.

        familiar: (rows, fields) which values the users had before, as far as more is known than the ledger tells.
        """
        features = compute_features(ledger, self.population, rows, derived, familiar)
        return Scored(self.scorer.score(features.strange, features.history), features, self.scorer)

    def prediction(self, ledger: Ledger, row: int, scored: Scored, number: int) -> AnomalyPrediction:
        """Return what there is to say of the `number`-th scored transaction, which stands in `row` of the ledger."""
        score = rounded(scored.score[number])
        return AnomalyPrediction(
            is_anomaly=score > self.threshold,
            score=score,
            threshold=self.threshold,
            severity=self._severity(score),
            reasons=self._reasons(ledger, row, scored, number),
            history_size=int(scored.features.history[number]),
            model=ModelRef(name=NAME, version=self.version),
        )

    def _severity(self, score: float) -> Severity:
        if score <= self.threshold:
            return "none"
        if score <= threshold(self.alert_rate / _MEDIUM):
            return "low"
        return "medium" if score <= threshold(self.alert_rate / _HIGH) else "high"

    def _reasons(self, ledger: Ledger, row: int, scored: Scored, number: int) -> list[AnomalyReason]:
        """Return what stands out, by what it adds to the score; of an anomaly at least what is strangest."""
        strange, history = scored.features.strange[number], int(scored.features.history[number])
        surprise = scored.surprises[number].tolist()
        strongest = [max(group, key=surprise.__getitem__) for group in _GROUPS]
        places = sorted(range(len(_GROUPS)), key=lambda place: -surprise[strongest[place]])
        out = [place for place in places if surprise[strongest[place]] >= _STANDS_OUT]
        if not out and scored.score[number] <= self.threshold:
            return []
        out = (out or [place for place in places if strange[strongest[place]] > 0])[:MOST_SHARED]
        shares = contributions(self.scorer, strange, history, [np.array(_GROUPS[place]) for place in out])
        about = Transaction(ledger, row, scored.features, number, self.population)
        found = []
        for each in np.argsort(-shares, kind="stable")[:MOST_REASONS].tolist():
            code = FEATURES[strongest[out[each]]]
            contribution = rounded(shares[each])
            if contribution > 0:
                found.append(AnomalyReason(code=code, message=message(code, about), contribution=contribution))
        return found
