from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from jsonschema import Draft202012Validator
from pydantic import Field

from models.contract import Answer, Record, Request
from serving.errors import KINDS
from serving.openapi import ErrorAnswer, HealthAnswer, Operation, document


class Part(Record):
    share: float | None = None


class Ask(Request):
    text: str = Field(max_length=5, examples=["hello"])
    limit: int | None = Field(default=None, ge=1)


class Told(Answer):
    parts: list[Part]


def operations() -> list[Operation]:
    predict = Operation(
        path="/v1/predict/told",
        method="post",
        operation_id="predictTold",
        summary="Tell.",
        request=Ask,
        answer=Told,
        errors=(400, 429, 500),
        aliases=("/predict/told",),
        headers={"x-cache": "`hit` or `miss`."},
    )
    return [predict, Operation("/health", "get", "health", "Tell how it is.", None, HealthAnswer, (500,))]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    return document(operations())


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


def validator(spec: dict[str, Any], name: str) -> Draft202012Validator:
    return Draft202012Validator({**spec, "$ref": f"#/components/schemas/{name}"})


def test_document_is_openapi_3_1(spec: dict[str, Any]):
    assert spec["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(spec).validate()


def test_a_wrong_document_would_be_noticed(spec: dict[str, Any]):
    with pytest.raises(Exception, match="required"):
        schemathesis.openapi.from_dict({**spec, "info": {}}).validate()


def test_document_is_plain_json(spec: dict[str, Any]):
    assert json.loads(json.dumps(spec)) == spec


def test_document_is_the_same_each_time(spec: dict[str, Any]):
    assert json.dumps(document(operations())) == json.dumps(spec)


def test_every_reference_resolves(spec: dict[str, Any]):
    found = references(spec)
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in spec["components"]["schemas"]


def test_every_schema_is_used(spec: dict[str, Any]):
    used = {reference.rpartition("/")[2] for reference in references(spec)}
    assert set(spec["components"]["schemas"]) == used


def test_every_schema_is_sound(spec: dict[str, Any]):
    for schema in spec["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_operation_ids_are_unique(spec: dict[str, Any]):
    ids = [entry["operationId"] for path in spec["paths"].values() for entry in path.values()]
    assert sorted(ids) == sorted(set(ids)) == ["health", "predictTold", "predictToldAlias1"]


def test_alias_is_the_same_but_deprecated(spec: dict[str, Any]):
    entry, alias = spec["paths"]["/v1/predict/told"]["post"], spec["paths"]["/predict/told"]["post"]
    assert {**alias, "operationId": entry["operationId"], "deprecated": None} == {**entry, "deprecated": None}
    assert alias["deprecated"] is True


def test_every_error_has_the_one_shape(spec: dict[str, Any]):
    responses = spec["paths"]["/v1/predict/told"]["post"]["responses"]
    assert set(responses) == {"200", "400", "429", "500"}
    schemas = [responses[status]["content"]["application/json"]["schema"] for status in ("400", "429", "500")]
    assert schemas == [{"$ref": "#/components/schemas/ErrorAnswer"}] * 3
    assert "retry-after" in responses["429"]["headers"]
    assert "retry-after" not in responses["500"]["headers"]


def test_request_schema_refuses_what_the_contract_refuses(spec: dict[str, Any]):
    ask = validator(spec, "Ask")
    assert ask.is_valid({"text": "hello", "limit": None})
    assert not ask.is_valid({"text": "hello", "limits": 1})
    assert not ask.is_valid({"text": "longer"})
    assert not ask.is_valid({})


def test_null_is_kept_where_it_may_be(spec: dict[str, Any]):
    assert validator(spec, "Part").is_valid({"share": None})


@pytest.mark.parametrize("status", KINDS)
def test_error_shape_takes_every_error(spec: dict[str, Any], status: int):
    details = [{"field": "a", "message": "m", "type": "t"}]
    error = {"code": KINDS[status].code, "message": KINDS[status].message, "details": details, "request_id": "r"}
    ErrorAnswer.model_validate({"error": error})
    assert validator(spec, "ErrorAnswer").is_valid({"error": error})
    assert not validator(spec, "ErrorAnswer").is_valid({"error": "text"})
