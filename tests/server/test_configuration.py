"""Each key of configuration.yaml takes effect: what BentoML makes of it differs from what it makes of an empty file."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from bentoml._internal.resource import system_resources

from models.store import StoredModel
from tests.conftest import HOME
from tests.served import ONE_EACH, PROJECT, Served, ServedFactory
from tests.server.shape import fresh_query

FILE = PROJECT / "configuration.yaml"
SERVICES = list(yaml.safe_load(FILE.read_text())["services"])
CORES = int(system_resources()["cpu"]) or 1
HUGE = {"max_requests": 1_000_000_000, "max_age": 1e9}
Effect = tuple[str, str, object, object]
"""A key, what it acts on, and what that is without the key and with it."""


def of_runner(runner: str, gpu: bool, workers: int = 1) -> list[Effect]:
    """Return the keys of a runner."""
    card = [("resources.gpu", "worker_environment", {}, {"CUDA_VISIBLE_DEVICES": "0"})] if gpu else []
    keys: list[Effect] = [
        ("workers", "workers", 1, workers),
        *card,
        ("traffic.timeout", "timeout", 60, 10),
        ("runner_connection.max_requests", "connection", None, HUGE),
        ("runner_connection.max_age", "connection", None, HUGE),
        ("logging.access.enabled", "writes_access_lines", True, False),
        ("tracing.excluded_urls", "traces", True, False),
    ]
    return [(f"{runner}.{key}", effect, without, with_it) for key, effect, without, with_it in keys]


EFFECTS: list[Effect] = [
    ("ml_services.workers", "workers", 1, CORES),
    ("ml_services.http.port", "port", 3000, 8000),
    ("ml_services.metrics.enabled", "measures_raw_paths", True, False),
    ("ml_services.runner_probe.enabled", "asks_runners_for_readiness", True, False),
    ("ml_services.logging.access.enabled", "writes_access_lines", True, False),
    *of_runner("intent_runner", gpu=True),
    *of_runner("ner_runner", gpu=True),
    *of_runner("credit_risk_runner", gpu=False),
    *of_runner("spending_runner", gpu=False, workers=2),
    *of_runner("anomaly_runner", gpu=False),
]


def resolved(service: str, configuration: Path | None) -> dict[str, Any]:
    """Return what BentoML makes of a file, or of service.py's own choice where none is given."""
    found: dict[str, Any] = resolved_all(configuration)[service]
    return found


@cache
def resolved_all(configuration: Path | None) -> dict[str, Any]:
    """Return the same for every service, from a fresh process."""
    unset = ("BENTOML_CONFIG", "CUDA_VISIBLE_DEVICES")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    if configuration is not None:
        environment["BENTOML_CONFIG"] = str(configuration)
    run = subprocess.run(
        [sys.executable, "-m", "tests.server.resolve", *SERVICES],
        cwd=PROJECT,
        env={**environment, "BENTOML_HOME": str(HOME)},
        stdout=subprocess.PIPE,
        check=True,
    )
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("configuration") / "empty.yaml"
    file.write_text("services: {}\n")
    return file


def leaves(node: Any, path: str = "") -> list[str]:
    if not isinstance(node, dict):
        return [path]
    return [leaf for key, value in node.items() for leaf in leaves(value, f"{path}.{key}".strip("."))]


def test_every_key_has_its_effect_listed_here():
    assert leaves(yaml.safe_load(FILE.read_text())["services"]) == [key for key, *_ in EFFECTS]


@pytest.mark.parametrize(("key", "effect", "without", "with_it"), EFFECTS, ids=[key for key, *_ in EFFECTS])
@pytest.mark.usefixtures("trained_models")
def test_key_takes_effect(empty: Path, key: str, effect: str, without: object, with_it: object):
    service = key.partition(".")[0]
    assert resolved(service, empty)[effect] == without
    assert resolved(service, None)[effect] == with_it


@pytest.mark.usefixtures("trained_models")
def test_unset_variable_and_this_file_are_the_same():
    assert resolved("ml_services", None) == resolved("ml_services", FILE)


@pytest.mark.usefixtures("trained_models")
def test_gateway_has_no_layer_in_whose_place_serving_has_its_own():
    gateway = resolved("ml_services", FILE)
    assert (gateway["timeout"], gateway["traces"]) == (None, False)


def test_running_server_has_no_request_id_of_the_framework(served: Served):
    headers = served.ask("hello").headers
    assert not [name for name in headers if name.startswith("x-bentoml")]


def test_running_server_writes_no_access_line_of_the_framework(served: Served):
    served.ask("hello")
    assert {line["logger"] for line in served.log() if "/v1/predict" in json.dumps(line)} == {"access"}


async def test_connection_to_the_runner_outlives_a_hundred_calls(served: Served):
    """BentoML's default renews it then, and kills the calls in flight."""
    places = asyncio.Semaphore(20)
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as http:

        async def ask() -> int:
            async with places:
                return (await http.post("/v1/predict/intent", json={"query": fresh_query()})).status_code

        statuses = await asyncio.gather(*(ask() for _ in range(400)))
    assert set(statuses) == {200}


def test_address_of_the_file_may_be_relative(serve: ServedFactory, intent_model: StoredModel):
    server = serve(BENTOML_CONFIG="configuration.yaml", **ONE_EACH)
    answer = server.ask("hello")
    server.stop()
    assert answer.status_code == 200
    assert answer.json()["model"]["version"] == intent_model.version
    assert "x-bentoml-request-id" not in answer.headers
