"""What one would write without this project: FastAPI, one model a process, one prediction a request."""

from __future__ import annotations

import os
from typing import Any

from fastapi import FastAPI
from uuid_utils import uuid7

from benchmarks.subject import Predict, subject


def plain_api(predict: Predict) -> FastAPI:
    """Return an application with the contract of the real endpoint, without what surrounds it.

    No batches, logs, metrics, keys, deadline or limit on callers: less work a request than the real service does.
    """
    served = subject()
    predict([served.request(**{served.field: "warm up"})])
    app = FastAPI()

    # Not `async`: FastAPI then runs it in its thread pool, and the event loop stays free to read and write.
    def answer(request: Any) -> Any:
        return served.answer(**dict(predict([request])[0]), prediction_id=str(uuid7()))

    answer.__annotations__ = {"request": served.request, "return": served.answer}
    app.post(served.route)(answer)

    @app.get("/readyz")
    async def ready() -> int:
        # Workers share one socket; their ids tell the benchmark when all of them answer.
        return os.getpid()

    return app
