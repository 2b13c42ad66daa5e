"""Where a runner runs: in the gateway's process, in one of its own, or elsewhere."""

from __future__ import annotations

from typing import Any

import bentoml

from models.device import cuda_visible
from runners.embedded import Embedded
from runners.settings import runner_settings

_FOR_DEVICES = frozenset({"intent", "ner"})
"""Models that run on a CUDA device where there is one."""


def placed(model: str, runner: Any, url: str | None = None) -> Any:
    """Return the dependency on `runner`, for the gateway's class.

    What it gives is called alike wherever the runner is; a runner with a `url` is somebody else's to start.
    """
    if url is None and embedded(model):
        return Embedded(runner, model)
    return bentoml.depends(runner, url=url)


def largest_batch(model: str) -> int:
    """Return how many items the runner of `model` is given at once; a card does many in little more than one's time."""
    return 256 if model in _FOR_DEVICES and _on_a_card() else 64


def embedded(model: str) -> bool:
    """Say whether the runner of `model` works in the gateway's process.

    By default a model that runs on the CPU does: a call to another process costs more than most predictions. A device
    has one owner, whom every gateway asks, so that its batches are those of all callers.
    """
    config = runner_settings()
    for placed_model, where in config.placement.items():
        if placed_model == model:
            return where == "embedded"
    return model not in _FOR_DEVICES or not _on_a_card()


def _on_a_card() -> bool:
    """Say whether models run on a CUDA device; one that is wanted and not there fails where the model is loaded."""
    choice = runner_settings().device
    return choice == "cuda" or (choice == "auto" and cuda_visible())
