"""`POST /v1/predict/credit_risk`, line by line of the contract, and the log of its decisions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from models.credit_risk.contract import DEMONSTRATION
from models.store import StoredModel
from tests.conftest import HOME
from tests.models.credit_risk.examples import APPLICATION, OPTIONAL
from tests.served import ONE_EACH, Served, ServedFactory
from tests.server.shape import error_of
from tests.server.test_logs import lines_of

PATHS = ("/v1/predict/credit_risk", "/predict/credit_risk")
FIELDS = {
    *("prediction_id", "model", "probability_of_default", "score", "band", "decision", "cutoffs", "reasons", "notice")
}
EXPLAIN = Path(sys.executable).with_name("explain-decision")


def ask(server: Served, body: dict[str, Any] | str, path: str = PATHS[0], **headers: str) -> httpx.Response:
    """Post an application; a string is sent as it is."""
    content = body if isinstance(body, str) else json.dumps(body)
    return server.client.post(path, content=content, headers=headers)


def answer(server: Served, **changes: Any) -> dict[str, Any]:
    """Return the answer to the example application, without its id."""
    response = ask(server, {**APPLICATION, **changes})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    assert uuid.UUID(body.pop("prediction_id")).version == 7
    return body


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_the_fields_of_the_contract(served: Served, path: str, credit_risk_model: StoredModel):
    body = ask(served, APPLICATION, path).json()
    assert body.keys() == FIELDS
    assert body["model"] == {"name": "credit_risk", "version": credit_risk_model.version}
    assert 0 < body["probability_of_default"] < 1
    assert isinstance(body["score"], int)
    assert body["notice"] == DEMONSTRATION
    assert 1 <= len(body["reasons"]) <= 4
    for reason in body["reasons"]:
        assert reason.keys() == {"code", "feature", "message", "impact"}
        assert reason["feature"] in APPLICATION


def test_the_answer_is_what_the_openapi_document_says(served: Served):
    document = served.client.get("/openapi.json").json()
    operation = document["paths"][PATHS[0]]["post"]
    for schema, body in (
        (operation["requestBody"]["content"]["application/json"]["schema"], APPLICATION),
        (operation["responses"]["200"]["content"]["application/json"]["schema"], ask(served, APPLICATION).json()),
    ):
        Draft202012Validator({**schema, "components": document["components"]}).validate(body)


def test_identical_applications_get_identical_answers_whoever_else_asks(served: Served):
    expected = answer(served)
    assert answer(served, user_id="somebody") == expected
    with ThreadPoolExecutor(16) as pool:
        incomes = [34_000.0 if n % 2 else 1000.0 * n + 1 for n in range(200)]
        answers = list(pool.map(lambda income: answer(served, income=income), incomes))
    assert [each for each, income in zip(answers, incomes, strict=True) if income == 34_000.0] == [
        expected
    ] * incomes.count(34_000.0)


def test_raising_income_alone_never_lowers_the_score(served: Served):
    scores = [answer(served, income=float(income))["score"] for income in range(0, 120_000, 3_000)]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_raising_delinquencies_never_raises_the_score(served: Served):
    scores = [answer(served, delinquencies_2y=count)["score"] for count in range(12)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


@pytest.mark.parametrize("field", OPTIONAL)
def test_each_optional_answer_may_be_left_out(served: Served, field: str):
    body = {name: value for name, value in APPLICATION.items() if name != field}
    left_out = ask(served, body)
    assert left_out.status_code == 200
    assert field not in {reason["feature"] for reason in left_out.json()["reasons"]}


@pytest.mark.parametrize(
    ("field", "literal"),
    [
        ("income", "NaN"),
        ("income", "Infinity"),
        ("income", "-Infinity"),
        ("income", "1e999"),
        ("income", '"34000"'),
        ("income", "true"),
        ("income", "null"),
        ("income", "-0.01"),
        ("income", "1" + "0" * 400),
        ("delinquencies_2y", "-1"),
        ("delinquencies_2y", "0.5"),
        ("purpose", '"yacht"'),
        ("housing", "3"),
        ("age", "17"),
        ("user_id", "7"),
        ("delinquencies", "1"),
    ],
)
def test_bad_input_is_400_that_names_the_field_and_logs_nothing(served: Served, field: str, literal: str):
    body = json.dumps({**APPLICATION, field: "here"}).replace(f'"{field}": "here"', f'"{field}": {literal}')
    request_id = str(uuid.uuid4())
    error = error_of(ask(served, body, **{"x-request-id": request_id}), 400)
    assert [detail["field"] for detail in error["details"]] == [field]
    assert "34000" not in json.dumps(lines_of(served, request_id))


def test_nothing_of_an_applicant_is_logged(served: Served):
    income, user = 31_337.75, "applicant-grzegorz"
    assert ask(served, {**APPLICATION, "income": income, "user_id": user}).status_code == 200
    log = served.log_file.read_text()
    assert "31337" not in log
    assert user not in log


def explained(database: Path, request_id: str, home: Path = HOME) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BENTOML_HOME": str(home), "ML_DATABASE_PATH": str(database), "COLUMNS": "200"}
    return subprocess.run([EXPLAIN, request_id], env=environment, capture_output=True, text=True, check=False)


def database_of(server: Served) -> Path:
    return server.log_file.with_name("store.sqlite")


def test_a_decision_is_explained_to_the_digit_later(served: Served):
    request_id = str(uuid.uuid4())
    body = ask(served, {**APPLICATION, "delinquencies_2y": 4}, **{"x-request-id": request_id}).json()
    run = explained(database_of(served), request_id)
    assert run.returncode == 0, run.stderr
    assert "reproduced to the digit" in run.stdout
    assert json.dumps(body, separators=(",", ":")) in run.stdout
    assert "delinquencies_2y" in run.stdout
    assert "How it adds up" in run.stdout


def test_the_cutoffs_of_then_are_those_that_count(serve: ServedFactory):
    server = serve(ML_CREDIT_REVIEW_FROM="0.00001", ML_CREDIT_DECLINE_FROM="0.00002", **ONE_EACH)
    try:
        response = ask(server, APPLICATION)
        assert response.json()["decision"] == "decline"
        assert explained(database_of(server), response.headers["x-request-id"]).returncode == 0
    finally:
        server.stop()


def test_a_decision_nobody_made_is_told(served: Served):
    run = explained(database_of(served), "never-asked")
    assert run.returncode == 2
    assert "no decision with request id 'never-asked'" in run.stderr


def test_a_decision_of_a_model_that_is_gone_is_told(served: Served, tmp_path: Path):
    request_id = ask(served, APPLICATION).headers["x-request-id"]
    run = explained(database_of(served), request_id, home=tmp_path)
    assert run.returncode == 2
    assert "no model" in run.stderr


def test_decisions_are_erased_with_their_user(served: Served):
    user, request_id = f"user-{uuid.uuid4()}", str(uuid.uuid4())
    ask(served, {**APPLICATION, "user_id": user}, **{"x-request-id": request_id})
    assert explained(database_of(served), request_id).returncode == 0
    assert served.client.post("/v1/users/erase", json={"user_id": user}).json() == {"erased": 1}
    assert explained(database_of(served), request_id).returncode == 2


class TestWithoutLog:
    """A server that keeps no decisions and has no store to keep them in."""

    @pytest.fixture(scope="class")
    def forgetful(self, serve: ServedFactory) -> Iterator[Served]:
        server = serve(ML_DECISION_LOG="false", ML_DATABASE_PATH="/proc/none/store.sqlite", **ONE_EACH)
        yield server
        server.stop()

    def test_it_answers(self, forgetful: Served):
        assert ask(forgetful, APPLICATION).status_code == 200


class TestWithoutStore:
    """A server that shall keep decisions and cannot."""

    @pytest.fixture(scope="class")
    def storeless(self, serve: ServedFactory) -> Iterator[Served]:
        server = serve(ML_DATABASE_PATH="/proc/none/store.sqlite", **ONE_EACH)
        yield server
        server.stop()

    def test_a_decision_that_cannot_be_kept_is_not_given(self, storeless: Served):
        response = ask(storeless, APPLICATION)
        assert response.status_code == 503
        assert "probability_of_default" not in response.text
        assert "retry-after" in response.headers

    def test_the_other_endpoints_go_on(self, storeless: Served):
        assert storeless.ask("What is my balance?").status_code == 200


class TestLenderElsewhere:
    """A runner with a lender's own model in one place, a gateway without that model in another."""

    @pytest.fixture(scope="class")
    def runner(self, lender_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        folder = tmp_path_factory.mktemp("runner")
        runner = Served(folder, {"BENTOML_HOME": str(lender_home)}, target="runners.credit_risk:CreditRiskRunner")
        runner.wait_ready()
        yield runner
        runner.stop()

    @pytest.fixture(scope="class")
    def gateway(self, serve: ServedFactory, runner: Served, lender_home: Path) -> Iterator[Served]:
        urls = json.dumps({"credit_risk": runner.url})
        server = serve(ML_RUNNER_URLS=urls, ML_CREDIT_FEATURES=str(lender_home / "shop.yaml"), **ONE_EACH)
        yield server
        server.stop()

    def test_the_api_has_the_lenders_fields(self, gateway: Served):
        schema = gateway.client.get("/openapi.json").json()["components"]["schemas"]["CreditRiskRequest"]
        assert {"turnover", "late", "days", "trade", "rating", "insured", "sex"} < set(schema["properties"])
        assert schema["required"] == ["turnover"]

    def test_it_answers_the_lenders_applications(self, gateway: Served):
        low, high = (ask(gateway, {"turnover": t, "late": 3, "trade": "food"}).json() for t in (5_000, 200_000))
        assert low["probability_of_default"] > high["probability_of_default"]
        assert {reason["code"] for reason in low["reasons"]} >= {"turnover", "lateness"}
        assert low["notice"] is None

    def test_it_refuses_others(self, gateway: Served):
        error = error_of(ask(gateway, APPLICATION), 400)
        assert {"income", "turnover"} <= {detail["field"] for detail in error["details"]}
