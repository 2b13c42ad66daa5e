from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import Response

from models.contract import Answer, ModelState, Record, Request
from serving.health import Health
from serving.routes import OPEN_PATHS, known_paths, operations, system_routes
from tests.serving.asgi import client


class Ask(Request):
    text: str


class Told(Answer):
    length: int


class Teller:
    async def predict_told(self, request: Ask, /, ctx: object) -> Told | Response:
        """Tell how long a text is.

        More that the document does not need.
        """
        raise NotImplementedError


def service() -> Any:
    """What the routes read off a BentoML service."""
    method = SimpleNamespace(
        func=Teller.predict_told, route="/v1/predict/told", name="predict_told", doc=Teller.predict_told.__doc__
    )
    return SimpleNamespace(apis={"predict_told": method})


def test_operation_is_read_off_the_method():
    predict, health = operations(service())
    assert (predict.path, predict.aliases, predict.operation_id) == (
        "/v1/predict/told",
        ("/predict/told",),
        "predictTold",
    )
    assert (predict.request, predict.answer, predict.summary) == (Ask, Told, "Tell how long a text is.")
    assert (health.path, health.method) == ("/health", "get")


class Kept(Record):
    rows: int


class Keeper:
    async def keep_words(self, request: Ask, /, ctx: object) -> Kept | Response:
        """Keep words."""
        raise NotImplementedError


def test_operation_that_predicts_nothing_has_no_alias_and_no_cache():
    method = SimpleNamespace(func=Keeper.keep_words, route="/v1/words", name="keep_words", doc="Keep words.")
    keep, _ = operations(SimpleNamespace(apis={"keep_words": method}))
    assert (keep.path, keep.operation_id, keep.request, keep.answer) == ("/v1/words", "keepWords", Ask, Kept)
    assert (keep.aliases, keep.headers) == ((), {})


def test_known_paths_are_predictions_their_aliases_and_the_open_ones():
    assert known_paths(service()) == {"/v1/predict/told", "/predict/told"} | OPEN_PATHS


def test_probes_health_metrics_document_and_page_are_open():
    assert {"/", "/health", "/livez", "/readyz", "/metrics", "/openapi.json"} <= OPEN_PATHS


async def test_health_before_the_service_is_made_is_down():
    async with client(system_routes(service()).app) as http:
        response = await http.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "down", "uptime_s": 0.0, "models": []}


async def test_health_tells_the_report():
    async def describe() -> ModelState:
        return ModelState(name="told", version="v1", device="cpu")

    system = system_routes(service())
    system.health = Health({"told": describe})
    await system.health.check()
    async with client(system.app) as http:
        body = (await http.get("/health")).json()
    assert body["status"] == "ok"
    assert body["models"] == [{"name": "told", "version": "v1", "device": "cpu", "state": "ready"}]


async def test_openapi_document_has_the_operations():
    async with client(system_routes(service()).app) as http:
        response = await http.get("/openapi.json")
    assert set(response.json()["paths"]) == {"/v1/predict/told", "/predict/told", "/health"}


async def test_metrics_of_a_single_process_are_served(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    async with client(system_routes(service()).app) as http:
        response = await http.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    assert "# TYPE ml_http_requests_total counter" in response.text


async def test_page_asks_for_the_document_by_a_relative_address():
    async with client(system_routes(service()).app) as http:
        response = await http.get("/")
    assert response.headers["content-type"].startswith("text/html")
    assert 'url: "openapi.json"' in response.text
    assert "http://" not in response.text
    assert "https://" not in response.text
