"""The gateway: composes the runners into the typed, versioned API. No maths."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("BENTOML_CONFIG", str(Path(__file__).with_name("configuration.yaml").resolve()))
os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")

import bentoml
import structlog
from starlette.responses import Response

from models.intent.contract import IntentAnswer, IntentPrediction, IntentRequest
from models.spending.contract import SpendingAnswer, SpendingHistory, SpendingPrediction, SpendingRequest
from models.spending.history import from_request
from models.text.normalise import normalise
from runners.intent import IntentRunner
from runners.settings import RunnerSettings
from runners.spending import SpendingRunner
from serving.access import Access
from serving.admission import Admission
from serving.alias import Alias
from serving.auth import ApiKey
from serving.body import JsonBody
from serving.cache import AnswerCache, open_redis
from serving.endpoint import Endpoint
from serving.errors import ErrorShape
from serving.health import Health
from serving.logs import configure_logging
from serving.metrics import CONFIDENCE, PREDICTIONS
from serving.routes import OPEN_PATHS, known_paths, system_routes
from serving.settings import settings, unknown_settings

config = settings()
configure_logging(config)
log = structlog.get_logger(__name__)


@bentoml.service(name="ml_services")
class MLServices:
    """Predictions for a finance application."""

    intent_runner = bentoml.depends(IntentRunner, url=config.runner_urls.get("intent"))
    spending_runner = bentoml.depends(SpendingRunner, url=config.runner_urls.get("spending"))

    def __init__(self) -> None:
        redis = open_redis(config.redis_url.get_secret_value()) if config.redis_url else None
        self.cache = AnswerCache(config.cache_size, config.cache_ttl_s, redis) if config.cache_enabled else None
        self.health = Health(
            {
                "intent": lambda: self.intent_runner.to_async.describe(),
                "spending": lambda: self.spending_runner.to_async.describe(),
            }
        )
        self.intent = Endpoint(
            model="intent",
            runner=self.intent_runner,
            prediction=IntentPrediction,
            answer=IntentAnswer,
            health=self.health,
            observe=_observe_intent,
            cache=self.cache,
            key=lambda request: (normalise(request.query), request.language, request.top_k),
        )
        self.spending = Endpoint(
            model="spending",
            runner=self.spending_runner,
            prediction=SpendingPrediction,
            answer=SpendingAnswer,
            health=self.health,
            observe=_observe_spending,
            cache=self.cache,
            key=SpendingHistory.key,
            calls=config.max_concurrency,  # each goes alone: a slow forecast is in nobody's way
            items=1,
        )
        SYSTEM.health = self.health

    @bentoml.api(route="/v1/predict/intent", output_spec=IntentAnswer)
    async def predict_intent(self, request: IntentRequest, /, ctx: bentoml.Context) -> IntentAnswer | Response:
        """Classify what a user asks for."""
        return await self.intent.answer(request, ctx)

    @bentoml.api(route="/v1/predict/spending", output_spec=SpendingAnswer)
    async def predict_spending(self, request: SpendingRequest, /, ctx: bentoml.Context) -> SpendingAnswer | Response:
        """Forecast a user's monthly spending."""
        history = from_request(request, datetime.now(UTC).date(), config.currency)
        return await self.spending.answer(history, ctx)

    @bentoml.on_startup
    async def start(self) -> None:
        """Say what is unusual about the settings, and begin to watch the models."""
        for sentence in unknown_settings({*type(config).model_fields, *RunnerSettings.model_fields}):
            log.warning("unknown setting", detail=sentence)
        if not config.api_keys:
            log.warning("no ML_API_KEYS: every caller is let in")
        self.health.start()

    @bentoml.on_shutdown
    async def stop(self) -> None:
        """Let go of what is open."""
        await self.health.stop()
        if self.cache is not None:
            await self.cache.close()

    async def __is_ready__(self) -> bool:
        return self.health.ready


def _observe_intent(prediction: IntentPrediction) -> None:
    CONFIDENCE.labels("intent").observe(prediction.confidence)
    PREDICTIONS.labels("intent", "in_scope" if prediction.in_scope else "out_of_scope").inc()


def _observe_spending(prediction: SpendingPrediction) -> None:
    PREDICTIONS.labels("spending", prediction.trend).inc()


gateway: Any = MLServices  # the decorator made a BentoML service of it, which its type does not say
SYSTEM = system_routes(gateway)
gateway.mount_asgi_app(SYSTEM.app, path="/")
# Outermost first.
gateway.add_asgi_middleware(Access, routes=known_paths(gateway))
gateway.add_asgi_middleware(ErrorShape)
gateway.add_asgi_middleware(Alias)
gateway.add_asgi_middleware(ApiKey, keys=config.api_keys, open_paths=OPEN_PATHS)
gateway.add_asgi_middleware(JsonBody, max_bytes=config.max_body_bytes, timeout_s=config.timeout_s)
gateway.add_asgi_middleware(
    Admission, max_concurrency=config.max_concurrency, timeout_s=config.timeout_s, open_paths=OPEN_PATHS
)
