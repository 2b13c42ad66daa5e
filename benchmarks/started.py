"""A started contender: up when all that answers calls does, and gone with its children afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.contenders import Contender
from benchmarks.free_port import free_port
from benchmarks.processor_time import settle
from benchmarks.subject import VARIABLE, Subject

PROJECT = Path(__file__).parent.parent


class NotServing(RuntimeError):
    """A contender did not start, or answers something else than predictions."""


@dataclass(frozen=True)
class Started:
    """A running contender: where it listens, the process whose children it is made of, and how soon it was ready."""

    url: str
    pid: int
    ready_s: float


@contextmanager
def started(contender: Contender, subject: Subject, shared: Mapping[str, str], log: Path) -> Iterator[Started]:
    """Start `contender` with the environment `shared`, wait until it predicts and rests, and stop it in the end."""
    port = free_port()
    # Settings of whoever runs the benchmark must not reach one contender and miss another.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ML_", "BENTOML_CONFIG"))}
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            contender.command_at(port),
            cwd=PROJECT,
            env={**inherited, VARIABLE: subject.name, **shared, **contender.environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(contender, process, url + contender.ready_path(subject), log)
        ready_s = time.monotonic() - began
        _check(contender, subject, url)
        settle(process.pid, 60.0)
        yield Started(url + contender.path(subject), process.pid, ready_s)
    finally:
        _stop(process)


def _wait(contender: Contender, process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    answering: set[str] = set()
    deadline = time.monotonic() + 400
    while process.poll() is None and time.monotonic() < deadline:
        try:
            # A new connection each time: which worker answers is decided when it is accepted.
            answer = httpx.get(ready, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 200:
            # The baselines answer the id of their process, the real service always the same.
            answering.add(answer.text)
        if len(answering) == contender.answering:
            return
        time.sleep(0.02)
    raise NotServing(f"{contender.title} does not serve:\n{log.read_text(errors='replace')[-4000:]}")


def _check(contender: Contender, subject: Subject, url: str) -> None:
    # Load generators count answers, right or wrong; here is seen that they are predictions.
    before, after = contender.around(subject)
    content = f'{before}"What is my balance?"{after}'
    kind = {"content-type": "application/json"}
    answer = httpx.post(url + contender.path(subject), content=content, headers=kind, timeout=60)
    if answer.status_code != 200:
        raise NotServing(f"{contender.title}: {answer.status_code} instead of a prediction: {answer.text[:500]}")
    body = answer.json()["outputs"][0]["data"][0] if contender.nested else answer.content
    subject.answer.model_validate_json(body)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    # Not all take their children with them: LitServe's would go on, on the processors of the next one.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(5)
