"""A runner without a model."""

from __future__ import annotations

import threading

import bentoml

from models.contract import ModelState


@bentoml.service(name="echo_runner")
class EchoRunner:
    """Answers what it is asked, and in which thread."""

    fails = 0
    """How many attempts to make one fail."""
    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        if type(self).made <= type(self).fails:
            raise OSError("no such model")
        self.go = threading.Event()
        self.go.set()

    @bentoml.api(batchable=True)
    def predict(self, items: list[str]) -> list[str]:
        if items == ["wait"]:
            self.go.clear()
        self.go.wait(30)
        return [f"{item} {threading.current_thread().name}" for item in items]

    @bentoml.api
    def describe(self) -> ModelState:
        return ModelState(name="echo", version="1", device="cpu")
