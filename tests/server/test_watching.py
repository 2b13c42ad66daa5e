"""The service with a real Prometheus beside it: panels have data, drift raises its alert, the log holds no secrets."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import numpy as np
import pytest

from models.credit_risk.dataset import requests_of
from models.credit_risk.demonstration import demonstrate
from models.drift.sketch import FEWEST
from tests.conftest import HOME
from tests.prometheus import INTERVAL, Prometheus
from tests.served import ONE_FORECASTER, PROJECT, Served, ServedFactory, free_port

DASHBOARD = json.loads((PROJECT / "deploy" / "grafana" / "dashboard.json").read_text())
BACKEND = PROJECT / "backend"
NO_BACKEND = shutil.which("node") is None or not (BACKEND / "node_modules").exists()
_NUMBERS = itertools.count()

pytestmark = pytest.mark.skipif(Prometheus.missing(), reason="prometheus is not installed (Debian: prometheus)")


def panels() -> Iterator[Any]:
    """Yield each query of the dashboard, under its row's and its panel's name."""
    row = ""
    for panel in DASHBOARD["panels"]:
        if panel["type"] == "row":
            row = panel["title"]
            continue
        skip = pytest.mark.skipif(row == "Backend" and NO_BACKEND, reason="no Node, or no `npm ci` in backend/")
        for target in panel["targets"]:
            yield pytest.param(target["expr"], id=f"{row}: {panel['title']} {target['refId']}", marks=skip)


@pytest.fixture(scope="module")
def watched(serve: ServedFactory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with a BentoML home of its own, for each start empties a home's folder of metrics."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(HOME / "models")
    server = serve(ML_PREDICTION_LOG_SAMPLE="1", BENTOML_HOME=str(home), **ONE_FORECASTER)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def backend(watched: Served) -> Iterator[str]:
    """The address of the NestJS backend, asked once for each endpoint a second; without Node nothing listens there."""
    address = f"127.0.0.1:{free_port()}"
    if NO_BACKEND:
        yield address
        return
    if not (BACKEND / "dist" / "main.js").exists():
        subprocess.run(["npm", "run", "--silent", "build"], cwd=BACKEND, check=True)
    environment = {
        **os.environ,
        "ML_SERVICE_URL": watched.url,
        "PORT": address.rpartition(":")[2],
        "LOG_LEVEL": "error",
    }
    process = subprocess.Popen(["node", "dist/main.js"], cwd=BACKEND, env=environment)
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def prometheus(watched: Served, backend: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Scrapes both, while both are asked all the time."""
    started = Prometheus(
        tmp_path_factory.mktemp("prometheus"), {"ml-services": watched.url.removeprefix("http://"), "backend": backend}
    )
    over = threading.Event()
    traffic = threading.Thread(target=_traffic, args=(watched.url, f"http://{backend}", over))
    traffic.start()
    yield started
    over.set()
    traffic.join()
    started.stop()


@cache
def applications() -> list[dict[str, Any]]:
    """Return applications of people like those whom the default model was measured on."""
    people = demonstrate(seed=7).portfolio
    return [each.model_dump(exclude_none=True) for each in requests_of(people.take(np.arange(2000)))]


def application() -> dict[str, Any]:
    """Return the next one."""
    return applications()[next(_NUMBERS) % len(applications())]


def _traffic(service: str, backend: str, over: threading.Event) -> None:
    history = [{"month": f"2025-{month:02}", "amount": 800 + 10 * month} for month in range(1, 13)]
    payment = {"amount": -20.5, "currency": "EUR", "timestamp": "2026-03-02T10:00:00Z", "category": "groceries"}
    with httpx.Client(timeout=30) as client:
        while not over.is_set():
            number = next(_NUMBERS)
            calls: list[tuple[str, dict[str, Any]]] = [
                (f"{service}/v1/predict/intent", {"query": f"what did shop {number} cost me"}),
                (f"{service}/v1/predict/intent", {"query": "what is my balance?"}),
                (f"{service}/v1/predict/intent", {}),
                (f"{service}/v1/predict/ner", {"text": f"Send {number} euros to Marie tomorrow"}),
                (f"{service}/v1/predict/spending", {"user_id": "u", "history": history}),
                (f"{service}/v1/predict/anomaly", {"user_id": "u", "transaction": payment}),
                (f"{service}/v1/predict/credit_risk", application()),
                (f"{backend}/api/v1/ml/intent", {"query": f"what did shop {number} cost me?"}),
                (f"{backend}/api/v1/ml/credit/score", application()),
            ]
            for url, body in calls:
                try:
                    client.post(url, json=body)
                except httpx.TransportError:
                    assert url.startswith(backend), url
            over.wait(0.5)


