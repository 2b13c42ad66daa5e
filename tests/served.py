"""A really started `bentoml serve`, and how to talk to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import httpx
import psutil

from runners.heartbeat import FOLDER

PROJECT = Path(__file__).parent.parent

ONE_FORECASTER = {"BENTOML_CONFIG_OVERRIDES": json.dumps({"services": {"spending_runner": {"workers": 1}}})}
"""Environment of a server with all gateways and one process for forecasts: a quarter less work."""

ONE_EACH = {
    "BENTOML_CONFIG_OVERRIDES": json.dumps(
        {"services": {"ml_services": {"workers": 1}, "spending_runner": {"workers": 1}}}
    )
}
"""Environment of a server with one process a service, for what does not depend on their number: half the start."""


class ServedFactory(Protocol):
    def __call__(self, **environment: str) -> Served: ...


class Served:
    """`bentoml serve` as an operator starts it, on a free port, with its log in a file."""

    def __init__(self, folder: Path, environment: dict[str, str], target: str = ".", cwd: Path = PROJECT) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_file = folder / "log.jsonl"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ML_", "BENTOML_CONFIG"))}
        store = {"ML_DATABASE_PATH": str(folder / "store.sqlite")}
        bentoml = Path(sys.executable).with_name("bentoml")
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [bentoml, "serve", target, "--host", "127.0.0.1", "--port", str(self.port)],
                cwd=cwd,
                env={**inherited, **store, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        hooks = {"request": [self._still_there]}
        self.client = httpx.Client(base_url=self.url, timeout=30, event_hooks=hooks)

    def wait_ready(self, timeout_s: float = 300.0) -> None:
        """Return once `/readyz` answers 200."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                if self.client.get("/readyz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not ready:\n{self.log_file.read_text()[-4000:]}")

    def ask(self, query: str, **fields: Any) -> httpx.Response:
        """Post one query to the intent endpoint."""
        return self.client.post("/v1/predict/intent", json={"query": query, **fields})

    def log(self) -> list[dict[str, Any]]:
        """Return the log lines, each parsed; a line that is not JSON fails the test."""
        return [json.loads(line) for line in self.log_file.read_text().splitlines()]

    def workers(self, service: str) -> list[psutil.Process]:
        """Return the worker processes of a BentoML service (`ml_services`, `intent_runner`)."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if service in _argument(_command(child), "--service-name")]

    def in_service(self, service: str) -> int:
        """Return how many processes of a BentoML service show life: they do from the moment that they take calls."""
        return sum(map(_shows_life, self.workers(service)))

    def stop(self) -> None:
        """Stop as an orchestrator does, with SIGTERM; kill what is left."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)

    def _still_there(self, _: httpx.Request) -> None:
        if (code := self.process.poll()) is not None:
            raise AssertionError(f"the server ended, {code}:\n{self.log_file.read_text()[-4000:]}")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:  # it has just died
        return []


def _shows_life(process: psutil.Process) -> bool:
    try:
        return (Path(process.environ()[FOLDER]) / str(process.pid)).is_file()
    except (KeyError, psutil.Error):
        return False


def _argument(command: list[str], name: str) -> str:
    return command[command.index(name) + 1] if name in command[:-1] else ""
