"""Print what BentoML makes of the configuration, by service: test_configuration.py runs a process a configuration."""

from __future__ import annotations

import json
import multiprocessing
import sys
import warnings
from typing import Any

warnings.simplefilter("ignore")

from _bentoml_impl.server.allocator import ResourceAllocator
from bentoml._internal.configuration.containers import BentoMLContainer

import service


def resolved(name: str) -> dict[str, Any]:
    """Return what it makes of it for one service."""
    gateway = service.gateway
    asked = gateway if name == gateway.name else gateway.find_dependent_by_name(name)
    application = asked.to_asgi(is_main=asked is gateway)
    workers, environment = ResourceAllocator().get_worker_env(asked)
    layers = {layer.cls.__name__: layer.kwargs for layer in application.user_middleware}
    tracing = layers.get("OpenTelemetryMiddleware")
    excluded = tracing["excluded_urls"] if tracing else None
    return {
        "workers": workers,
        "worker_environment": environment,
        "port": BentoMLContainer.http.port.get(),
        "timeout": layers["TimeoutMiddleware"]["timeout"] if "TimeoutMiddleware" in layers else None,
        "measures_raw_paths": "RunnerTrafficMetricsMiddleware" in layers,
        "routes": [route.path for route in application.routes if hasattr(route, "path")],
        "asks_runners_for_readiness": BentoMLContainer.api_server_config.runner_probe.enabled.get(),
        "writes_access_lines": "AccessLogMiddleware" in layers,
        "traces": tracing is not None and not (excluded and excluded.url_disabled("http://host/v1/predict/intent")),
        "connection": BentoMLContainer.config.services.get()[name].get("runner_connection"),
    }


if __name__ == "__main__":
    names = sys.argv[1:]
    # BentoML keeps a service's configuration for its process: each is resolved in one of its own.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        print(json.dumps(dict(zip(names, pool.map(resolved, names, chunksize=1), strict=True)), default=str))
