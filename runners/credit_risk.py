"""Runs the credit risk model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import bentoml

from models import store
from models.contract import ModelState, Refusal, form_of
from models.credit_risk.contract import NAME, CreditRiskPrediction, request_type
from models.credit_risk.policy import policy
from models.credit_risk.specification import DEFAULT, FILE, Specification, load_specification
from models.credit_risk.watched import WATCHED
from runners.access import RunnerAccess
from runners.batch import answer_batch
from runners.served_model import ServedModel
from runners.settings import packed_tag, runner_settings, served_tag
from runners.supervised import Supervised
from runners.watch import Watch

log = logging.getLogger(__name__)


MISFIT = (
    "the credit risk runner reads other fields than this gateway; start both from the same model, or give the gateway"
    " the features.yaml of the runner's model as ML_CREDIT_FEATURES"
)
"""Told where the two, on different machines, were not deployed together."""


def served_specification() -> Specification:
    """Return the specification of the model that is served: the type of the API's requests.

    Known before the service exists, for BentoML reads the types when it imports it. A gateway whose store lacks the
    model, because the runner lives elsewhere, is told by `ML_CREDIT_FEATURES`; the default is the last resort, and that
    of a damaged model: its own endpoint says so, and the others go on.
    """
    chosen = runner_settings().credit_features
    if chosen is not None:
        return load_specification(chosen)
    try:
        return load_specification(store.load(packed_tag(NAME)).path / FILE)
    except (store.ModelMissing, store.ModelDamaged):
        return load_specification(DEFAULT)


if TYPE_CHECKING:
    from models.credit_risk.contract import CreditRiskRequest as CreditRiskRequest
else:
    CreditRiskRequest = request_type(served_specification(), __name__)


@bentoml.service(name="credit_risk_runner")
class CreditRiskRunner(Supervised):
    """Adaptive batches of applications, on a CPU."""

    stored = ServedModel(runner_settings().tag(NAME))

    def __init__(self) -> None:
        from models.credit_risk.model import CreditRiskModel

        stored = store.load(served_tag(CreditRiskRunner, NAME))
        self.model = CreditRiskModel.load(stored)
        self.watch = Watch(stored, WATCHED)
        self.policy = policy()

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=10_000)
    def predict(self, items: list[CreditRiskRequest]) -> list[CreditRiskPrediction | Refusal]:
        """Return a prediction, or a refusal, for each item."""
        return answer_batch(NAME, items, lambda some: self.model.predict(some, self.policy), self.watch)

    @bentoml.api
    def describe(self) -> ModelState:
        """Return which model answers, and where."""
        reads = form_of(CreditRiskRequest)
        return ModelState(name=NAME, version=self.model.version, device=self.model.device, reads=reads)


cast(Any, CreditRiskRunner).add_asgi_middleware(RunnerAccess, model=NAME)
# Said once: BentoML otherwise works a list's media type out from its JSON schema anew at every answer.
cast(Any, CreditRiskRunner).apis["predict"].output_spec.media_type = "application/json"
