"""Runs the spending model, in processes."""

from __future__ import annotations

import asyncio
import logging
import os
from concurrent.futures.process import BrokenProcessPool
from typing import Any, cast

import bentoml

from models.contract import ModelState, Refusal
from models.spending.contract import NAME, SpendingHistory, SpendingPrediction
from models.spending.watched import WATCHED
from runners.access import RunnerAccess
from runners.batch import BATCH_SIZE, refuse
from runners.ending import told_to_end
from runners.served_model import ServedModel
from runners.settings import runner_settings, served_tag
from runners.supervised import Supervised
from runners.watch import Watch

log = logging.getLogger(__name__)

_WARM_UP = SpendingHistory(user_id="-", currency="EUR", start=660, amounts=(1.0, 2.0, 3.0) * 12, months=12)


@bentoml.service(name="spending_runner")
class SpendingRunner(Supervised):
    """One history a process; a slow or fatal one is in nobody's way."""

    stored = ServedModel(runner_settings().tag(NAME))

    def __init__(self) -> None:
        # Imported here: the gateway imports this module too and must not pay for the model's libraries.
        from models import store
        from runners import forecasting
        from runners.processes import Processes

        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # processes are the only parallelism here
            os.environ.setdefault(variable, "1")
        config = runner_settings()
        found = store.load(served_tag(SpendingRunner, NAME))
        self._version = found.version
        self._watch = Watch(found, WATCHED)
        self._processes: Processes[SpendingHistory, SpendingPrediction] = Processes(
            config.forecast_processes,
            config.forecast_timeout_s,
            forecasting.start,
            (str(found.path), found.version),
            forecasting.forecast,
        )
        with told_to_end() as told:
            try:
                self._processes.warm_up(_WARM_UP)
            except BrokenProcessPool:
                if not told():  # else the processes were told so, too
                    raise

    @bentoml.api
    async def predict(self, items: list[SpendingHistory]) -> list[SpendingPrediction | Refusal]:
        """Return a prediction, or a refusal, for each item."""
        BATCH_SIZE.labels(NAME).observe(len(items))
        answers = list(await asyncio.gather(*(self._predict(item) for item in items)))
        self._watch.add(items, answers)
        return answers

    @bentoml.api
    async def describe(self) -> ModelState:
        """Return which model answers, and where."""
        return ModelState(name=NAME, version=self._version, device="cpu")

    @bentoml.on_shutdown
    def stop(self) -> None:
        """End the processes."""
        self._processes.close()

    async def _predict(self, item: SpendingHistory) -> SpendingPrediction | Refusal:
        from runners.processes import Overdue

        try:
            return await self._processes.run(item)
        except TimeoutError as error:
            return refuse(NAME, error, code="timeout", message="The forecast took too long.")
        except Overdue as error:
            return refuse(NAME, error, code="overloaded", message="Too many forecasts at once; try again shortly.")
        except Exception as error:
            return refuse(NAME, error)


cast(Any, SpendingRunner).add_asgi_middleware(RunnerAccess, model=NAME)
