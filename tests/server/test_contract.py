"""`POST /v1/predict/intent` and the paths beside it, line by line of the contract."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from models.intent.contract import INTENTS, OUT_OF_SCOPE
from models.store import StoredModel
from tests.served import Served
from tests.server.shape import PATHS, fresh_query

OPEN = ("/", "/health", "/livez", "/readyz", "/metrics", "/openapi.json", "/docs.json")
QUERIES = (
    "What is my balance?",
    "block my card, it was stolen",
    "bonjour, combien me reste-t-il ce mois-ci",
    "what will the weather be tomorrow",
    "asdf qwer zxcv",
    "?",
    "\u0000",
    "   ",
    "😀" * 2000,
)


def sound(answer: dict[str, Any], top_k: int = 3) -> None:
    assert answer.keys() == {
        *("prediction_id", "model", "intent", "confidence", "alternatives", "in_scope", "language")
    }
    assert answer["intent"] in {*INTENTS, OUT_OF_SCOPE}
    assert answer["in_scope"] is (answer["intent"] != OUT_OF_SCOPE)
    assert answer["language"] in {"en", "fr"}
    assert 0 <= answer["confidence"] <= 1
    assert 1 <= len(answer["alternatives"]) <= top_k
    for alternative in answer["alternatives"]:
        assert alternative.keys() == {"intent", "confidence"}
        assert alternative["intent"] in INTENTS
        assert 0 <= alternative["confidence"] <= 1
    intents = [alternative["intent"] for alternative in answer["alternatives"]]
    assert answer["intent"] not in intents
    assert len(set(intents)) == len(intents)
    confidences = [alternative["confidence"] for alternative in answer["alternatives"]]
    assert confidences == sorted(confidences, reverse=True)
    if answer["in_scope"]:
        assert confidences[0] <= answer["confidence"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_answer_has_the_fields_of_the_contract(served: Served, path: str, query: str):
    response = served.client.post(path, json={"query": query})
    assert response.status_code == 200
    sound(response.json())


def test_both_paths_give_the_same_answer(served: Served):
    answers = [served.client.post(path, json={"query": "close my account"}).json() for path in PATHS]
    for answer in answers:
        answer.pop("prediction_id")
    assert answers[0] == answers[1]


def test_plain_queries_get_their_intent(served: Served):
    assert served.ask("What is my balance?").json()["intent"] == "check_balance"
    assert served.ask("ma carte a été volée").json()["intent"] == "card_lost_or_stolen"
    assert served.ask("tell me a joke about cats").json()["intent"] == OUT_OF_SCOPE


def test_model_is_the_tag_in_the_store(served: Served, intent_model: StoredModel):
    model = served.ask("hello").json()["model"]
    assert model == {"name": intent_model.name, "version": intent_model.version}


@pytest.mark.parametrize("top_k", [1, 3, 10])
@pytest.mark.parametrize("query", ["What is my balance?", "tell me a joke about cats"])
def test_top_k_bounds_the_alternatives(served: Served, top_k: int, query: str):
    answer = served.ask(query, top_k=top_k).json()
    sound(answer, top_k)
    assert len(answer["alternatives"]) == top_k


def test_three_alternatives_when_not_told(served: Served):
    assert len(served.ask("What is my balance?").json()["alternatives"]) == 3


@pytest.mark.parametrize(
    ("query", "language"), [("What is my balance?", "en"), ("quel est le solde de mon compte", "fr")]
)
def test_language_is_detected(served: Served, query: str, language: str):
    assert served.ask(query).json()["language"] == language


@pytest.mark.parametrize("language", ["en", "fr"])
def test_language_that_is_given_is_answered(served: Served, language: str):
    assert served.ask("What is my balance?", language=language).json()["language"] == language


def test_user_id_is_taken_and_changes_nothing(served: Served):
    plain, personal = served.ask("hello there").json(), served.ask("hello there", user_id="user-1").json()
    assert {**plain, "prediction_id": ""} == {**personal, "prediction_id": ""}


def test_prediction_id_is_a_new_uuid7_for_cached_answers_too(served: Served):
    query = fresh_query()
    responses = [served.ask(query) for _ in range(3)]
    assert [response.headers["x-cache"] for response in responses] == ["miss", "hit", "hit"]
    ids = [uuid.UUID(response.json()["prediction_id"]) for response in responses]
    assert [one.version for one in ids] == [7, 7, 7]
    assert len(set(ids)) == 3


def test_length_is_counted_in_characters_not_bytes(served: Served):
    assert served.ask("é" * 2000).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_answer_is_one_the_openapi_document_describes(served: Served, path: str):
    spec = served.client.get("/openapi.json").json()
    schema = spec["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**spec, **schema}).validate(served.client.post(path, json={"query": "hello"}).json())


def test_health_is_one_the_openapi_document_describes(served: Served, trained_models: list[StoredModel]):
    spec = served.client.get("/openapi.json").json()
    health = served.client.get("/health").json()
    Draft202012Validator({**spec, "$ref": "#/components/schemas/HealthAnswer"}).validate(health)
    assert health["status"] == "ok"
    assert {each["name"]: each["version"] for each in health["models"]} == {
        model.name: model.version for model in trained_models
    }
    assert {(each["device"], each["state"]) for each in health["models"]} == {("cpu", "ready")}


@pytest.mark.parametrize("path", OPEN)
def test_paths_of_the_system_answer(served: Served, path: str):
    assert served.client.get(path).status_code == 200


@pytest.mark.parametrize("path", [*OPEN, "/nowhere", *PATHS])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_every_answer_carries_the_request_id_of_the_caller(served: Served, method: str, path: str):
    response = served.client.request(method, path, headers={"x-request-id": "caller-1"})
    assert response.headers.get_list("x-request-id") == ["caller-1"]


def test_request_id_is_new_where_none_is_given(served: Served):
    ids = [served.client.get("/livez").headers["x-request-id"] for _ in range(2)]
    assert len(set(ids)) == 2
