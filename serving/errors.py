"""One shape for every error of every path: `{"error": {code, message, details, request_id}}`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.request_context import current

log = structlog.get_logger(__name__)

_SHAPED = "x-ml-shaped"
_SHAPED_RAW = _SHAPED.encode()
_MOST_DETAILS = 20
"""Fields named in one error: a body of a million wrong fields must not become a larger answer."""


@dataclass(frozen=True)
class ErrorKind:
    """One row of the error table."""

    code: str
    message: str
    retry: bool


KINDS: Mapping[int, ErrorKind] = {
    400: ErrorKind("invalid_request", "The request breaks the contract.", False),
    401: ErrorKind("unauthorized", "A valid API key is needed.", False),
    404: ErrorKind("not_found", "There is nothing at this path.", False),
    405: ErrorKind("method_not_allowed", "This path does not answer this method.", False),
    408: ErrorKind("request_timeout", "The request body did not arrive in time.", True),
    413: ErrorKind("body_too_large", "The request body is too large.", False),
    429: ErrorKind("overloaded", "The service is full; try again shortly.", True),
    500: ErrorKind("internal_error", "Something went wrong on our side.", False),
    503: ErrorKind("model_unavailable", "The model is not available now; the others go on answering.", True),
    504: ErrorKind("timeout", "The answer was not ready in time.", True),
}


STORE_UNAVAILABLE = ErrorKind("store_unavailable", "The store is not available now; nothing was changed in it.", True)
"""The other 503."""


class ApiError(Exception):
    """An error to answer with; carries nothing of the caller's data."""

    def __init__(
        self,
        status: int,
        message: str | None = None,
        details: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        kind: ErrorKind | None = None,
    ) -> None:
        self.status = status
        self.kind = kind or KINDS[status]
        self.message = message or self.kind.message
        self.details = details or []
        self.headers = dict(headers or {})
        super().__init__(self.message)

    def response(self) -> JSONResponse:
        """Return the answer in the one shape."""
        info = current()
        error = {
            "code": self.kind.code,
            "message": self.message,
            "details": self.details,
            "request_id": info.request_id if info else "",
        }
        headers = {**self.headers, _SHAPED: "1"}
        if self.kind.retry:
            headers.setdefault("retry-after", "1")
        return JSONResponse({"error": error}, status_code=self.status, headers=headers)


class ErrorShape:
    """Puts the errors of the framework into the one shape; those that have it already pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        foreign: Message | None = None
        started = False
        body = bytearray()

        async def shape(message: Message) -> None:
            nonlocal foreign, started
            if message["type"] == "http.response.start":
                unmarked = [pair for pair in message["headers"] if pair[0] != _SHAPED_RAW]
                if message["status"] >= 400 and len(unmarked) == len(message["headers"]):
                    foreign = message
                    return
                message["headers"] = unmarked
            elif foreign is not None:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    started = True
                    await _translate(foreign, bytes(body)).response()(scope, receive, _unmarked(send))
                return
            started = True
            await send(message)

        try:
            await self.app(scope, receive, shape)
        except Exception as error:
            log.error("unhandled", exc_info=error)
            if started:
                raise
            await ApiError(500).response()(scope, receive, _unmarked(send))


def _unmarked(send: Send) -> Send:
    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            del headers[_SHAPED]
            message["headers"] = headers.raw
        await send(message)

    return forward


def _translate(start: Message, body: bytes) -> ApiError:
    """Return our error for one of the framework's."""
    status = int(start["status"])
    if status == HTTPStatus.UNPROCESSABLE_ENTITY or status not in KINDS:
        status = 400 if status < 500 else 500
    details: list[dict[str, Any]] = []
    if status == 400:
        details = _validation_details(body)
    allow = MutableHeaders(raw=start["headers"]).get("allow")
    return ApiError(status, details=details, headers={"allow": allow} if allow else None)


def _validation_details(body: bytes) -> list[dict[str, Any]]:
    """Return path, sentence and type of each field that pydantic refused."""
    try:
        return details_of(json.loads(body).get("detail", []))
    except (ValueError, AttributeError):
        return []


def details_of(errors: Sequence[Any]) -> list[dict[str, Any]]:
    """Return path, sentence and type of each field that pydantic's `errors` name."""
    return [
        {"field": ".".join(map(str, error.get("loc", ()))) or "body", "message": error["msg"], "type": error["type"]}
        for error in errors[:_MOST_DETAILS]
        if isinstance(error, dict) and "msg" in error and "type" in error
    ]
