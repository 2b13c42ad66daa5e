from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr
from starlette.responses import PlainTextResponse

from serving.auth import ApiKey
from serving.errors import ErrorShape
from tests.serving.asgi import Sent, client, http_scope, incoming

FINE = PlainTextResponse("fine")


async def call(headers: dict[str, str], keys: tuple[str, ...] = ("one", "two"), path: str = "/") -> httpx.Response:
    guarded = ApiKey(FINE, keys=[SecretStr(key) for key in keys], open_paths=("/health",))
    async with client(ErrorShape(guarded)) as http:
        return await http.get(path, headers=headers)


@pytest.mark.parametrize("key", ["one", "two"])
async def test_each_key_is_taken_as_bearer(key: str):
    assert (await call({"authorization": f"Bearer {key}"})).status_code == 200


@pytest.mark.parametrize("key", ["one", "two"])
async def test_each_key_is_taken_as_x_api_key(key: str):
    assert (await call({"x-api-key": key})).status_code == 200


async def test_scheme_is_read_in_any_case():
    assert (await call({"authorization": "bEARER one"})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer three"},
        {"authorization": "Bearer on"},
        {"authorization": "Bearer onee"},
        {"authorization": "Bearer one two"},
        {"authorization": "Basic one"},
        {"authorization": "one"},
        {"x-api-key": ""},
        {"x-api-key": "three"},
        {"x-api-key": "ONE"},
        {"x-api-key": "one,two"},
    ],
)
async def test_missing_or_wrong_key_is_401(headers: dict[str, str]):
    response = await call(headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthorized"
    assert response.headers["www-authenticate"] == "Bearer"


async def test_refusal_repeats_nothing_of_the_key():
    assert "three" not in (await call({"x-api-key": "three"})).text


async def test_key_beyond_ascii_works():
    assert (await call({"x-api-key": "clé".encode()}, keys=("clé",))).status_code == 200


async def test_bytes_that_are_no_text_are_401():
    assert (await call({"x-api-key": b"\xff\xfe"})).status_code == 401


async def test_open_path_needs_no_key():
    assert (await call({}, path="/health")).status_code == 200


@pytest.mark.parametrize("path", ["/health/", "/health/x", "/Health", "//health", "/v1/predict/intent"])
async def test_neighbours_of_an_open_path_need_a_key(path: str):
    assert (await call({}, path=path)).status_code == 401


async def test_without_keys_everyone_is_let_in():
    assert (await call({}, keys=())).status_code == 200


async def test_refused_call_does_not_reach_the_application():
    async def unreachable(*_: object) -> None:
        raise AssertionError

    sent = Sent()
    await ApiKey(unreachable, keys=[SecretStr("one")], open_paths=())(http_scope(), incoming([]), sent)
    assert sent.statuses == [401]
