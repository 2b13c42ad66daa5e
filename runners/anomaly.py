"""Runs the anomaly model."""

from __future__ import annotations

from typing import Any, cast

import bentoml

from models.anomaly.contract import NAME, AnomalyPrediction, AnomalyQuestion
from models.anomaly.watched import WATCHED
from models.contract import ModelState, Refusal
from runners.access import RunnerAccess
from runners.batch import answer_batch
from runners.served_model import ServedModel
from runners.settings import runner_settings, served_tag
from runners.supervised import Supervised
from runners.watch import Watch


@bentoml.service(name="anomaly_runner")
class AnomalyRunner(Supervised):
    """Adaptive batches of transactions, each with its history, on a CPU."""

    stored = ServedModel(runner_settings().tag(NAME))

    def __init__(self) -> None:
        # Imported here: the gateway imports this module too and must not pay for the model's libraries.
        from models import store
        from models.anomaly.model import AnomalyModel

        found = store.load(served_tag(AnomalyRunner, NAME))
        self.model = AnomalyModel.load(found, alert_rate=runner_settings().anomaly_alert_rate)
        self.watch = Watch(found, WATCHED)
        self.model.warm_up()

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=10_000)
    def predict(self, items: list[AnomalyQuestion]) -> list[AnomalyPrediction | Refusal]:
        """Return a prediction, or a refusal, for each item."""
        return answer_batch(NAME, items, self.model.predict, self.watch)

    @bentoml.api
    def describe(self) -> ModelState:
        """Return which model answers, and where."""
        return ModelState(name=NAME, version=self.model.version, device="cpu")


cast(Any, AnomalyRunner).add_asgi_middleware(RunnerAccess, model=NAME)
# Said once: BentoML otherwise works a list's media type out from its JSON schema anew at every answer.
cast(Any, AnomalyRunner).apis["predict"].output_spec.media_type = "application/json"
