"""Gateway and runners on machines of their own: one is cut off from the network and comes back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from models.store import StoredModel
from tests.conftest import HOME
from tests.deploy.calls import MODELS, body
from tests.deploy.namespaces import Network
from tests.served import PROJECT

pytestmark = [
    pytest.mark.skipif("SPLIT" not in os.environ, reason="six servers: `make split-test` starts them"),
    pytest.mark.skipif(os.geteuid() != 0 or shutil.which("ip") is None, reason="needs root and iproute2"),
]
CLASSES = {
    "intent": "IntentRunner",
    "ner": "NerRunner",
    "spending": "SpendingRunner",
    "anomaly": "AnomalyRunner",
    "credit_risk": "CreditRiskRunner",
}


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


@pytest.fixture(scope="module")
def gateway(
    network: Network, trained_models: list[StoredModel], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Six servers, each in a namespace of its own; gives the gateway's address."""
    folder = tmp_path_factory.mktemp("split")
    environment = {**os.environ, "BENTOML_HOME": str(HOME), "BENTOML_CONFIG": str(PROJECT / "configuration.yaml")}
    environment |= {"ML_DATABASE_PATH": str(folder / "store.sqlite"), "ML_TIMEOUT_S": "10"}
    processes: list[subprocess.Popen[bytes]] = []

    def serve(machine: str, target: str, address: str, **settings: str) -> str:
        command = [Path(sys.executable).with_name("bentoml"), "serve", target, "--host", address, "--port", "8000"]
        with (folder / f"{machine}.log").open("wb") as log:
            process = subprocess.Popen(
                [*network.command(machine), *command],
                cwd=PROJECT,
                env={**environment, **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        processes.append(process)
        return f"http://{address}:8000"

    urls = {model: serve(model, f"runners.{model}:{CLASSES[model]}", network.add(model)) for model in MODELS}
    url = serve("gateway", "service:MLServices", network.add("gateway"), ML_RUNNER_URLS=json.dumps(urls))
    with network.joined():
        wait_until(lambda: asked(url, "/readyz") == 200, 300)
    yield url
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        process.wait(60)


def asked(url: str, path: str) -> int:
    try:
        return httpx.get(url + path, timeout=10).status_code
    except httpx.TransportError:
        return 0


def predict(url: str, model: str) -> int:
    return httpx.post(f"{url}/v1/predict/{model}", json=body(model), timeout=30).status_code


def states(url: str) -> dict[str, str]:
    health = httpx.get(f"{url}/health", timeout=10).json()
    found = {each["name"]: each["state"] for each in health["models"]}
    assert health["status"] == ("ok" if set(found.values()) == {"ready"} else "degraded")
    return found


def wait_until(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Callers:
    """A thread for each model that asks it without pause."""

    def __init__(self, network: Network, url: str, models: list[str]) -> None:
        self.statuses: Counter[tuple[str, int]] = Counter()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._call, args=(network, url, model)) for model in models]
        for thread in self._threads:
            thread.start()

    def _call(self, network: Network, url: str, model: str) -> None:
        with network.joined():
            while not self._over.is_set():
                self.statuses[model, predict(url, model)] += 1

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.parametrize("lost", ["intent", "credit_risk"])
def test_a_runner_that_is_cut_off_costs_its_own_model_only_and_heals_by_itself(
    network: Network, gateway: str, lost: str
):
    others = [model for model in MODELS if model != lost]
    with network.joined():
        wait_until(lambda: set(states(gateway).values()) == {"ready"}, 60)
        assert {predict(gateway, model) for model in MODELS} == {200}
        callers = Callers(network, gateway, others)
        try:
            network.cut(lost)
            wait_until(lambda: states(gateway)[lost] == "down", 60)
            assert [model for model, state in states(gateway).items() if state != "ready"] == [lost]
            assert asked(gateway, "/readyz") == 200
            assert predict(gateway, lost) == 503
            network.plug(lost)
            wait_until(lambda: states(gateway)[lost] == "ready", 120)
            assert predict(gateway, lost) == 200
        finally:
            callers.stop()
    assert {model for model, _ in callers.statuses} == set(others)
    assert {status for _, status in callers.statuses} == {200}


def test_a_runner_takes_no_pickle(network: Network, gateway: str):
    with network.joined():
        answer = httpx.post(
            "http://10.77.0.2:8000/predict",
            content=b"cos\nsystem\n(S'true'\ntR.",
            headers={"content-type": "application/vnd.bentoml+pickle"},
        )
    assert answer.status_code == 415
