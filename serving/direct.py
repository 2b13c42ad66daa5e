"""The way of a call to the API, from its body to the bytes of its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import bentoml
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.errors import ApiError, details_of

Method = Callable[[Any, "Aside"], Awaitable[BaseModel | Response]]


class Aside:
    """What a method may say besides its answer; stands for BentoML's context."""

    __slots__ = ("headers", "status_code")

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.status_code = 200

    @property
    def response(self) -> Aside:
        return self


class Direct:
    """Calls the service's methods itself; every other path goes on to BentoML's application.

    BentoML validates and serialises alike, but takes each call through a request, a context, a choice of formats and
    background tasks, which together cost more than a small model's prediction.

    Parameters
    ----------
    service: the BentoML service, whose methods take a request and a context.
    instance: returns the object that it made of its class.
    """

    def __init__(self, app: ASGIApp, service: Any, instance: Callable[[], Any] = bentoml.get_current_service) -> None:
        self.app = app
        self._instance = instance
        self._requests: dict[str, tuple[str, type[BaseModel]]] = {
            method.route: (name, method.input_spec) for name, method in service.apis.items()
        }
        self._methods: dict[str, Method] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self._requests.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if asked is None:
            return await self.app(scope, receive, send)
        name, request_type = asked
        body = (await receive()).get("body")  # whole: JsonBody has read it
        try:
            request = request_type.model_validate_json(body or b"{}")
        except ValidationError as error:
            errors = error.errors(include_url=False, include_context=False, include_input=False)
            return await ApiError(400, details=details_of(errors)).response()(scope, receive, send)
        aside = Aside()
        answer = await self._method(name)(request, aside)
        if isinstance(answer, Response):
            return await answer(scope, receive, send)
        content = answer.model_dump_json().encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        headers += [(key.encode("latin-1"), value.encode("latin-1")) for key, value in aside.headers.items()]
        await send({"type": "http.response.start", "status": aside.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _method(self, name: str) -> Method:
        method = self._methods.get(name)
        if method is None:
            method = self._methods[name] = getattr(self._instance(), name).local
        return method
