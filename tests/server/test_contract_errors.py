"""One shape for every error, from every path and every status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.served import Served
from tests.server.shape import PATHS, error_of

LIMIT = 8_388_608


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "a" * 2001}, "query"),
        ({"query": None}, "query"),
        ({"query": 3}, "query"),
        ({"query": ["a"]}, "query"),
        ({"query": "a", "top_k": 0}, "top_k"),
        ({"query": "a", "top_k": 11}, "top_k"),
        ({"query": "a", "top_k": -1}, "top_k"),
        ({"query": "a", "top_k": "3"}, "top_k"),
        ({"query": "a", "top_k": 3.5}, "top_k"),
        ({"query": "a", "top_k": True}, "top_k"),
        ({"query": "a", "top_k": None}, "top_k"),
        ({"query": "a", "language": "de"}, "language"),
        ({"query": "a", "language": "EN"}, "language"),
        ({"query": "a", "user_id": 7}, "user_id"),
        ({"query": "a", "user_id": ""}, "user_id"),
        ({"query": "a", "topk": 3}, "topk"),
        ({"query": "a", "model": "x"}, "model"),
    ],
    ids=lambda value: json.dumps(value)[:40] if isinstance(value, dict) else "",
)
def test_body_that_breaks_the_contract_is_400_and_names_the_field(
    served: Served, path: str, body: dict[str, Any], field: str
):
    error = error_of(served.client.post(path, json=body), 400)
    assert [detail["field"] for detail in error["details"]] == [field]
    assert all(detail["message"] and detail["type"] for detail in error["details"])


def test_every_bad_field_is_named(served: Served):
    error = error_of(served.client.post(PATHS[0], json={"query": "", "top_k": "3", "extra": 1}), 400)
    assert {detail["field"] for detail in error["details"]} == {"query", "top_k", "extra"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"query": "a"',
        b'{"query": "a",}',
        b"[]",
        b'[{"query": "a"}]',
        b"null",
        b'"query"',
        b"3",
        b'{"query": "\xff\xfe"}',
        b'{"query": "\\ud800"}',
        b'\xef\xbb\xbf{"query": "a"}',
        b'{"query": "a", "top_k": NaN}',
        b'{"query": "a", "top_k": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"query":' * 50_000,
        b"\x00",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_body_that_is_no_json_object_is_400(served: Served, body: bytes):
    error = error_of(served.client.post(PATHS[0], content=body), 400)
    assert error["details"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_body_is_json_whatever_its_declared_type(served: Served, content_type: str):
    headers = {"content-type": content_type}
    assert served.client.post(PATHS[0], content=b'{"query": "a"}', headers=headers).status_code == 200
    assert error_of(served.client.post(PATHS[0], content=b"query=a", headers=headers), 400)


def test_integer_may_be_written_with_a_point(served: Served):
    assert served.client.post(PATHS[0], content=b'{"query": "a", "top_k": 3.0}').status_code == 200


def test_refusal_repeats_nothing_of_the_query(served: Served):
    assert "4242424242424242" not in served.ask("4242424242424242", top_k="4242424242424242").text


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/nowhere", "/v1/predict/nothing", "/predict/nothing", "/v1", "/v2/predict/intent"])
def test_unknown_path_is_404(served: Served, method: str, path: str):
    error_of(served.client.request(method, path), 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", PATHS)
def test_other_method_on_a_prediction_is_405(served: Served, method: str, path: str):
    response = served.client.request(method, path)
    error_of(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/", "/health", "/metrics", "/openapi.json", "/livez", "/readyz"])
def test_post_to_a_path_of_the_system_is_405(served: Served, path: str):
    response = served.client.post(path)
    error_of(response, 405)
    assert "GET" in response.headers["allow"]


def test_body_over_the_limit_is_413(served: Served):
    padding = " " * (LIMIT - len('{"query": "a"}'))
    assert served.client.post(PATHS[0], content='{"query": "a"}' + padding).status_code == 200
    error_of(served.client.post(PATHS[0], content='{"query": "a"}' + padding + " "), 413)


def test_body_over_the_limit_without_a_length_is_413(served: Served):
    def endless() -> Iterator[bytes]:
        yield b'{"query": "'
        for _ in range(100):
            yield b"a" * 100_000

    error_of(served.client.post(PATHS[0], content=endless()), 413)


def test_server_answers_on_after_all_that(served: Served):
    assert served.ask("What is my balance?").status_code == 200
