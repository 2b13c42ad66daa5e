"""The way of every prediction from request to answer: cache, runner, refusal, id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import bentoml
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from uuid_utils import uuid7

from models.contract import Answer, Refusal
from serving.cache import AnswerCache, cache_key, owner_key
from serving.coalesce import Coalescer
from serving.errors import ApiError
from serving.health import Health
from serving.metrics import RUNNER_WAITING
from serving.observe import OUTPUTS
from serving.prediction_log import PredictionLog
from serving.request_context import current, pseudonym
from serving.runner_link import RunnerLink, ask, unwrap
from serving.settings import settings

RequestT = TypeVar("RequestT", bound=BaseModel)
PredictionT = TypeVar("PredictionT", bound=BaseModel)
AnswerT = TypeVar("AnswerT", bound=Answer)


class Endpoint(Generic[RequestT, PredictionT, AnswerT]):
    """Answers requests to one model.

    Parameters
    ----------
    model: its name.
    runner: what `bentoml.depends` gave.
    prediction: type of what the runner answers; answer: the same with a `prediction_id`.
    health: knows the version that answers, which is part of each cache key.
    observe: counts what is worth counting in a prediction.
    cache, key: where answers are kept, and what two requests must share to share one; without them none is kept.
    owner: the user whom an answer is about, so that it goes with them; needed where answers say something of a user.
    log: keeps a sample of the answers for audits.
    record: keeps an answer before it is given; when that fails, it is not given.
    calls, items: how many calls to the runner are under way at most, each with how many requests; else what the
        runner's place suggests.
    """

    def __init__(
        self,
        model: str,
        runner: RunnerLink[RequestT, PredictionT],
        prediction: type[PredictionT],
        answer: type[AnswerT],
        health: Health,
        observe: Callable[[PredictionT], None],
        cache: AnswerCache | None = None,
        key: Callable[[RequestT], tuple[Any, ...]] | None = None,
        owner: Callable[[RequestT], str] | None = None,
        log: PredictionLog | None = None,
        record: Callable[[RequestT, AnswerT], Awaitable[None]] | None = None,
        calls: int | None = None,
        items: int | None = None,
    ) -> None:
        self._model = model
        self._calls: Coalescer[RequestT, PredictionT | Refusal] = Coalescer(
            lambda batch: ask(model, lambda: runner.to_async.predict(batch)),
            # Two calls keep a process busy while the first one's answer is on its way.
            max_calls=calls or int(getattr(runner, "max_calls", 2)),
            max_items=items or int(getattr(runner, "max_items", 64)),
            tell=RUNNER_WAITING.labels(model).set,
        )
        self._prediction = prediction
        self._answer = answer
        self._health = health
        self._observe = observe
        self._cache = cache
        self._key = key
        self._owner = owner
        self._log = log
        self._record = record

    async def answer(self, request: RequestT, context: bentoml.Context) -> AnswerT | Response:
        """Return the answer to `request`, or the error to send instead."""
        self._note(request)
        try:
            prediction, hit = await self._predict(request)
            answer = self._answer(**dict(prediction), prediction_id=str(uuid7()))
            if self._record is not None:
                await self._record(request, answer)
        except ApiError as error:
            context.response.status_code = error.status  # BentoML puts the context's status over the response's
            return error.response()
        self._observe(prediction)
        if self._log is not None:
            self._log.offer(request, answer, lambda: OUTPUTS[self._model](prediction))
        if hit is not None:
            context.response.headers["x-cache"] = "hit" if hit else "miss"
        return answer

    async def _predict(self, request: RequestT) -> tuple[PredictionT, bool | None]:
        version = self._health.version(self._model)
        if self._cache is None or self._key is None or version is None:
            return await self._ask(request), None

        async def compute() -> bytes:
            return (await self._ask(request)).model_dump_json().encode()

        key = cache_key(self._model, version, *self._key(request))
        owner = None if self._owner is None else owner_key(self._owner(request))
        body, hit = await self._cache.get_or_compute(self._model, key, compute, owner)
        try:
            return self._prediction.model_validate_json(body), hit
        except ValidationError:  # what another release kept there, or somebody else
            return await self._ask(request), False

    async def _ask(self, request: RequestT) -> PredictionT:
        if not self._health.available(self._model):
            raise ApiError(503)
        try:
            # Here too, and not only around the request: what is computed for the cache outlives its caller.
            async with asyncio.timeout(settings().timeout_s):
                outcome = await self._calls.ask(request)
        except TimeoutError:
            raise ApiError(504) from None
        self._health.answered(self._model)
        return unwrap(outcome)

    def _note(self, request: RequestT) -> None:
        info = current()
        if info is None:
            return
        version = self._health.version(self._model)
        info.model = f"{self._model}:{version}" if version else self._model
        user_id = getattr(request, "user_id", None)
        if user_id is not None:
            info.user = pseudonym(user_id, settings().hash_key.get_secret_value())
