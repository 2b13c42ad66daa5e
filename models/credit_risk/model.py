"""The credit risk model as it is served: applications in, calibrated probability, decision and reasons out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.contract import ModelRef
from models.credit_risk.additive import AdditiveModel
from models.credit_risk.contract import (
    DEMONSTRATION,
    NAME,
    CreditRiskPrediction,
    CreditRiskRequest,
    Reason,
)
from models.credit_risk.curve import Curve
from models.credit_risk.dataset import values_of
from models.credit_risk.grid import Floats
from models.credit_risk.policy import Policy, score_of
from models.credit_risk.reasons import Reasons
from models.credit_risk.specification import FILE, Specification, load_specification
from models.device import Device
from models.sigmoid import sigmoid
from models.store import StoredModel

_DIGITS = 6


@dataclass(frozen=True)
class Output:
    """What stands beside the tables of a model.

    Parameters
    ----------
    curve: follows the log-odds. usual: the median of each input. demonstration: whether the data were generated.
    """

    curve: Curve
    usual: tuple[float, ...]
    demonstration: bool

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Output:
        fields = json.loads(file.read_text(encoding="utf-8"))
        curve = Curve(tuple(fields["curve"]["given"]), tuple(fields["curve"]["taken"]))
        return cls(curve, tuple(fields["usual"]), bool(fields["demonstration"]))


class CreditRiskModel:
    """Predicts default. Made by `load`; `predict` takes any number of requests.

    Each number of an answer depends on its own application alone, to the last digit.
    """

    device: Device = "cpu"

    def __init__(self, specification: Specification, additive: AdditiveModel, output: Output, version: str) -> None:
        self.specification = specification
        self.additive = additive
        self.version = version
        self._output = output
        self._reasons = Reasons(specification.inputs, np.array(output.usual))

    @classmethod
    def load(cls, stored: StoredModel) -> CreditRiskModel:
        """Return the model of a stored folder, ready to predict."""
        return cls.open(stored.path, stored.version)

    @classmethod
    def open(cls, folder: Path, version: str, additive: str = "served.npz") -> CreditRiskModel:
        """Return the model of any folder that training wrote."""
        return cls(
            load_specification(folder / FILE),
            AdditiveModel.load(folder / additive),
            Output.load(folder / "output.json"),
            version,
        )

    @property
    def notice(self) -> str | None:
        """The warning that goes with every answer of a demonstration model."""
        return DEMONSTRATION if self._output.demonstration else None

    def predict(self, requests: Sequence[CreditRiskRequest], policy: Policy) -> list[CreditRiskPrediction]:
        """Return one prediction for each request."""
        if not requests:
            return []
        values = values_of(requests, self.specification)
        reference, cutoffs = ModelRef(name=NAME, version=self.version), policy.cutoffs
        return [
            CreditRiskPrediction(
                probability_of_default=probability,
                score=score_of(probability),
                band=policy.band(probability),
                decision=policy.decision(probability),
                cutoffs=cutoffs,
                reasons=reasons,
                notice=self.notice,
                model=reference,
            )
            for probability, reasons in zip(
                self.probabilities(values).tolist(),
                self.reasons(values),
                strict=True,
            )
        ]

    def probabilities(self, values: Floats) -> Floats:
        """Return calibrated probabilities of default (n,) of (n, inputs) values, to six digits."""
        probabilities: Floats = sigmoid(self.log_odds(values)).round(_DIGITS)
        return probabilities

    def reasons(self, values: Floats) -> list[list[Reason]]:
        """Return what counts against each of (n, inputs) values."""
        return self._reasons.of(values, self.additive.contributions(values))

    def log_odds(self, values: Floats) -> Floats:
        """Return calibrated log-odds of default (n,) of (n, inputs) values."""
        return self._output.curve.apply(self.additive.log_odds(values))
