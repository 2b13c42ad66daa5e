"""A runner in the gateway's own process, in a thread."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from _bentoml_sdk.service.dependency import Dependency

from models.contract import ModelState
from runners.access import tell_embedded
from runners.collection import nothing_collected

log = logging.getLogger(__name__)

_LOADING = threading.Lock()
"""Models are loaded one after the other: together they take as long, and import the same libraries."""
_TURN_S = 0.001
"""How long a thread may keep Python to itself when another wants it.

The event loop lets go at each send and waits for its turn again: with Python's own 5 ms, some callers that were refused
waited for 100 ms while models computed.
"""
_REST_S = 10.0
"""Between two attempts to load a model, as BentoML leaves between two starts of a process."""


class RunnerMissing(ConnectionError):
    """The runner could not be made, and it is too early to try again."""


class Embedded(Dependency[Any]):
    """A dependency on a runner of this process.

    BentoML counts what has an address as started by somebody else, and starts no process for it; the models that the
    runner names are in the Bento all the same.
    """

    def __init__(self, on: Any, model: str) -> None:
        super().__init__(on, url="embedded")
        self._model = model

    def get(self) -> EmbeddedRunner:
        """Return the runner; only the processes that answer calls do this."""
        return EmbeddedRunner(self.on, self._model)


class EmbeddedRunner:
    """The face of a runner that a proxy has too: what its callers see is the same.

    One call at a time, in one thread, in which the model is loaded as well: meanwhile the gateway answers. `describe`
    waits its turn behind the calls, so that a model that hangs is found out.

    Parameters
    ----------
    runner: the BentoML service. model: name of its model. max_calls, max_items: short calls, for here a call costs
        little and an item waits for all that go with it.
    """

    def __init__(self, runner: Any, model: str, max_calls: int = 1, max_items: int = 16) -> None:
        self.max_calls = max_calls
        self.max_items = max_items
        self._runner = runner
        self._model = model
        self._instance: Any = None
        self._failed_at: float | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=runner.name)
        self._thread.submit(self._load)
        sys.setswitchinterval(_TURN_S)

    @property
    def to_async(self) -> EmbeddedRunner:
        return self

    async def predict(self, items: list[Any]) -> list[Any]:
        """Return what the runner makes of `items`."""
        started = time.perf_counter()
        predictions: list[Any] = await self._call("predict", items)
        tell_embedded(self._model, started)
        return predictions

    async def describe(self) -> ModelState:
        """Return what the runner says of itself."""
        state: ModelState = await self._call("describe")
        return state

    async def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _call(self, method: str, *arguments: Any) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._thread, self._work, method, *arguments)

    def _work(self, method: str, *arguments: Any) -> Any:
        if self._instance is None:
            self._load()
        if self._instance is None:
            raise RunnerMissing
        return getattr(self._instance, method).local(*arguments)

    def _load(self) -> None:
        if self._failed_at is not None and time.monotonic() - self._failed_at < _REST_S:
            return
        try:
            with _LOADING, nothing_collected():
                self._instance = self._runner()
        except Exception as error:
            self._failed_at = time.monotonic()
            # No caller has said anything yet: the message holds nothing of theirs.
            log.error("the model of %s cannot be loaded: %s", self._runner.name, error, exc_info=error)
