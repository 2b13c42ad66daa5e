"""The gateway: composes the runners into the typed, versioned API. No maths."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("BENTOML_CONFIG", str(Path(__file__).with_name("configuration.yaml").resolve()))
os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")

import bentoml
import structlog
from starlette.responses import Response

from models.anomaly.contract import AnomalyAnswer, AnomalyPrediction, AnomalyRequest
from models.anomaly.history import given_history, question
from models.audit import Audit
from models.credit_risk.contract import CreditRiskAnswer, CreditRiskPrediction
from models.credit_risk.policy import Policy
from models.intent.contract import IntentAnswer, IntentPrediction, IntentRequest
from models.ner.contract import NerAnswer, NerPrediction, NerRequest
from models.spending.contract import SpendingAnswer, SpendingHistory, SpendingPrediction, SpendingRequest
from models.spending.history import from_request
from models.spending.settings import SpendingSettings
from models.transactions import EraseAnswer, EraseRequest, TransactionsAnswer, TransactionsRequest
from runners.anomaly import AnomalyRunner
from runners.credit_risk import MISFIT, CreditRiskRequest, CreditRiskRunner
from runners.intent import IntentRunner
from runners.ner import NerRunner
from runners.placement import placed
from runners.release import release
from runners.settings import RunnerSettings
from runners.spending import SpendingRunner
from runners.supervised import Supervised
from serving import observe
from serving.access import Access
from serving.admission import Admission
from serving.alias import Alias
from serving.auth import ApiKey
from serving.body import JsonBody
from serving.cache import AnswerCache, CacheAway, SharedAnswers, owner_key
from serving.coalesce import Coalescer
from serving.connections import guard_connections
from serving.direct import Direct
from serving.endpoint import Endpoint
from serving.errors import STORE_UNAVAILABLE, ApiError, ErrorShape
from serving.file_answers import FileAnswers, shared_file
from serving.gateway import Gateway
from serving.health import Health, fitting
from serving.keys import intent_key, ner_key
from serving.logs import configure_logging
from serving.metrics import PLACES, STORE_CALLS, WORKERS
from serving.outcome import outcome
from serving.prediction_log import PredictionLog
from serving.request_context import request_id
from serving.routes import OPEN_PATHS, known_paths, system_routes
from serving.settings import settings, unknown_settings
from serving.spread import spread_connections
from storage.credit_decisions import decision_of
from storage.decisions import Decision
from storage.failures import StoreUnavailable
from storage.settings import StorageSettings
from storage.spending import stored_history
from storage.store import Store

ResultT = TypeVar("ResultT")

config = settings()
configure_logging(config)
shared_file()  # before any process is started, which then knows of it
guard_connections(config.timeout_s)
spread_connections()
log = structlog.get_logger(__name__)


@bentoml.service(name="ml_services", service_class=Gateway, envs=release(Path(__file__).parent))
class MLServices(Supervised):
    """Predictions for a finance application."""

    intent_runner = placed("intent", IntentRunner, config.runner_urls.get("intent"))
    ner_runner = placed("ner", NerRunner, config.runner_urls.get("ner"))
    credit_risk_runner = placed("credit_risk", CreditRiskRunner, config.runner_urls.get("credit_risk"))
    spending_runner = bentoml.depends(SpendingRunner, url=config.runner_urls.get("spending"))
    anomaly_runner = placed("anomaly", AnomalyRunner, config.runner_urls.get("anomaly"))

    def __init__(self) -> None:
        self.cache = AnswerCache(config.cache_size, config.cache_ttl_s, _shared()) if config.cache_enabled else None
        self.store = Store(StorageSettings())
        self.decisions: Coalescer[Decision, None] = Coalescer(self._append, max_calls=1, max_items=256)
        self.predictions = PredictionLog(self._keep, config.prediction_log_sample)
        self.currencies = SpendingSettings()
        self.health = Health(
            {
                "intent": lambda: self.intent_runner.to_async.describe(),
                "ner": lambda: self.ner_runner.to_async.describe(),
                "credit_risk": lambda: fitting(self.credit_risk_runner.to_async.describe(), CreditRiskRequest, MISFIT),
                "spending": lambda: self.spending_runner.to_async.describe(),
                "anomaly": lambda: self.anomaly_runner.to_async.describe(),
            }
        )
        self.intent = Endpoint(
            model="intent",
            runner=self.intent_runner,
            prediction=IntentPrediction,
            answer=IntentAnswer,
            health=self.health,
            observe=observe.intent,
            log=self.predictions,
            cache=self.cache,
            key=intent_key,
        )
        self.ner = Endpoint(
            model="ner",
            runner=self.ner_runner,
            prediction=NerPrediction,
            answer=NerAnswer,
            health=self.health,
            observe=observe.ner,
            log=self.predictions,
            cache=self.cache,
            key=ner_key,
        )
        self.credit_risk = Endpoint(
            model="credit_risk",
            runner=self.credit_risk_runner,
            prediction=CreditRiskPrediction,
            answer=CreditRiskAnswer,
            health=self.health,
            observe=observe.credit_risk,
            log=self.predictions,
            record=self._record if config.decision_log else None,
        )
        self.spending = Endpoint(
            model="spending",
            runner=self.spending_runner,
            prediction=SpendingPrediction,
            answer=SpendingAnswer,
            health=self.health,
            observe=observe.spending,
            log=self.predictions,
            cache=self.cache,
            key=SpendingHistory.key,
            owner=lambda history: history.user_id,
            calls=config.max_concurrency,  # each goes alone: a slow forecast is in nobody's way
            items=1,
        )
        self.anomaly = Endpoint(
            model="anomaly",
            runner=self.anomaly_runner,
            prediction=AnomalyPrediction,
            answer=AnomalyAnswer,
            health=self.health,
            observe=observe.anomaly,
            log=self.predictions,
        )
        SYSTEM.health = self.health

    @bentoml.api(route="/v1/predict/intent", output_spec=IntentAnswer)
    async def predict_intent(self, request: IntentRequest, /, ctx: bentoml.Context) -> IntentAnswer | Response:
        """Classify what a user asks for."""
        return await self.intent.answer(request, ctx)

    @bentoml.api(route="/v1/predict/ner", output_spec=NerAnswer)
    async def predict_ner(self, request: NerRequest, /, ctx: bentoml.Context) -> NerAnswer | Response:
        """Find entities in a text and give their normalised values."""
        return await self.ner.answer(request, ctx)

    @bentoml.api(route="/v1/predict/spending", output_spec=SpendingAnswer)
    async def predict_spending(self, request: SpendingRequest, /, ctx: bentoml.Context) -> SpendingAnswer | Response:
        """Forecast a user's monthly spending."""
        return await outcome(self._forecast(request, ctx), ctx, request.user_id)

    @bentoml.api(route="/v1/transactions", output_spec=TransactionsAnswer)
    async def store_transactions(
        self, request: TransactionsRequest, /, ctx: bentoml.Context
    ) -> TransactionsAnswer | Response:
        """Store transactions of any users: all of them, or none."""
        return await outcome(self._store(request), ctx)

    @bentoml.api(route="/v1/users/erase", output_spec=EraseAnswer)
    async def erase_user(self, request: EraseRequest, /, ctx: bentoml.Context) -> EraseAnswer | Response:
        """Delete all that is stored about a user."""
        return await outcome(self._erase(request.user_id), ctx, request.user_id)

    @bentoml.api(route="/v1/predict/credit_risk", output_spec=CreditRiskAnswer)
    async def predict_credit_risk(
        self, request: CreditRiskRequest, /, ctx: bentoml.Context
    ) -> CreditRiskAnswer | Response:
        """Tell how likely an applicant is to default, and why."""
        return await self.credit_risk.answer(request, ctx)

    @bentoml.api(route="/v1/predict/anomaly", output_spec=AnomalyAnswer)
    async def predict_anomaly(self, request: AnomalyRequest, /, ctx: bentoml.Context) -> AnomalyAnswer | Response:
        """Score a transaction against the user's own habits."""
        return await outcome(self._score(request, ctx), ctx, request.user_id)

    @bentoml.on_startup
    async def start(self) -> None:
        """Say what is unusual about the settings, and begin to watch the models."""
        sections = (type(config), RunnerSettings, Policy, SpendingSettings, StorageSettings)
        for sentence in unknown_settings({name for section in sections for name in section.model_fields}):
            log.warning("unknown setting", detail=sentence)
        if not config.api_keys:
            log.warning("no ML_API_KEYS: every caller is let in")
        try:
            await self.store.open()
        except StoreUnavailable as failure:
            log.error("the store cannot be opened; each call that needs it tries anew", reason=failure.reason)
        await self.health.settle()
        self.health.start()
        WORKERS.set(1)
        PLACES.set(config.max_concurrency)

    @bentoml.on_shutdown
    async def stop(self) -> None:
        """Let go of what is open."""
        await self.health.stop()
        await self.predictions.written()
        await self.store.close()
        if self.cache is not None:
            await self.cache.close()

    async def _store(self, request: TransactionsRequest) -> TransactionsAnswer:
        done = await _asked("upsert", self.store.upsert(request.transactions))
        return TransactionsAnswer(stored=done.stored, duplicates=done.duplicates)

    async def _forecast(self, request: SpendingRequest, context: bentoml.Context) -> SpendingAnswer | Response:
        today = dt.datetime.now(dt.UTC).date()
        if request.history is not None:
            history = from_request(request, today, self.currencies.currency)
        else:
            found = await _asked("read", stored_history(self.store, request, today, self.currencies))
            if found is None:
                raise ApiError(404, "Nothing is stored about this user.")
            history = found
        return await self.spending.answer(history, context)

    async def _score(self, request: AnomalyRequest, context: bentoml.Context) -> AnomalyAnswer | Response:
        if request.history is not None:
            history = given_history(request)
        else:
            history = await _asked("read", self.store.recent_habits(request.user_id, request.transaction.timestamp))
        return await self.anomaly.answer(question(request, history), context)

    async def _erase(self, user_id: str) -> EraseAnswer:
        # Before, so that nothing is erased while the cache cannot be; after, for what was computed in between.
        await self._forget(user_id)
        await self.predictions.written()
        erased = await _asked("erase", self.store.erase(user_id))
        await self._forget(user_id)
        return EraseAnswer(erased=erased)

    async def _forget(self, user_id: str) -> None:
        if self.cache is None:
            return
        try:
            await self.cache.forget(owner_key(user_id))
        except CacheAway as error:
            raise ApiError(503, kind=STORE_UNAVAILABLE) from error

    async def _record(self, request: CreditRiskRequest, answer: CreditRiskAnswer) -> None:
        """Keep a credit decision: one that cannot be explained later is not given."""
        await self.decisions.ask(decision_of(request, answer, request_id()))

    async def _append(self, decisions: list[Decision]) -> list[None]:
        await _asked("decision", self.store.append_decisions(decisions))
        return [None] * len(decisions)

    async def _keep(self, predictions: list[Audit]) -> None:
        await _asked("prediction", self.store.append_predictions(predictions))

    async def __is_ready__(self) -> bool:
        return self.health.ready


def _shared() -> SharedAnswers:
    """Return the place where all gateways find each other's answers."""
    if config.redis_url is not None:
        from serving.redis_answers import RedisAnswers  # whose library every process would load at its start

        return RedisAnswers(config.redis_url.get_secret_value(), config.cache_ttl_s)
    return FileAnswers(shared_file(), config.cache_size, config.cache_ttl_s)


async def _asked(operation: str, call: Awaitable[ResultT]) -> ResultT:
    """Return what the store answers, or raise the error that its failure stands for."""
    try:
        result = await call
    except StoreUnavailable as failure:
        STORE_CALLS.labels(operation, failure.reason).inc()
        log.warning("store failed", operation=operation, reason=failure.reason)
        retry = {"retry-after": str(failure.retry_after_s)}
        raise ApiError(503, headers=retry, kind=STORE_UNAVAILABLE) from failure
    STORE_CALLS.labels(operation, "ok").inc()
    return result


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
gateway.add_asgi_middleware(Direct, service=gateway)
