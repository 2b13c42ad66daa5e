"""`python -m benchmarks.request_cost ours|plain`: processor time of a request in one process, without a network.

For machines that others use too: what they do changes how long a request takes, and hardly what it costs.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp, Message

from benchmarks.load import QUERIES
from benchmarks.subject import SUBJECTS

SUBJECT = SUBJECTS["intent"]
CALLERS = (1, 64)
_ELSEWHERE = dict.fromkeys(("ner", "credit_risk", "spending", "anomaly"), "http://127.0.0.1:9")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.request_cost", description=__doc__)
    parser.add_argument("service", choices=("ours", "plain"), help="this service, or FastAPI with the same graph")
    parser.add_argument("--requests", type=int, default=1000, help="in each of three rounds (%(default)s)")
    parser.add_argument("--without-model", action="store_true", help="every prediction is the first one's")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        cache, runners = {"ML_CACHE_ENABLED": "false"}, {"ML_RUNNER_URLS": json.dumps(_ELSEWHERE)}
        files = {"ML_DATABASE_PATH": f"{folder}/store.sqlite", "PROMETHEUS_MULTIPROC_DIR": folder}
        os.environ |= {**cache, **runners, **files, "ML_DEVICE": "cpu", "ML_LOG_FORMAT": "json"}
        if options.without_model:
            _without_model()
        import uvloop

        uvloop.run(_measure(options.service, options.requests))


def _without_model() -> None:
    from models.intent.model import IntentModel

    predict = IntentModel.predict
    first: list[Any] = []

    def same(self: IntentModel, requests: Sequence[Any]) -> list[Any]:
        if not first:
            first.extend(predict(self, requests[:1]))
        return first * len(requests)

    IntentModel.predict = same  # type: ignore[method-assign]


async def _measure(service: str, requests: int) -> None:
    application = await (_ours() if service == "ours" else _plain())
    texts = QUERIES.read_text(encoding="utf-8").splitlines()
    bodies = itertools.cycle([json.dumps({SUBJECT.field: text}).encode() for text in texts])
    await _drive(application, bodies, 200, 8)
    for callers in CALLERS:
        spent = [await _drive(application, bodies, requests, callers) for _ in range(3)]
        print(f"{service}, {callers} callers: {min(spent):.3f} ms of processor time a request", flush=True)
    os._exit(0)  # of the threads and connections that wait nothing is wanted any more


async def _ours() -> ASGIApp:
    import bentoml

    import service

    application: ASGIApp = service.gateway.to_asgi()
    started = asyncio.Event()

    async def receive() -> Message:
        if started.is_set():
            await asyncio.Event().wait()
        return {"type": "lifespan.startup"}

    async def send(_: Message) -> None:
        started.set()

    task = asyncio.create_task(
        application({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    )
    await started.wait()
    gateway: Any = bentoml.get_current_service()
    while not gateway.health.available(SUBJECT.name):
        await asyncio.sleep(0.1)
    await gateway.health.stop()  # which would ask for the models that are not there
    gateway.kept_alive = task
    return application


async def _plain() -> ASGIApp:
    from benchmarks.plain_int8 import application

    return application()


async def _drive(application: ASGIApp, bodies: Any, requests: int, callers: int) -> float:
    """Return milliseconds of processor time a request."""
    numbers = iter(range(requests))

    async def caller() -> None:
        for _ in numbers:
            await _ask(application, next(bodies))

    began = time.process_time()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return (time.process_time() - began) / requests * 1000


async def _ask(application: ASGIApp, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    path = {"path": SUBJECT.route, "raw_path": SUBJECT.route.encode(), "query_string": b"", "root_path": ""}
    scope = {"type": "http", "method": "POST", "http_version": "1.1", "scheme": "http", "headers": headers, **path}
    incoming = iter([{"type": "http.request", "body": body, "more_body": False}])
    status = 0

    async def receive() -> Message:
        for message in incoming:
            return message
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    await application(
        {**scope, "asgi": {"version": "3.0"}, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2)}, receive, send
    )
    if status != 200:
        sys.exit(f"{status} instead of an answer")


if __name__ == "__main__":
    main()
