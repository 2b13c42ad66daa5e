"""`python -m benchmarks.anomaly.latency URL`: how long a running service takes for users of 1,000 transactions.

And `score-transactions` beside it, on the same accounts, by what a row costs.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np

from benchmarks.load import send
from benchmarks.processor_time import Stopwatch

_HISTORY = 1000
_USERS = 20
_QUESTIONS = 200
_START = datetime(2024, 1, 1, tzinfo=UTC)
_KINDS = ("groceries", "restaurants", "transport", "fuel", "clothing")
Transaction = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 when a call was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anomaly.latency", description=__doc__)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="where the service listens")
    parser.add_argument("--seconds", type=int, default=10, help="length of each load")
    parser.add_argument("--callers", type=int, default=8, help="callers at once")
    parser.add_argument("--pid", type=int, help="of `bentoml serve`, on this machine: tells processor time as well")
    options = parser.parse_args(arguments)
    random = np.random.default_rng()  # unseeded: the users are new ones each time
    accounts = {f"latency-{random.integers(1 << 40)}": _account(random) for _ in range(_USERS)}
    _store(options.url, accounts)
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        bodies = Path(folder) / "bodies.jsonl"
        # Each user in turn, so that no two callers ask about the same one.
        questions = [_question(user, rows, random) for _ in range(_QUESTIONS) for user, rows in accounts.items()]
        bodies.write_bytes(b"\n".join(questions) + b"\n")
        route = options.url + "/v1/predict/anomaly"
        send(route, options.callers, 2, (), bodies)
        for callers in (1, options.callers):
            watch = Stopwatch(options.pid) if options.pid else None
            load = send(route, callers, options.seconds, (), bodies)
            spent = f", {1000 * sum(watch.stop().service) / load.requests:.1f} ms of processors a call" if watch else ""
            lost += load.errors
            told = f"p50 {load.p50_ms:.1f} ms, p99 {load.p99_ms:.1f} ms, {load.requests} calls{spent}"
            print(f"{callers} caller(s): {told}", flush=True)
    print(f"{lost} calls lost")
    rows, seconds, busy = _file(accounts)
    print(f"score-transactions: {1000 * seconds / rows:.3f} ms a row, {1000 * busy / rows:.3f} ms of processors")
    return 1 if lost else 0


def _account(random: np.random.Generator) -> list[Transaction]:
    days = np.cumsum(random.exponential(0.5, _HISTORY))
    kinds = random.integers(len(_KINDS), size=_HISTORY)
    return [
        {
            "amount": -round(float(random.lognormal(3, 0.8)), 2),
            "currency": "EUR",
            "timestamp": (_START + timedelta(days=float(day))).isoformat(timespec="seconds"),
            "merchant": f"{_KINDS[kind]} {random.integers(8)}",
            "category": _KINDS[kind],
            "channel": "card",
            "country": "FR",
        }
        for day, kind in zip(days, kinds, strict=True)
    ]


def _question(user: str, rows: list[Transaction], random: np.random.Generator) -> bytes:
    """Return a request that nobody sent before; one in five is out of the ordinary and gets reasons."""
    later = datetime.fromisoformat(str(rows[-1]["timestamp"])) + timedelta(hours=float(random.uniform(1, 40)))
    odd = {"amount": -round(float(random.uniform(500, 5000)), 2), "country": "TH"} if random.random() < 0.2 else {}
    paid = {**rows[random.integers(_HISTORY)], "timestamp": later.isoformat(timespec="seconds"), **odd}
    return json.dumps({"user_id": user, "transaction": paid}).encode()


def _store(url: str, accounts: dict[str, list[Transaction]]) -> None:
    rows = [
        {**row, "user_id": user, "id": f"{user}-{number}"}
        for user, account in accounts.items()
        for number, row in enumerate(account)
    ]
    for at in range(0, len(rows), 5000):
        answer = httpx.post(f"{url}/v1/transactions", json={"transactions": rows[at : at + 5000]}, timeout=60)
        if answer.status_code != 200:
            raise SystemExit(f"transactions could not be stored: {answer.status_code}")


def _file(accounts: dict[str, list[Transaction]]) -> tuple[int, float, float]:
    """Return how many rows `score-transactions` scored, in how many seconds, and of which processors."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "rows.csv"
        rows = [{"user_id": user, **row} for user, account in accounts.items() for row in account]
        with data.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        command = [Path(sys.executable).with_name("score-transactions"), data, "--out", Path(folder) / "scored.csv"]
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True)
        seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return len(rows), seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
