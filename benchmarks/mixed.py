"""`python -m benchmarks.mixed`: all five endpoints at once, and what the others' work costs an intent."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.callers import Answered, Call, call_for, milliseconds
from benchmarks.contenders import OURS
from benchmarks.load import QUERIES
from benchmarks.machine import describe_commit
from benchmarks.started import started
from benchmarks.subject import SUBJECTS

RESULTS = Path(__file__).with_name("results")
CALLERS = 32


def calls() -> list[Call]:
    """Return the five endpoints with their shares."""
    texts = QUERIES.read_text(encoding="utf-8").splitlines()
    history = [{"month": f"{2023 + at // 12}-{at % 12 + 1:02d}", "amount": 800 + 37 * (at % 7)} for at in range(36)]
    moment = {"currency": "EUR", "timestamp": "2026-03-02T10:00:00Z"}
    before = [
        {"amount": -20.0 - at % 9, "merchant": "Carrefour", "category": "groceries", **moment} for at in range(40)
    ]
    paid = [{"amount": -float(at), "merchant": f"Shop {at % 20}", **moment} for at in range(5, 200, 7)]
    return [
        Call("intent", "/v1/predict/intent", [{"query": text} for text in texts], 0.4),
        Call("ner", "/v1/predict/ner", [{"text": text} for text in texts], 0.2),
        Call("spending", "/v1/predict/spending", [{"user_id": f"u{at}", "history": history} for at in range(50)], 0.1),
        Call(
            "anomaly",
            "/v1/predict/anomaly",
            [{"user_id": "u", "transaction": each, "history": before} for each in paid],
            0.2,
        ),
        Call(
            "credit_risk",
            "/v1/predict/credit_risk",
            [{"income": 20_000 + 500 * at, "loan_amount": 9_000 + 100 * at, "term_months": 48} for at in range(50)],
            0.1,
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mixed", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="length of the mixed load (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args(arguments)
    five = calls()
    quick = [each for each in five if each.name != "spending"]
    with tempfile.TemporaryDirectory() as logs:
        subject = SUBJECTS["intent"]
        with started(OURS, subject, {"ML_DATABASE_PATH": f"{logs}/store.sqlite"}, Path(logs) / "log") as service:
            url = service.url.removesuffix(subject.route)
            asyncio.run(call_for(url, five, CALLERS, min(5, options.seconds)))
            without = asyncio.run(call_for(url, quick, CALLERS, max(5, options.seconds / 10), seed=1))
            mixed = asyncio.run(call_for(url, five, CALLERS, options.seconds, seed=2))
    record = {
        "commit": describe_commit(),
        "callers": CALLERS,
        "seconds": options.seconds,
        "mixed": [_line(mixed, call.name) for call in five],
        "without_spending": [_line(without, call.name) for call in quick],
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "mixed.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))


def _line(answered: Sequence[Answered], name: str) -> dict[str, Any]:
    own = [each for each in answered if each.name == name]
    statuses = Counter(str(each.status) for each in own)
    percentiles = {f"p{at}_ms": milliseconds(own, at) for at in (50, 99)}
    return {"endpoint": name, "answers": len(own), "statuses": statuses, **percentiles}


if __name__ == "__main__":
    main()
