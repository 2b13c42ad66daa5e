"""Callers who know what they should be answered: every wrong answer and every foreign shape is caught."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.server.shape import error_of

PAUSE_S = 0.1
"""Between two calls of a caller: two cores are about half busy, as an operator leaves them, not as full as can be."""
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Call:
    """One request, and what tells its right answer from a wrong one."""

    path: str
    body: dict[str, Any]
    right: Callable[[dict[str, Any]], bool]


def calls_of(model: str) -> Iterator[Call]:
    """Yield requests to one model that no cache has seen."""
    for number in _NUMBERS:
        yield _MAKERS[model](number)


def _intent(number: int) -> Call:
    queries = {"what is my account balance": "check_balance", "I lost my card": "card_lost_or_stolen"}
    query, intent = list(queries.items())[number % 2]
    return Call("/v1/predict/intent", {"query": f"{query} {number}"}, lambda answer: answer["intent"] == intent)


def _ner(number: int) -> Call:
    text = f"Send {number + 1} euros to Marie Dupont"
    wanted = {"amount": str(number + 1), "currency": "EUR"}
    return Call(
        "/v1/predict/ner",
        {"text": text},
        lambda answer: any(entity["value"] == wanted for entity in answer["entities"]),
    )


def _spending(number: int) -> Call:
    amount = 100.0 + number
    history = [{"month": f"2025-{month:02}", "amount": amount} for month in range(1, 13)]
    user = f"user-{number}"
    return Call(
        "/v1/predict/spending",
        {"user_id": user, "months": 3, "history": history},
        lambda answer: answer["user_id"] == user and all(0.5 < m["amount"] / amount < 2 for m in answer["months"]),
    )


def _credit_risk(number: int) -> Call:
    body = {"income": 20_000 + number, "loan_amount": 9000, "term_months": 36}
    return Call("/v1/predict/credit_risk", body, lambda answer: 300 <= answer["score"] <= 850)


def _anomaly(number: int) -> Call:
    def paid(amount: float, day: int) -> dict[str, Any]:
        return {"amount": -amount, "currency": "EUR", "timestamp": f"2026-01-{day:02}T12:00:00Z", "merchant": "Shop"}

    history = [paid(20 + day, day) for day in range(1, 20)]
    body = {"user_id": f"user-{number}", "transaction": paid(25, 25), "history": history}
    return Call(
        "/v1/predict/anomaly", body, lambda answer: answer["history_size"] == 19 and answer["is_anomaly"] is False
    )


_MAKERS = {"intent": _intent, "ner": _ner, "spending": _spending, "credit_risk": _credit_risk, "anomaly": _anomaly}


@dataclass
class Outcomes:
    """What callers were told, with the time of each answer on the monotonic clock."""

    answers: list[tuple[float, str, str]] = field(default_factory=list)
    """When, by which model, and what: `200`, `503 model_unavailable`, or `no answer` where a connection broke."""
    wrong: list[str] = field(default_factory=list)

    def of(self, model: str | None = None, since: float = 0.0) -> Counter[str]:
        return Counter(what for at, who, what in self.answers if at >= since and model in (None, who))

    def share(self, what: str, model: str | None = None) -> float:
        counted = self.of(model)
        return counted[what] / max(1, counted.total())

    def recovered_after(self, fault_at: float, model: str) -> float:
        """Return the seconds from the fault to the last answer of `model` that was none."""
        late = [at - fault_at for at, who, what in self.answers if who == model and what != "200" and at >= fault_at]
        return max(late, default=0.0)


@contextmanager
def load(url: str, models: list[str], callers: int, pause_s: float = 0.0) -> Iterator[Outcomes]:
    """Let `callers` ask each of `models`, one request after the other with a pause between, until the block ends."""
    outcomes = Outcomes()
    stop = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_load(url, models, callers, pause_s, outcomes, stop)))
    thread.start()
    try:
        yield outcomes
    finally:
        stop.set()
        thread.join()


async def _load(
    url: str, models: list[str], callers: int, pause_s: float, outcomes: Outcomes, stop: threading.Event
) -> None:
    limits = httpx.Limits(max_connections=callers * len(models))
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as http:
        await asyncio.gather(*(_ask(http, model, pause_s, outcomes, stop) for model in models for _ in range(callers)))


async def _ask(http: httpx.AsyncClient, model: str, pause_s: float, outcomes: Outcomes, stop: threading.Event) -> None:
    for call in calls_of(model):
        if stop.is_set():
            return
        outcome = await one(http, call, outcomes.wrong)
        outcomes.answers.append((time.monotonic(), model, outcome))
        # After a refusal as a caller who honours Retry-After, only sooner.
        await asyncio.sleep(pause_s if outcome == "200" else max(0.1, pause_s))


async def one(http: httpx.AsyncClient, call: Call, wrong: list[str]) -> str:
    """Return what a call was told; an answer that is not right or not in the one shape goes to `wrong`."""
    try:
        response = await http.post(call.path, json=call.body)
    except httpx.TransportError:
        return "no answer"
    if response.status_code == 200:
        if not call.right(response.json()):
            wrong.append(f"{call.body} -> {response.text}")
        return "200"
    try:
        return f"{response.status_code} {error_of(response)['code']}"
    except (AssertionError, KeyError, ValueError):
        wrong.append(f"{response.status_code} {response.text}")
        return str(response.status_code)
