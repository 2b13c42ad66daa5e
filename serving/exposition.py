"""The metrics of all processes of this machine, the gateway's and the runners', as Prometheus reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from serving.dead_processes import forget_the_dead
from serving.drift import drift


class _Merged(Collector):
    """What several processes wrote, and what follows from their sum."""

    def __init__(self) -> None:
        self._processes = MultiProcessCollector(None)  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        metrics: list[Metric] = list(self._processes.collect())  # type: ignore[no-untyped-call]
        return [*metrics, drift(metrics)]


def exposition() -> bytes:
    """Return the text of `/metrics`."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return generate_latest(REGISTRY)
    forget_the_dead(Path(folder))
    registry = CollectorRegistry()
    registry.register(_Merged())
    return generate_latest(registry)
