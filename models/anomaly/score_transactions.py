"""The command `score-transactions FILE.csv`: the file again, with score, alert, severity and reasons."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt
from rich.console import Console

from models import store
from models.anomaly.dataset import DataError, Table, read_csv
from models.anomaly.derived import Derived, derive
from models.anomaly.ledger import Ledger
from models.anomaly.model import AnomalyModel
from models.engine import ENGINE_HELP, ENGINES, Engine, EngineMissing, mapped
from models.progress import progress_bar

Rows = npt.NDArray[np.int64]

_ROWS_AT_ONCE = 5000
RESULTS = ("score", "is_anomaly", "severity", "history_size", "reasons")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="score-transactions",
        description="Score the transactions of a CSV file, each by those of its user that the file dates before it.",
    )
    parser.add_argument("data", type=Path, metavar="FILE.csv", help="columns user_id, amount, currency, timestamp …")
    parser.add_argument("--model", default="anomaly:latest", help="tag in the model store (default: %(default)s)")
    parser.add_argument(
        "--alert-rate",
        type=float,
        default=0.005,
        help="share of ordinary transactions to alert on (default: %(default)s)",
    )
    parser.add_argument("--engine", choices=ENGINES, default="local", help=f"{ENGINE_HELP} (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="file to write (default: standard output)")
    asked = parser.parse_args(arguments)
    if not 0 < asked.alert_rate < 0.5:
        parser.error("--alert-rate must be above 0 and below 0.5")
    error = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        stored = store.load(asked.model)
        make = partial(_model, stored.tag, asked.alert_rate)
        started = time.perf_counter()
        table = read_csv(asked.data)
        if asked.out is None:
            alerts = write(sys.stdout, table, make, asked.engine)
        else:
            with asked.out.open("w", encoding="utf-8", newline="") as file:
                alerts = write(file, table, make, asked.engine)
    except KeyboardInterrupt:
        error.print("interrupted; what was not written yet is missing", style="yellow")
        return 130
    except (DataError, EngineMissing, OSError, store.ModelMissing, store.ModelDamaged) as problem:
        error.print(str(problem), style="red", markup=False)
        return 2
    seconds, count = time.perf_counter() - started, len(table.cells)
    error.print(f"{count:,} transactions in {seconds:.2f} s, {count / seconds:,.0f} a second; {alerts:,} alerts")
    return 0


def write(file: TextIO, table: Table, make: Callable[[], AnomalyModel], engine: Engine = "local") -> int:
    """Write the table with the results as further columns, in the order of the file; return how many are alerts."""
    found: list[list[object]] = [[] for _ in table.cells]
    ledger = table.ledger()
    alerts = 0
    for row, result in _results(ledger, make, engine):
        found[int(ledger.order[row])] = result
        alerts += bool(result[1])
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*table.header, *RESULTS])
    writer.writerows([*cells, *result] for cells, result in zip(table.cells, found, strict=True))
    return alerts


def _results(ledger: Ledger, make: Callable[[], AnomalyModel], engine: Engine) -> Iterator[tuple[int, list[object]]]:
    """Yield each row of the ledger and its results; reasons are sought for alerts only."""
    parts = np.array_split(np.arange(len(ledger)), max(1, -(-len(ledger) // _ROWS_AT_ONCE)))
    with progress_bar("scoring", len(parts)) as advance:
        scored = mapped(engine, parts, partial(_scorer, make, ledger, derive(ledger)))
        for part, results in zip(parts, scored, strict=True):
            yield from zip(part.tolist(), results, strict=True)
            advance(f"{part[-1] + 1:,} transactions")


def _model(tag: str, alert_rate: float) -> AnomalyModel:
    return AnomalyModel.load(store.load(tag), alert_rate)


def _scorer(make: Callable[[], AnomalyModel], ledger: Ledger, derived: Derived) -> Callable[[Rows], list[list[object]]]:
    """Return the function that scores rows of the ledger, with the model loaded in whichever process this runs."""
    return partial(_scored, make(), ledger, derived)


def _scored(model: AnomalyModel, ledger: Ledger, derived: Derived, part: Rows) -> list[list[object]]:
    scored = model.score(ledger, part, derived)
    found: list[list[object]] = []
    for number, (row, score) in enumerate(zip(part.tolist(), scored.score.tolist(), strict=True)):
        history = int(scored.features.history[number])
        if score <= model.threshold:
            found.append([f"{score:.6f}", 0, "none", history, ""])
            continue
        answer = model.prediction(ledger, row, scored, number)
        reasons = "; ".join(reason.message for reason in answer.reasons)
        found.append([f"{answer.score:.6f}", int(answer.is_anomaly), answer.severity, history, reasons])
    return found


if __name__ == "__main__":
    sys.exit(main())
