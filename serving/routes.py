"""The paths beside the predictions: health, metrics, the OpenAPI document and its web page."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from models.contract import Answer, Record
from serving.exposition import exposition
from serving.health import Health
from serving.openapi import HealthAnswer, Operation, document

OPEN_PATHS = frozenset({"/", "/health", "/healthz", "/livez", "/readyz", "/metrics", "/openapi.json", "/docs.json"})
"""Answered without a key and without a place among the calls in flight."""

_ERRORS = (400, 401, 408, 413, 429, 500, 503, 504)
_UNKNOWN_USER = frozenset({"/v1/predict/spending"})
"""Paths that answer 404 for a user of whom nothing is stored."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>ML services for finance</title>
  <link rel="stylesheet" href="static_content/swagger-ui.css">
</head>
<body>
  <div id="api"></div>
  <script src="static_content/swagger-ui-bundle.js"></script>
  <script>SwaggerUIBundle({url: "openapi.json", dom_id: "#api"});</script>
</body>
</html>
"""


@dataclass
class SystemRoutes:
    """The application that answers them; `health` is set when the service is made."""

    app: Starlette
    health: Health | None = None


def system_routes(service: Any) -> SystemRoutes:
    """Return the routes that describe and watch `service`."""
    specification = document(operations(service))

    async def health(_: Request) -> Response:
        if routes.health is None:
            return JSONResponse({"status": "down", "uptime_s": 0.0, "models": []}, status_code=200)
        return JSONResponse(routes.health.report())

    async def metrics(_: Request) -> Response:
        return Response(await anyio.to_thread.run_sync(exposition), media_type=CONTENT_TYPE_LATEST)

    async def openapi(_: Request) -> Response:
        return JSONResponse(specification)

    async def page(_: Request) -> Response:
        return HTMLResponse(_PAGE)

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/health", health),
            Route("/metrics", metrics),
            Route("/openapi.json", openapi),
        ]
    )
    routes = SystemRoutes(app)
    return routes


def operations(service: Any) -> list[Operation]:
    """Return the operations of a BentoML service, read off the types of its methods."""
    found = [_operation(method) for method in service.apis.values()]
    summary = "State of the service and of each model."
    found.append(Operation("/health", "get", "health", summary, None, HealthAnswer, (500,)))
    return found


def known_paths(service: Any) -> frozenset[str]:
    """Return every path that exists, for labels and log lines."""
    predictions = {operation.path for operation in operations(service)}
    aliases = {alias for operation in operations(service) for alias in operation.aliases}
    return frozenset(predictions | aliases | OPEN_PATHS)


def _operation(method: Any) -> Operation:
    hints = typing.get_type_hints(method.func)
    returned = hints.pop("return")
    answer = next(kind for kind in typing.get_args(returned) or (returned,) if issubclass(kind, Record))
    predicts = issubclass(answer, Answer)
    request = next(kind for kind in hints.values() if isinstance(kind, type) and issubclass(kind, BaseModel))
    first, *rest = method.name.split("_")
    return Operation(
        path=method.route,
        method="post",
        operation_id=first + "".join(part.capitalize() for part in rest),
        summary=(method.doc or "").strip().splitlines()[0],
        request=request,
        answer=answer,
        errors=tuple(sorted({*_ERRORS, 404})) if method.route in _UNKNOWN_USER else _ERRORS,
        aliases=(method.route.removeprefix("/v1"),) if predicts else (),
        headers={"x-cache": "`hit` or `miss`, where answers are kept."} if predicts else {},
    )
