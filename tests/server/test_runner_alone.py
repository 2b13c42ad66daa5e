"""Runners as they are on machines of their own: `bentoml serve service:IntentRunner`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from models.store import StoredModel
from tests.conftest import HOME
from tests.served import ONE_EACH, PROJECT, Served, free_port


@pytest.fixture(scope="module")
def intent(intent_model: StoredModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("intent")
    served = Served(folder, {"BENTOML_HOME": str(HOME), "ML_LOG_FORMAT": "json"}, target="service:IntentRunner")
    served.wait_ready()
    yield served
    served.stop()


def test_it_answers_json(intent: Served, intent_model: StoredModel):
    state = intent.client.post("/describe", json={}).json()
    assert (state["name"], state["version"]) == ("intent", intent_model.version)
    items = [{"query": "What is my balance?"}, {"query": "I lost my card"}]
    answers = intent.client.post("/predict", json={"items": items}).json()
    assert [answer["intent"] for answer in answers] == ["check_balance", "card_lost_or_stolen"]


def test_its_log_is_structured_and_tells_nothing_of_what_was_asked(intent: Served):
    intent.client.post("/predict", json={"items": [{"query": "a secret of mine"}]})
    intent.client.post("/predict", content=b"a secret of mine")
    lines = intent.log()  # each line is JSON, or this fails
    assert {"level", "logger", "time", "msg"} <= set(lines[0])
    assert any(line["msg"] == "Service intent_runner initialized" for line in lines)
    assert "secret" not in intent.log_file.read_text()


def test_its_settings_count(intent_model: StoredModel, tmp_path: Path):
    served = Served(tmp_path, {"BENTOML_HOME": str(HOME), "ML_LOG_LEVEL": "error"}, target="service:IntentRunner")
    served.wait_ready()
    served.stop()
    assert [line["level"] for line in served.log() if line["level"] not in {"error", "warning"}] == []


def test_without_its_model_it_says_what_makes_one(tmp_path: Path):
    bentoml = Path(sys.executable).with_name("bentoml")
    run = subprocess.run(
        [bentoml, "serve", "service:NerRunner", "--port", str(free_port())],
        cwd=PROJECT,
        env={**os.environ, "BENTOML_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode != 0
    assert "no model 'ner:latest' in the model store; `make models` or `train ner` makes one" in run.stdout + run.stderr


def test_gateway_whose_credit_risk_runner_reads_other_fields_says_so_and_asks_it_nothing(
    lender_home: Path, credit_risk_model: StoredModel, tmp_path: Path
):
    """The runner has a lender's model; the gateway, on another machine, the default one."""
    (tmp_path / "runner").mkdir()
    (tmp_path / "gateway").mkdir()
    runner = Served(tmp_path / "runner", {"BENTOML_HOME": str(lender_home)}, target="service:CreditRiskRunner")
    nobody = f"http://127.0.0.1:{free_port()}"
    urls = {**dict.fromkeys(("intent", "ner", "spending", "anomaly"), nobody), "credit_risk": runner.url}
    settings = {"BENTOML_HOME": str(HOME), "ML_RUNNER_URLS": json.dumps(urls), **ONE_EACH}
    gateway = Served(tmp_path / "gateway", settings)
    try:
        runner.wait_ready()
        credit_risk = _state(gateway, "credit_risk", 300)
        application = {"income": 30_000, "loan_amount": 5000, "term_months": 24}
        response = gateway.client.post("/v1/predict/credit_risk", json=application)
    finally:
        gateway.stop()
        runner.stop()
    assert credit_risk["version"] == (lender_home / "models" / "credit_risk" / "latest").read_text().strip()
    assert (response.status_code, response.json()["error"]["code"]) == (503, "model_unavailable")
    told, *_ = [line for line in gateway.log() if line["msg"] == "model cannot be used"]
    assert (told["level"], told["model"]) == ("error", "credit_risk")
    assert "ML_CREDIT_FEATURES" in told["reason"]


def _state(server: Served, model: str, seconds: float) -> dict[str, str]:
    """Return what `/health` says of a model once it is down."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            models = server.client.get("/health").json()["models"]
        except httpx.TransportError:
            models = []
        found = next((each for each in models if each["name"] == model and each["state"] == "down"), None)
        if found is not None:
            return dict(found)
        time.sleep(0.2)
    raise AssertionError(f"{model} is not down")
