"""`python -m benchmarks.endpoints`: how long forecasts and credit decisions take, and files of applications."""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import numpy as np

from benchmarks.contenders import CACHED
from benchmarks.forecast.latency import Outcome, measure
from benchmarks.machine import describe_commit
from benchmarks.started import started
from benchmarks.subject import SUBJECTS

RESULTS = Path(__file__).with_name("results")
APPLICATIONS = 1000


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endpoints", description=__doc__)
    parser.add_argument("--calls", type=int, default=100, help="forecasts of each caller (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args(arguments)
    subject = SUBJECTS["intent"]
    with tempfile.TemporaryDirectory() as folder:
        shared = {"ML_DATABASE_PATH": f"{folder}/store.sqlite"}
        with started(CACHED, subject, shared, Path(folder) / "log") as service:
            url = service.url.removesuffix(subject.route)
            forecasts = measure(url, options.calls, 8)
            decisions = _decisions(url, 4 * options.calls)
        rates = {"without reasons": _rate(Path(folder)), "with reasons": _rate(Path(folder), "--reasons")}
    record = {
        "commit": describe_commit(),
        "spending": [_line(title, outcomes) for title, outcomes in forecasts.items()],
        "credit_risk": [_line("one caller", decisions)],
        "applications": APPLICATIONS,
        "rows_per_second": rates,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "endpoints.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))


def _line(title: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    p50, p99 = np.quantile([milliseconds for _, milliseconds in outcomes], [0.5, 0.99])
    lost = sum(status != 200 for status, _ in outcomes)
    return {
        "what": title,
        "calls": len(outcomes),
        "lost": lost,
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
    }


def _application(at: int) -> dict[str, float]:
    return {"income": 20_000 + 41 * at, "loan_amount": 9_000 + 17 * at, "term_months": 12 * (1 + at % 6)}


def _decisions(url: str, calls: int) -> list[Outcome]:
    """Return what came of decisions, each of which the service logs before it answers."""
    outcomes: list[Outcome] = []
    with httpx.Client(base_url=url, timeout=60) as client:
        for at in range(calls + 20):
            answer = client.post("/v1/predict/credit_risk", json=_application(at))
            outcomes.append((answer.status_code, 1000 * answer.elapsed.total_seconds()))
    return outcomes[20:]


def _rate(folder: Path, *options: str) -> float:
    """Return the rows a second that `score-applications` tells: median of five, without start and loading."""
    data = folder / "applications.csv"
    rows = [_application(at) for at in range(APPLICATIONS)]
    with data.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    command = [Path(sys.executable).with_name("score-applications"), data, "--out", folder / "scored.csv", *options]
    told = [subprocess.run(command, check=True, capture_output=True, text=True).stderr for _ in range(5)]
    found = [re.search(r"([\d,]+) a second", each) for each in told]
    return median(float(each[1].replace(",", "")) for each in found if each is not None)


if __name__ == "__main__":
    main()
