from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.served import ONE_EACH, Served, ServedFactory
from tests.server.shape import PATHS, error_of

KEYS = ("key-of-the-backend", "key-of-the-jobs")


@pytest.fixture(scope="module")
def guarded(serve: ServedFactory) -> Iterator[Served]:
    server = serve(ML_API_KEYS=", ".join(KEYS), **ONE_EACH)
    yield server
    server.stop()


def status(guarded: Served, path: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return guarded.client.post(path, json={"query": "hello"}, headers=named).status_code


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", KEYS)
def test_each_key_opens_each_path(guarded: Served, path: str, key: str):
    assert status(guarded, path, authorization=f"Bearer {key}") == 200
    assert status(guarded, path, x_api_key=key) == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers", [{}, {"x-api-key": "guess"}, {"authorization": "Bearer guess"}, {"authorization": f"Basic {KEYS[0]}"}]
)
def test_missing_or_wrong_key_is_401(guarded: Served, path: str, headers: dict[str, str]):
    response = guarded.client.post(path, json={"query": "hello"}, headers=headers)
    error_of(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


def test_key_is_asked_for_before_the_body_is_looked_at(guarded: Served):
    error_of(guarded.client.post(PATHS[0], content=b"not json"), 401)
    error_of(guarded.client.post(PATHS[0], content=b" " * 5_000_000), 401)


@pytest.mark.parametrize("path", ["/nowhere", "/schema.json", "/v1/predict/nothing"])
def test_nothing_is_told_of_other_paths(guarded: Served, path: str):
    error_of(guarded.client.get(path), 401)


@pytest.mark.parametrize("path", ["/", "/health", "/livez", "/readyz", "/metrics", "/openapi.json"])
def test_probes_metrics_and_document_need_no_key(guarded: Served, path: str):
    assert guarded.client.get(path).status_code == 200


def test_page_loads_its_scripts_without_a_key(guarded: Served):
    for address in re.findall(r'(?:src|href)="([^"]+)"', guarded.client.get("/").text):
        assert guarded.client.get(f"/{address}").status_code == 200


def test_no_key_is_logged(guarded: Served):
    log = guarded.log_file.read_text()
    assert not any(key in log for key in (*KEYS, "guess"))
    assert "every caller is let in" not in log
