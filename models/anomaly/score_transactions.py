"""The command `score-transactions FILE.csv`: the file again, with score, alert, severity and reasons."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np
import numpy.typing as npt
from rich.console import Console

from models import store
from models.anomaly.contract import Severity
from models.anomaly.dataset import DataError, Table, read_csv
from models.anomaly.derived import Derived, derive
from models.anomaly.ledger import Ledger
from models.anomaly.model import AnomalyModel, Scored
from models.anomaly.scoring import rounded
from models.engine import ENGINE_HELP, ENGINES, Engine, EngineMissing, mapped
from models.interruption import INTERRUPTED
from models.progress import progress_bar
from models.whole_file import whole_file

Rows = npt.NDArray[np.int64]

_ROWS_AT_ONCE = 5000


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
    if asked.out is not None and not asked.out.parent.is_dir():
        parser.error(f"--out {asked.out}: no folder {asked.out.parent}")
    error = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        stored = store.load(asked.model)
        started = time.perf_counter()
        table = read_csv(asked.data)
        results = score(table, partial(_model, stored.tag, asked.alert_rate), asked.engine)
        seconds, count = time.perf_counter() - started, len(results)
        if asked.out is None:
            write(sys.stdout, table, results)
        else:
            with whole_file(asked.out) as file:
                write(file, table, results)
    except KeyboardInterrupt:
        error.print("interrupted; nothing was saved", style="yellow")
        return INTERRUPTED
    except (DataError, EngineMissing, OSError, store.ModelMissing, store.ModelDamaged) as problem:
        error.print(str(problem), style="red", markup=False)
        return 2
    alerts = sum(result.is_anomaly for result in results)
    error.print(f"{count:,} transactions in {seconds:.2f} s, {count / seconds:,.0f} a second; {alerts:,} alerts")
    return 0


class Result(NamedTuple):
    """What the command adds to a row; the names are those of the columns."""

    score: float
    is_anomaly: int
    severity: Severity
    history_size: int
    reasons: str


def score(table: Table, make: Callable[[], AnomalyModel], engine: Engine = "local") -> list[Result]:
    """Return the result of each row, in the order of the file; reasons are sought for alerts only."""
    ledger = table.ledger()
    found: dict[int, Result] = {}
    parts = np.array_split(np.arange(len(ledger)), max(1, -(-len(ledger) // _ROWS_AT_ONCE)))
    with progress_bar("scoring", len(parts)) as advance:
        for part, results in zip(
            parts, mapped(engine, parts, partial(_scorer, make, ledger, derive(ledger))), strict=True
        ):
            found.update(zip(ledger.order[part].tolist(), results, strict=True))
            advance(f"{part[-1] + 1:,} transactions")
    return [found[row] for row in range(len(ledger))]


def _model(tag: str, alert_rate: float) -> AnomalyModel:
    return AnomalyModel.load(store.load(tag), alert_rate)


def _scorer(make: Callable[[], AnomalyModel], ledger: Ledger, derived: Derived) -> Callable[[Rows], list[Result]]:
    """Return the function that scores rows of the ledger, with the model loaded in whichever process this runs."""
    return partial(_scored, make(), ledger, derived)


def _scored(model: AnomalyModel, ledger: Ledger, derived: Derived, part: Rows) -> list[Result]:
    scored = model.score(ledger, part, derived)
    return [_result(model, ledger, row, scored, number) for number, row in enumerate(part.tolist())]


def _result(model: AnomalyModel, ledger: Ledger, row: int, scored: Scored, number: int) -> Result:
    score, history = rounded(scored.score[number]), int(scored.features.history[number])
    if score <= model.threshold:
        return Result(score, 0, "none", history, "")
    answer = model.prediction(ledger, row, scored, number)
    reasons = "; ".join(reason.message for reason in answer.reasons)
    return Result(answer.score, int(answer.is_anomaly), answer.severity, history, reasons)


def write(file: TextIO, table: Table, results: Sequence[Result]) -> None:
    """Write the table with the results as further columns."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*table.header, *Result._fields])
    writer.writerows([*cells, *result] for cells, result in zip(table.cells, results, strict=True))


if __name__ == "__main__":
    sys.exit(main())
