"""What state the models are in: asked every so often, told on `/health`, `/readyz` and `/metrics`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from pydantic import BaseModel

from models.contract import ModelState, form_of
from serving.metrics import MODEL_INFO, MODEL_READY

log = structlog.get_logger(__name__)

Status = Literal["ok", "degraded", "down"]
ModelStatus = Literal["starting", "ready", "down"]
_PERIOD_S = 2.0
_PATIENCE_S = 1.5
_MISSES = 2
"""Checks that a model may miss before it is down: one can be late on a busy machine."""
_SETTLE_S = 60.0
"""Models are loaded in a tenth of that; who hangs is replaced in the meantime."""


class Misfit(Exception):
    """A runner answers, but not to this gateway's requests; the sentence says what to do."""

    def __init__(self, state: ModelState, sentence: str) -> None:
        self.state = state
        super().__init__(sentence)


async def fitting(state: Awaitable[ModelState], requests: type[BaseModel], remedy: str) -> ModelState:
    """Return the state of a runner that reads `requests`.

    Raises
    ------
    Misfit: it reads others.
    """
    seen = await state
    if seen.reads not in (None, form_of(requests)):
        raise Misfit(seen, remedy)
    return seen


@dataclass
class _Watched:
    describe: Callable[[], Awaitable[ModelState]]
    state: ModelStatus = "starting"
    seen: ModelState | None = None
    misses: int = 0
    answered_at: float = 0.0
    late: bool = False


class Health:
    """Watches one runner a model.

    The service becomes ready when every model has answered once. From then on one model that is down makes it
    `degraded`, for the others go on answering; it is `down`, and not ready, when none answers.
    """

    def __init__(self, models: Mapping[str, Callable[[], Awaitable[ModelState]]]) -> None:
        self._models = {name: _Watched(describe) for name, describe in models.items()}
        self._started = time.monotonic()
        self._complete = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch, in the running event loop."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._watch())

    async def settle(self) -> None:
        """Return once every model has answered, but for those that fail at once.

        A process that takes calls while its models are being loaded would refuse them, and another may be there to take
        them. One that is late may be loading; one that fails is somebody else's to bring back.
        """
        until = time.monotonic() + _SETTLE_S
        while time.monotonic() < until:
            await self.check()
            if not any(watched.seen is None and watched.late for watched in self._models.values()):
                return

    async def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def check(self) -> None:
        """Ask every model once."""
        await asyncio.gather(*(self._check(name, watched) for name, watched in self._models.items()))
        self._complete = self._complete or all(watched.seen is not None for watched in self._models.values())

    def version(self, model: str) -> str | None:
        """Return the version of `model` that answered last, None before it first did."""
        seen = self._models[model].seen
        return seen.version if seen else None

    def available(self, model: str) -> bool:
        """Say whether it makes sense to ask `model`; its callers are refused at once when not."""
        return self._models[model].state == "ready"

    def answered(self, model: str) -> None:
        """Note that `model` made a prediction: it lives, however late it is with its state."""
        watched = self._models[model]
        watched.answered_at, watched.misses = time.monotonic(), 0

    @property
    def ready(self) -> bool:
        return self._complete and self.status != "down"

    @property
    def status(self) -> Status:
        up = [watched.state == "ready" for watched in self._models.values()]
        return "ok" if all(up) else "degraded" if any(up) else "down"

    def report(self) -> dict[str, Any]:
        """Return the body of `GET /health`."""
        return {
            "status": self.status,
            "uptime_s": round(time.monotonic() - self._started, 1),
            "models": [
                {
                    "name": name,
                    "version": watched.seen.version if watched.seen else None,
                    "device": watched.seen.device if watched.seen else None,
                    "state": watched.state,
                }
                for name, watched in self._models.items()
            ],
        }

    async def _watch(self) -> None:
        while True:
            await self.check()
            await asyncio.sleep(_PERIOD_S if self._complete else 0.25)

    async def _check(self, name: str, watched: _Watched) -> None:
        before, began = watched.state, time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                seen = await watched.describe()
        except Misfit as misfit:
            watched.state, watched.seen = "down", misfit.state
            if watched.state != before:
                log.error("model cannot be used", model=name, version=misfit.state.version, reason=str(misfit))
        except Exception as error:  # whatever went wrong, the model does not answer
            watched.late = isinstance(error, TimeoutError)
            watched.misses = 0 if watched.answered_at >= began else watched.misses + 1
            if watched.seen and watched.misses >= _MISSES:
                watched.state = "down"
            if watched.state != before:
                log.error("model is down", model=name, error=type(error).__name__)
        else:
            watched.state, watched.misses = "ready", 0
            if watched.seen != seen:
                if watched.seen:
                    MODEL_INFO.labels(name, watched.seen.version, watched.seen.device).set(0)
                MODEL_INFO.labels(name, seen.version, seen.device).set(1)
            watched.seen = seen
            if before != "ready":
                log.info("model is ready", model=name, version=seen.version, device=seen.device)
        MODEL_READY.labels(name).set(watched.state == "ready")
