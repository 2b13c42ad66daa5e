"""The intent model's process dies or hangs: the gateway answers on, says so, and heals."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import httpx
import psutil
import pytest

from tests.served import ONE_FORECASTER, Served, ServedFactory
from tests.server.shape import error_of, fresh_query

TIMEOUT_S = 2.0
CACHED = "a query that is answered before the model goes away"


@pytest.fixture(scope="module")
def server(serve: ServedFactory) -> Iterator[Served]:
    # So long it may hang before it is replaced, and nobody waits to take its place.
    patient = {"ML_HUNG_AFTER_S": "600", "ML_STANDBY": "false", **ONE_FORECASTER}
    server = serve(ML_TIMEOUT_S=str(TIMEOUT_S), ML_PLACEMENT='{"intent": "process"}', **patient)
    server.ask(CACHED)
    yield server
    server.stop()


def wait_until(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def state(server: Served) -> str:
    """Return the intent model's state; the others are ready, so the service is ok or degraded."""
    health = server.client.get("/health").json()
    found: str = next(model["state"] for model in health["models"] if model["name"] == "intent")
    assert health["status"] == {"ready": "ok", "down": "degraded"}[found]
    return found


def timed(server: Served) -> tuple[httpx.Response, float]:
    started = time.monotonic()
    return server.ask(fresh_query()), time.monotonic() - started


class TestHungModel:
    """One model that hangs from the first test on and wakes up in the last."""

    @pytest.fixture(scope="class")
    def hung(self, server: Served) -> Iterator[psutil.Process]:
        (worker,) = server.workers("intent_runner")
        worker.suspend()
        yield worker
        worker.resume()

    def test_is_504_within_the_time_limit_at_first(self, server: Served, hung: psutil.Process):
        response, seconds = timed(server)
        error_of(response, 504)
        assert seconds < TIMEOUT_S * 3

    def test_is_503_at_once_when_found_out(self, server: Served, hung: psutil.Process):
        wait_until(lambda: state(server) == "down", 30)
        response, seconds = timed(server)
        error_of(response, 503)
        assert seconds < TIMEOUT_S / 2

    @pytest.mark.parametrize("path", ["/livez", "/openapi.json", "/metrics", "/"])
    def test_leaves_the_gateway_alive(self, server: Served, hung: psutil.Process, path: str):
        assert server.client.get(path).status_code == 200

    def test_leaves_the_gateway_ready_for_the_other_models(self, server: Served, hung: psutil.Process):
        assert server.client.get("/readyz").status_code == 200
        answer = server.client.post("/v1/predict/ner", json={"text": "Send 50 euros to Paul"})
        assert answer.status_code == 200

    def test_keeps_its_version_in_health(self, server: Served, hung: psutil.Process):
        models = {model["name"]: model for model in server.client.get("/health").json()["models"]}
        assert models["intent"]["state"] == "down"
        assert models["intent"]["version"] == server.ask(CACHED).json()["model"]["version"]

    def test_leaves_the_answers_that_are_kept(self, server: Served, hung: psutil.Process):
        response = server.ask(CACHED)
        assert (response.status_code, response.headers["x-cache"]) == (200, "hit")

    def test_is_still_told_from_a_bad_request(self, server: Served, hung: psutil.Process):
        error_of(server.client.post("/v1/predict/intent", json={}), 400)

    def test_answers_again_when_it_wakes_up(self, server: Served, hung: psutil.Process):
        hung.resume()
        wait_until(lambda: state(server) == "ready", 30)
        assert server.ask(fresh_query()).status_code == 200
        assert server.client.get("/readyz").status_code == 200


def test_killed_model_is_never_500_and_heals_when_bentoml_restarts_it(server: Served):
    (worker,) = server.workers("intent_runner")
    worker.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while True:
        assert time.monotonic() < deadline
        response, seconds = timed(server)
        assert server.client.get("/livez").status_code == 200
        assert seconds < TIMEOUT_S * 3
        if response.status_code == 200:
            break
        assert error_of(response)["code"] in {"model_unavailable", "timeout"}
    wait_until(lambda: state(server) == "ready", 30)
    assert server.client.get("/readyz").status_code == 200
    assert server.workers("intent_runner") != [worker]
