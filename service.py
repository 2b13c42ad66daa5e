"""The gateway: composes the runners into the typed, versioned API. No maths."""

from __future__ import annotations

import datetime as dt
import gc
import os
from functools import partial
from pathlib import Path
from typing import Any

gc.disable()  # until all is imported, for nothing of it is garbage; looking for some is a tenth of the start
os.environ.setdefault("BENTOML_CONFIG", str(Path(__file__).with_name("configuration.yaml").resolve()))
os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")

import bentoml
import structlog
from starlette.responses import Response

from models.anomaly.contract import AnomalyAnswer, AnomalyPrediction, AnomalyRequest
from models.anomaly.history import given_past, question
from models.contract import Unavailable
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
from serving.coalesce import Coalescer
from serving.connections import guard_connections
from serving.decision_log import DecisionLog
from serving.direct import Direct
from serving.endpoint import Endpoint
from serving.erasure import Erasure
from serving.errors import ApiError, ErrorShape
from serving.file_answers import shared_file
from serving.gateway import Gateway
from serving.health import Health, fitting
from serving.kept_answers import answer_cache
from serving.keys import intent_key, ner_key
from serving.logs import configure_logging
from serving.metrics import PLACES, WORKERS
from serving.outcome import outcome
from serving.prediction_log import PredictionLog
from serving.routes import OPEN_PATHS, known_paths, system_routes
from serving.settings import settings, unknown_settings
from serving.spread import spread_connections
from serving.stored import stored
from storage.settings import StorageSettings

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
        # Imported here: the processes of runners import this file too and must not pay for the store's libraries.
        from storage.credit_decisions import decision_of
        from storage.spending import stored_history
        from storage.store import Store

        self.store = Store(StorageSettings())
        self.history = stored("read", stored_history)
        # Read together, they reach the model together: of four at once it makes less work than of four in a row.
        self.habits = Coalescer(stored("read", self.store.recent_habits), max_calls=1, max_items=16)
        self.currencies = SpendingSettings()
        self.cache = answer_cache(config)
        self.predictions = PredictionLog(
            stored("prediction", self.store.append_predictions), config.prediction_log_sample
        )
        self.erasure = Erasure(stored("erase", self.store.erase), self.cache, self.predictions)
        self.health = Health(
            {
                "intent": lambda: self.intent_runner.to_async.describe(),
                "ner": lambda: self.ner_runner.to_async.describe(),
                "credit_risk": lambda: fitting(self.credit_risk_runner.to_async.describe(), CreditRiskRequest, MISFIT),
                "spending": lambda: self.spending_runner.to_async.describe(),
                "anomaly": lambda: self.anomaly_runner.to_async.describe(),
            }
        )
        decisions = DecisionLog(stored("decision", self.store.append_decisions), decision_of)
        endpoint = partial(Endpoint, health=self.health, log=self.predictions)
        kept = partial(endpoint, cache=self.cache)
        self.intent = kept(
            "intent", self.intent_runner, IntentPrediction, IntentAnswer, observe=observe.intent, key=intent_key
        )
        self.ner = kept("ner", self.ner_runner, NerPrediction, NerAnswer, observe=observe.ner, key=ner_key)
        self.credit_risk = endpoint(
            "credit_risk",
            self.credit_risk_runner,
            CreditRiskPrediction,
            CreditRiskAnswer,
            observe=observe.credit_risk,
            record=decisions.record if config.decision_log else None,
        )
        self.spending = kept(
            "spending",
            self.spending_runner,
            SpendingPrediction,
            SpendingAnswer,
            observe=observe.spending,
            key=SpendingHistory.key,
            owner=lambda history: history.user_id,
            calls=config.max_concurrency,  # each goes alone: a slow forecast is in nobody's way
            items=1,
        )
        self.anomaly = endpoint(
            "anomaly", self.anomaly_runner, AnomalyPrediction, AnomalyAnswer, observe=observe.anomaly
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
        return await outcome(self.erasure.erase(request.user_id), ctx, request.user_id)

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
        except Unavailable as failure:
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
        done = await stored("upsert", self.store.upsert)(request.transactions)
        return TransactionsAnswer(stored=done.stored, duplicates=done.duplicates)

    async def _forecast(self, request: SpendingRequest, context: bentoml.Context) -> SpendingAnswer | Response:
        today = dt.datetime.now(dt.UTC).date()
        if request.history is not None:
            history = from_request(request, today, self.currencies.currency)
        else:
            found = await self.history(self.store, request, today, self.currencies)
            if found is None:
                raise ApiError(404, "Nothing is stored about this user.")
            history = found
        return await self.spending.answer(history, context)

    async def _score(self, request: AnomalyRequest, context: bentoml.Context) -> AnomalyAnswer | Response:
        if request.history is not None:
            past = given_past(request)
        else:
            past = await self.habits.ask((request.user_id, request.transaction))
        return await self.anomaly.answer(question(request, past), context)

    async def __is_ready__(self) -> bool:
        return self.health.ready


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
gc.freeze()
gc.enable()
