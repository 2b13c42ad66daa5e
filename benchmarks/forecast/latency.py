"""`python -m benchmarks.forecast.latency URL`: how long a running service takes to forecast users of 36 months."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np

from models.spending.months import month_name, month_number

_PATH = "/v1/predict/spending"
_MONTHS = 36
_FIRST = month_number("2023-01")


Outcome = tuple[int, float]
"""Status and milliseconds of a call."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 when a call was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast.latency", description=__doc__)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="where the service listens")
    parser.add_argument("--calls", type=int, default=100, help="calls of each caller")
    parser.add_argument("--callers", type=int, default=8, help="callers at once")
    options = parser.parse_args(arguments)
    found = measure(options.url, options.calls, options.callers)
    for title, outcomes in found.items():
        print(_line(title, outcomes))
    lost = sum(status != 200 for outcomes in found.values() for status, _ in outcomes)
    print(f"{lost} calls lost")
    return 1 if lost else 0


def measure(url: str, calls: int, callers: int) -> dict[str, list[Outcome]]:
    """Return what came of the calls: of one caller, of the same ones again, and of several callers at once."""
    random = np.random.default_rng()  # unseeded: a history seen before would come from the cache
    fresh = [_body(random) for _ in range(calls)]
    with httpx.Client(base_url=url, timeout=60) as client:
        _timed(client, _body(random))
        found = {
            "one caller, users not seen before": [_timed(client, body) for body in fresh],
            "one caller, cached": [_timed(client, body) for body in fresh],
        }

    def call(bodies: list[dict[str, object]]) -> list[Outcome]:
        with httpx.Client(base_url=url, timeout=60) as own:
            return [_timed(own, body) for body in bodies]

    with ThreadPoolExecutor(callers) as pool:
        shares = [[_body(random) for _ in range(calls)] for _ in range(callers)]
        together = [outcome for outcomes in pool.map(call, shares) for outcome in outcomes]
    return {**found, f"{callers} callers, users not seen before": together}


def _body(random: np.random.Generator) -> dict[str, object]:
    amounts = 1500 * random.gamma(12, 1 / 12, _MONTHS)
    history = [
        {"month": month_name(_FIRST + at), "amount": round(float(amount), 2)} for at, amount in enumerate(amounts)
    ]
    return {"user_id": f"user-{random.integers(1 << 40)}", "history": history}


def _timed(client: httpx.Client, body: dict[str, object]) -> Outcome:
    started = time.perf_counter()
    status = client.post(_PATH, json=body).status_code
    return status, 1000 * (time.perf_counter() - started)


def _line(title: str, found: list[Outcome]) -> str:
    times = np.array([milliseconds for _, milliseconds in found])
    return f"{title}: p50 {np.median(times):.1f} ms, p95 {np.quantile(times, 0.95):.1f} ms, {len(times)} calls"


if __name__ == "__main__":
    sys.exit(main())
