from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from serving.alias import Alias
from tests.serving.asgi import Sent, client, http_scope, incoming


async def name(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the path and query as the application sees them."""
    request = Request(scope)
    assert scope.get("raw_path", request.url.path.encode()) == request.url.path.encode()
    await PlainTextResponse(f"{request.url.path}?{request.url.query}")(scope, receive, send)


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("/predict/intent", "/v1/predict/intent?"),
        ("/predict/intent?a=1", "/v1/predict/intent?a=1"),
        ("/predict/unheard_of", "/v1/predict/unheard_of?"),
        ("/v1/predict/intent", "/v1/predict/intent?"),
        ("/predict", "/predict?"),
        ("/predictions/intent", "/predictions/intent?"),
        ("/x/predict/intent", "/x/predict/intent?"),
        ("/v2/predict/intent", "/v2/predict/intent?"),
        ("/health", "/health?"),
    ],
)
async def test_old_paths_alone_are_mapped(asked: str, seen: str):
    async with client(Alias(name)) as http:
        assert (await http.get(asked)).text == seen


async def test_scope_of_the_caller_is_not_changed():
    scope = http_scope("/predict/intent")
    await Alias(name)(scope, incoming([]), Sent())
    assert scope["path"] == "/predict/intent"
