"""The BentoML service that the gateway is: without the middlewares in whose place serving/ has its own."""

from __future__ import annotations

from typing import Any

from _bentoml_sdk import Service
from bentoml._internal.server.http.traffic import TimeoutMiddleware
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from starlette.applications import Starlette

_REPLACED: dict[object, str] = {
    OpenTelemetryMiddleware: "serving/request_context.py carries the trace, and nothing exports spans",
    TimeoutMiddleware: "serving/admission.py has the deadline; this one keeps what was answered as long",
}


class Gateway(Service[Any]):
    """Makes an application with fewer layers around the same routes."""

    def to_asgi(self, is_main: bool = True) -> Starlette:
        """Return the application of this process."""
        application: Starlette = super().to_asgi(is_main)
        application.user_middleware = [layer for layer in application.user_middleware if layer.cls not in _REPLACED]
        return application
