"""Runs the intent model."""

from __future__ import annotations

import logging
from typing import Any, cast

import bentoml

from models.contract import ModelState, Refusal
from models.device import choose_device
from models.intent.contract import NAME, IntentPrediction, IntentRequest
from models.intent.watched import WATCHED
from runners.access import RunnerAccess
from runners.batch import answer_batch
from runners.placement import largest_batch
from runners.served_model import ServedModel
from runners.settings import runner_settings, served_tag
from runners.supervised import Supervised
from runners.watch import Watch

log = logging.getLogger(__name__)


@bentoml.service(name="intent_runner")
class IntentRunner(Supervised):
    """Adaptive batches of queries; int8 on a CPU, bf16 on a GPU."""

    stored = ServedModel(runner_settings().tag(NAME))

    def __init__(self) -> None:
        # Imported here: the gateway imports this module too and must not pay for the model's libraries.
        from models import store
        from models.intent.model import IntentModel

        config = runner_settings()
        device = choose_device(config.device)
        if config.device == "auto" and device == "cpu":
            log.warning("no CUDA device: the intent model runs on the CPU")
        stored = store.load(served_tag(IntentRunner, NAME))
        self.model = IntentModel.load(stored, device=device, threads=config.threads)
        self.watch = Watch(stored, WATCHED)
        self.model.predict([IntentRequest(query="warm up")])

    @bentoml.api(batchable=True, max_batch_size=largest_batch(NAME), max_latency_ms=10_000)
    def predict(self, items: list[IntentRequest]) -> list[IntentPrediction | Refusal]:
        """Return a prediction, or a refusal, for each item."""
        return answer_batch(NAME, items, self.model.predict, self.watch)

    @bentoml.api
    def describe(self) -> ModelState:
        """Return which model answers, and where."""
        return ModelState(name=NAME, version=self.model.version, device=self.model.device)


cast(Any, IntentRunner).add_asgi_middleware(RunnerAccess, model=NAME)
# Said once: BentoML otherwise works a list's media type out from its JSON schema anew at every answer.
cast(Any, IntentRunner).apis["predict"].output_spec.media_type = "application/json"
