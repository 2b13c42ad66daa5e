"""What one would write without this project: FastAPI, one model a process, one prediction a request."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from fastapi import FastAPI
from uuid_utils import uuid7

from models.intent.contract import IntentAnswer, IntentPrediction, IntentRequest

Predict = Callable[[Sequence[IntentRequest]], list[IntentPrediction]]
ROUTE = "/v1/predict/intent"


def plain_api(predict: Predict) -> FastAPI:
    """Return an application with the contract of the real intent endpoint, without what surrounds it.

    No batches, logs, metrics, keys, deadline or limit on callers: less work a request than the real service does.
    """
    predict([IntentRequest(query="warm up")])
    app = FastAPI()

    # Not `async`: FastAPI then runs it in its thread pool, and the event loop stays free to read and write.
    @app.post(ROUTE)
    def predict_intent(request: IntentRequest) -> IntentAnswer:
        return IntentAnswer(**dict(predict([request])[0]), prediction_id=str(uuid7()))

    @app.get("/readyz")
    async def ready() -> int:
        # Workers share one socket; their ids tell the benchmark when all of them answer.
        return os.getpid()

    return app
