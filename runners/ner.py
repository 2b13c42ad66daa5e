"""Runs the entity model."""

from __future__ import annotations

import logging
from typing import Any, cast

import bentoml

from models.contract import ModelState, Refusal
from models.device import choose_device
from models.ner.contract import NAME, NerPrediction, NerRequest
from models.ner.watched import WATCHED
from runners.access import RunnerAccess
from runners.batch import answer_batch
from runners.placement import largest_batch
from runners.served_model import ServedModel
from runners.settings import runner_settings, served_tag
from runners.supervised import Supervised
from runners.watch import Watch

log = logging.getLogger(__name__)


@bentoml.service(name="ner_runner")
class NerRunner(Supervised):
    """Adaptive batches of texts; int8 on a CPU, bf16 on a GPU."""

    stored = ServedModel(runner_settings().tag(NAME))

    def __init__(self) -> None:
        # Imported here: the gateway imports this module too and must not pay for the model's libraries.
        from models import store
        from models.ner.model import NerModel

        config = runner_settings()
        device = choose_device(config.device)
        if config.device == "auto" and device == "cpu":
            log.warning("no CUDA device: the entity model runs on the CPU")
        stored = store.load(served_tag(NerRunner, NAME))
        self.model = NerModel.load(stored, device=device, threads=config.threads)
        self.watch = Watch(stored, WATCHED)
        self.model.predict([NerRequest(text="Send 50 euros to Paul tomorrow")])

    @bentoml.api(batchable=True, max_batch_size=largest_batch(NAME), max_latency_ms=10_000)
    def predict(self, items: list[NerRequest]) -> list[NerPrediction | Refusal]:
        """Return a prediction, or a refusal, for each item."""
        return answer_batch(NAME, items, self.model.predict, self.watch)

    @bentoml.api
    def describe(self) -> ModelState:
        """Return which model answers, and where."""
        return ModelState(name=NAME, version=self.model.version, device=self.model.device)


cast(Any, NerRunner).add_asgi_middleware(RunnerAccess, model=NAME)
# Said once: BentoML otherwise works a list's media type out from its JSON schema anew at every answer.
cast(Any, NerRunner).apis["predict"].output_spec.media_type = "application/json"