@pytest.fixture(scope="module")
def drifted(watched: Served, prometheus: Prometheus) -> None:
    """Applicants earn three times as much as those whom the model was measured on; nothing else is new."""
    for number in range(FEWEST + 1):
        if number == FEWEST:
            time.sleep(6)  # what is due is told at most every 5 s, by the next call to the same gateway
        rich = application()
        answer = watched.client.post("/v1/predict/credit_risk", json={**rich, "income": 3 * rich["income"]})
        assert answer.status_code == 200, answer.text


@pytest.mark.usefixtures("drifted")
@pytest.mark.parametrize("expression", panels())
def test_a_panel_has_data(prometheus: Prometheus, expression: str):
    assert prometheus.wait(expression.replace("$__rate_interval", INTERVAL))


@pytest.mark.usefixtures("drifted")
def test_shifted_traffic_raises_the_alert(prometheus: Prometheus):
    [alert] = prometheus.wait('ALERTS{alertname="MLDrift", model="credit_risk", feature="income"}')
    assert alert["metric"]["alertstate"] in ("pending", "firing")
    shifted = prometheus.query('ALERTS{alertname="MLDrift", model="credit_risk"}')
    assert {each["metric"]["feature"] for each in shifted} <= {"income", "probability_of_default"}


@pytest.mark.usefixtures("drifted")
def test_what_the_service_computes_is_what_the_rule_does(prometheus: Prometheus):
    difference = "abs(ml_drift_psi - on (model, feature) model_feature:ml_drift:psi)"
    assert prometheus.wait(f"{difference} < 0.05 and on (model, feature) ml_drift_psi > 0.25")


def test_no_alert_has_no_data_behind_it(prometheus: Prometheus):
    assert prometheus.wait('up{job="ml-services"} == 1')
    assert not prometheus.query('ALERTS{alertname=~"MLServiceDown|MLModelMissing|MLWorkerLost", alertstate="firing"}')


def rows(server: Served) -> list[str]:
    """Return the rows of the prediction log, each as one text."""
    with sqlite3.connect(server.log_file.with_name("store.sqlite")) as database:
        return ["|".join(map(str, row)) for row in database.execute("select * from predictions")]


def logged(server: Served, prediction_id: str) -> list[str]:
    """Return the rows of a prediction once there are any: nobody waits for them to be written."""
    deadline = time.monotonic() + 30
    while not (found := [row for row in rows(server) if prediction_id in row]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def test_the_log_holds_the_score_and_nothing_of_the_person(watched: Served):
    secrets = {"query": "zebrafish 4242424242424242", "user_id": "user-4711"}
    answer = watched.client.post("/v1/predict/intent", json=secrets, headers={"x-request-id": "audit-1"}).json()
    [row] = logged(watched, answer["prediction_id"])
    assert answer["intent"] in row
    assert "audit-1" in row
    assert f"intent:{answer['model']['version']}" in row
    everything = watched.log_file.with_name("store.sqlite").read_bytes() + watched.client.get("/metrics").content
    assert not [secret for secret in ("zebrafish", "4242424242424242", "user-4711") if secret.encode() in everything]


def test_it_is_erased_with_the_user(watched: Served):
    body = {"query": "where is my refund", "user_id": "user-4712"}
    mine = watched.client.post("/v1/predict/intent", json=body).json()["prediction_id"]
    other = watched.client.post("/v1/predict/intent", json={**body, "user_id": "user-4713"}).json()["prediction_id"]
    assert logged(watched, mine)
    assert logged(watched, other)
    assert watched.client.post("/v1/users/erase", json={"user_id": "user-4712"}).status_code == 200
    assert not [row for row in rows(watched) if mine in row]
    assert logged(watched, other)
