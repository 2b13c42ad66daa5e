"""Metrics of processes that were killed: real ones, each with the files that prometheus_client makes for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from serving.dead_processes import forget_the_dead

WORKER = """
import os, signal, sys
from serving.metrics import MODEL_READY, PREDICTIONS
MODEL_READY.labels("intent").set(float(sys.argv[1]))
PREDICTIONS.labels("intent", "in_scope").inc()
print("ready", flush=True)
sys.stdin.read()
"""


def worker(folder: Path, ready: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(ready)],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def values(folder: Path) -> tuple[float | None, float | None]:
    """Return whether the model is ready, and how many predictions were counted, over all processes."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    ready = registry.get_sample_value("ml_model_ready", {"model": "intent"})
    return ready, registry.get_sample_value("ml_predictions_total", {"model": "intent", "outcome": "in_scope"})


def test_what_a_killed_process_said_of_a_model_is_forgotten_and_what_it_counted_is_not(tmp_path: Path):
    living, killed = worker(tmp_path, 1), worker(tmp_path, 0)
    forget_the_dead(tmp_path)
    assert values(tmp_path) == (0, 2)
    end(killed)
    assert values(tmp_path) == (0, 2)  # the state that would be told for ever
    forget_the_dead(tmp_path)
    assert values(tmp_path) == (1, 2)
    end(living)
    forget_the_dead(tmp_path)
    assert values(tmp_path) == (None, 2)
