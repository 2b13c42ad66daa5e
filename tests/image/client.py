"""Runs inside the container, where nothing but the image's own Python is: `python - COMMAND < client.py`."""

from __future__ import annotations

import concurrent.futures
import itertools
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

URL = "http://127.0.0.1:8000"
TRANSACTION = {"amount": -12.5, "currency": "EUR", "timestamp": "2026-03-02T10:00:00Z", "merchant": "Grocer"}
REQUESTS: dict[str, dict[str, Any]] = {
    "/v1/predict/intent": {"query": "What is my current balance?"},
    "/v1/predict/ner": {"text": "Send 50 bucks to Marie Dupont", "reference_date": "2026-05-14"},
    "/v1/predict/spending": {
        "user_id": "u1",
        "history": [{"month": f"2026-0{month}", "amount": 800 + month} for month in range(1, 7)],
    },
    "/v1/predict/anomaly": {"user_id": "u1", "transaction": TRANSACTION, "history": []},
    "/v1/predict/credit_risk": {"income": 24000, "loan_amount": 19000, "term_months": 60},
    "/v1/transactions": {"transactions": [{"id": "t1", "user_id": "u1", **TRANSACTION}]},
}
_number = itertools.count()


def ask(path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")
    except OSError as error:
        return 0, str(error)


def fresh(path: str) -> dict[str, Any]:
    """Return a request that no cache has seen."""
    body = dict(REQUESTS[path])
    number = next(_number)
    if "query" in body:
        body["query"] = f"{number} what about my savings account and my card " * 5
    elif "text" in body:
        body["text"] = f"Send {number} euros to Marie Dupont at Carrefour next Friday " * 10
    elif "user_id" in body:
        body["user_id"] = f"u{number}"
    return body


def endpoints() -> None:
    print(json.dumps({path: ask(path, body) for path, body in REQUESTS.items()} | {"/health": ask("/health")}))


def load(seconds: float, callers: int) -> None:
    """Ask all endpoints at once; print how often each status came, and the most memory the container ever held."""
    over = time.monotonic() + seconds
    statuses: Counter[int] = Counter()
    paths = itertools.cycle(REQUESTS)

    def call(_: int) -> None:
        while time.monotonic() < over:
            path = next(paths)
            statuses[ask(path, fresh(path))[0]] += 1

    with concurrent.futures.ThreadPoolExecutor(callers) as pool:
        list(pool.map(call, range(callers)))
    print(json.dumps({"statuses": statuses, "peak_bytes": peak()}))


def peak() -> int:
    for file in ("/sys/fs/cgroup/memory.peak", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes"):
        if Path(file).exists():
            return int(Path(file).read_text())
    return 0


def flight(calls: int) -> None:
    """Ask many long questions at once, and print each status as it comes."""
    path = "/v1/predict/intent"
    with concurrent.futures.ThreadPoolExecutor(calls) as pool:
        asked = [pool.submit(ask, path, fresh(path)) for _ in range(calls)]
        for answer in concurrent.futures.as_completed(asked):
            print(answer.result()[0], flush=True)


def kill(service: str) -> None:
    """Kill a process of a service, and print how many there were and the seconds until as many take calls again."""
    before = living(service)
    os.kill(int(before[0].name), signal.SIGKILL)
    started = time.monotonic()
    while not recovered(service, before) and time.monotonic() - started < 120:
        time.sleep(0.1)
    print(json.dumps({"processes": len(before), "seconds": time.monotonic() - started}))


def living(service: str) -> list[Path]:
    """Return the processes of a service that show life: they do from the moment that they take calls."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            if b"--service-name" not in arguments or service.encode() not in arguments:
                continue
            variables = dict(each.split(b"=", 1) for each in (process / "environ").read_bytes().split(b"\0") if each)
            heartbeats = Path(variables[b"HEARTBEATS"].decode())
        except (OSError, KeyError):  # it has just died, or dies: then its environment reads as empty
            continue
        if (heartbeats / process.name).exists():
            found.append(process)
    return found


def recovered(service: str, before: list[Path]) -> bool:
    now = living(service)
    if len(now) < len(before) or before[0] in now:
        return False
    status, health = ask("/health")
    return status == 200 and bool(health["status"] == "ok")


command, *numbers = sys.argv[1:]
if command == "endpoints":
    endpoints()
elif command == "load":
    load(float(numbers[0]), int(numbers[1]))
elif command == "flight":
    flight(int(numbers[0]))
elif command == "kill":
    kill(numbers[0])
