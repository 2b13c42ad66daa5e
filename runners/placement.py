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


def embedded(model: str) -> bool:
    """Say whether the runner of `model` works in the gateway's process.

    By default a model that runs on the CPU does: a call to another process costs more than most predictions. A device
    has one owner, whom every gateway asks, so that its batches are those of all callers.
    """
    config = runner_settings()
    for placed_model, where in config.placement.items():
        if placed_model == model:
            return where == "embedded"
    return model not in _FOR_DEVICES or config.device == "cpu" or (config.device == "auto" and not cuda_visible())
