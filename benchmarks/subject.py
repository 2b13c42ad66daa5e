"""The two models that are measured behind each service, and how each is opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models import store
from models.intent.contract import IntentAnswer, IntentRequest
from models.ner.contract import NerAnswer, NerRequest
from runners.settings import runner_settings

VARIABLE = "BENCHMARK_MODEL"
Predict = Callable[[Sequence[Any]], list[Any]]


@dataclass(frozen=True)
class Subject:
    """A model, the field of its requests that holds the text, and its types."""

    name: str
    field: str
    request: type[Any]
    answer: type[Any]

    @property
    def route(self) -> str:
        return f"/v1/predict/{self.name}"

    def open(self) -> Predict:
        """Return what predicts with the int8 graph, the very object of our runner, warm."""
        config = runner_settings()
        stored = store.load(config.tag(self.name))
        if self.name == "intent":
            from models.intent.model import IntentModel as Model
        else:
            from models.ner.model import NerModel as Model  # type: ignore[assignment]
        predict: Predict = Model.load(stored, device="cpu", threads=config.threads).predict
        predict([self.request(**{self.field: "Send 50 euros to Paul tomorrow"})])
        return predict


SUBJECTS = {
    each.name: each
    for each in (Subject("intent", "query", IntentRequest, IntentAnswer), Subject("ner", "text", NerRequest, NerAnswer))
}


def subject() -> Subject:
    """Return the subject of this process."""
    return SUBJECTS[os.environ.get(VARIABLE, "intent")]
