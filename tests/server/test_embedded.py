"""Models in the gateways: what one of them may do to the others."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from tests.conftest import HOME
from tests.served import ONE_EACH, Served
from tests.server.shape import error_of, fresh_query


def answered_by_new_connection(server: Served) -> int | None:
    try:
        return httpx.post(f"{server.url}/v1/predict/intent", json={"query": fresh_query()}, timeout=30).status_code
    except httpx.TransportError:
        return None


def test_small_models_have_no_process_of_their_own(served: Served):
    assert served.workers("intent_runner") == served.workers("ner_runner") == []


def test_second_process_of_a_runner_comes_when_the_first_is_there(served: Served):
    deadline = time.monotonic() + 400
    while served.in_service("spending_runner") < 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert len(served.workers("spending_runner")) == 2


def test_gateways_share_what_they_keep(served: Served):
    query = fresh_query()
    answers = [httpx.post(f"{served.url}/v1/predict/intent", json={"query": query}, timeout=30) for _ in range(20)]
    assert [answer.headers["x-cache"] for answer in answers] == ["miss", *["hit"] * 19]


def test_gateway_that_is_killed_takes_its_own_calls_only_and_comes_back(served: Served):
    before: list[psutil.Process] = served.workers("ml_services")
    if len(before) < 2:
        pytest.skip("one core, one gateway")
    before[0].send_signal(signal.SIGKILL)
    with ThreadPoolExecutor(8) as callers:
        statuses = list(callers.map(lambda _: answered_by_new_connection(served), range(40)))
    assert statuses.count(200) >= 30
    deadline = time.monotonic() + 400
    while len(served.workers("ml_services")) < len(before) or before[0] in served.workers("ml_services"):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_model_that_cannot_be_loaded_is_503_and_the_others_answer(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("served")
    server = Served(folder, {"BENTOML_HOME": str(HOME), "ML_MODELS": '{"ner": "ner:never"}', **ONE_EACH})
    try:
        deadline = time.monotonic() + 400
        while server_state(server, "intent") != "ready":
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert server.ask("hello").status_code == 200
        error_of(server.client.post("/v1/predict/ner", json={"text": "Send 50 euros"}), 503)
        assert server.client.get("/livez").status_code == 200
    finally:
        server.stop()


def server_state(server: Served, model: str) -> str | None:
    try:
        models = server.client.get("/health").json()["models"]
    except httpx.TransportError:
        return None
    return next((each["state"] for each in models if each["name"] == model), None)
