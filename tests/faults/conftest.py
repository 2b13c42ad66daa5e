"""Servers that faults are done to: as in a container, where BentoML alone replaces no process."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.served import PROJECT, Served, ServedFactory

MODELS = ["intent", "ner", "spending", "credit_risk", "anomaly"]


def wait_until(happened: Callable[[], bool], seconds: float = 300.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def quiet() -> bool:
    """Say whether the machine has little else to do, so that times mean something."""
    return os.getloadavg()[0] < 3 * (os.cpu_count() or 1)


def healthy(server: Served) -> bool:
    try:
        return bool(server.client.get("/health").json()["status"] == "ok")
    except Exception:  # it is just being replaced
        return False


def percent(part: int, whole: int) -> str:
    return f"{part} of {whole:,} ({part / max(1, whole):.2%})"


def started_whole(serve: ServedFactory, **environment: str) -> Served:
    """Return a server that is ready, and of whose processes none is still on its way."""
    server = serve(BENTOML_CONTAINERIZED="true", ML_LOG_LEVEL="warning", **environment)
    wait_until(lambda: server.in_service("spending_runner") == 2)
    return server


@pytest.fixture
def sabotaged(serve: ServedFactory) -> Iterator[Served]:
    """A server whose intent model raises what says `sabotage`, and never ends with what says `never end`."""
    sabotage = str(PROJECT / "tests" / "server" / "sabotage")
    server = started_whole(serve, PYTHONPATH=sabotage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(serve: ServedFactory) -> Iterator[Served]:
    server = started_whole(serve)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def apart(serve: ServedFactory) -> Iterator[Served]:
    """A server whose models are each in a process of their own, as those of a GPU are."""
    placement = {model: "process" for model in MODELS if model != "spending"}  # that one always is
    server = started_whole(serve, ML_PLACEMENT=json.dumps(placement))
    wait_until(lambda: all(server.in_service(f"{model}_runner") == 2 for model in MODELS))
    yield server
    server.stop()
