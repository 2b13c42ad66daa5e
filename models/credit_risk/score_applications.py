"""The command `score-applications FILE.csv`: the file again, with probability, score, band, decision and reasons."""

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
from models.credit_risk.dataset import Portfolio, read_portfolio
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import Policy, policy, score_of
from models.credit_risk.reasons import MOST
from models.credit_risk.table import Table, read_table
from models.data_file import DataError
from models.engine import ENGINE_HELP, ENGINES, Engine, EngineMissing, mapped
from models.interruption import INTERRUPTED
from models.whole_file import whole_file

Values = npt.NDArray[np.float64]

_ROWS_AT_ONCE = 4096
RESULTS = ("probability_of_default", "score", "band", "decision")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="score-applications", description="Score the applications of a CSV file.")
    parser.add_argument("data", type=Path, metavar="FILE.csv", help="one application a row, columns as in training")
    parser.add_argument("--model", default="credit_risk:latest", help="tag in the model store (default: %(default)s)")
    parser.add_argument("--reasons", action="store_true", help="add what counts against each application")
    parser.add_argument("--out", type=Path, help="file to write (default: standard output)")
    parser.add_argument("--engine", choices=ENGINES, default="local", help=f"{ENGINE_HELP} (default: %(default)s)")
    asked = parser.parse_args(arguments)
    error = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        stored = store.load(asked.model)
        model = CreditRiskModel.load(stored)
        started = time.perf_counter()
        table = read_table(asked.data)
        portfolio = read_portfolio(table, model.specification, outcomes=False)
        results = _results(portfolio, asked.engine, partial(scorer, stored.tag, policy(), asked.reasons))
        if asked.out is None:
            write(sys.stdout, table, results, asked.reasons)
        else:
            with whole_file(asked.out) as file:
                write(file, table, results, asked.reasons)
    except KeyboardInterrupt:
        error.print("interrupted; nothing was saved", style="yellow")
        return INTERRUPTED
    except (DataError, EngineMissing, OSError, store.ModelMissing, store.ModelDamaged) as problem:
        error.print(str(problem), style="red", markup=False)
        return 2
    seconds = time.perf_counter() - started
    error.print(f"{len(table)} applications in {seconds:.3f} s, {len(table) / seconds:,.0f} a second")
    if model.notice:
        error.print(model.notice, style="yellow", markup=False)
    return 0


def write(file: TextIO, table: Table, results: Iterator[list[object]], reasons: bool) -> None:
    """Write the table with the results as further columns."""
    writer = csv.writer(file, lineterminator="\n")
    named = [f"reason_{number}" for number in range(1, MOST + 1)] if reasons else []
    writer.writerow([*table.header, *RESULTS, *named])
    rows = zip(*(table.columns[name] for name in table.header), strict=True)
    for row, result in zip(rows, results, strict=True):
        writer.writerow([*row, *result])


def _results(
    portfolio: Portfolio, engine: Engine, make: Callable[[], Callable[[Values], list[list[object]]]]
) -> Iterator[list[object]]:
    values = portfolio.values
    parts = [values[start : start + _ROWS_AT_ONCE] for start in range(0, len(values), _ROWS_AT_ONCE)]
    for part in mapped(engine, parts, make):
        yield from part


def scorer(tag: str, cutoffs: Policy, reasons: bool) -> Callable[[Values], list[list[object]]]:
    """Return the function that scores rows, with the model loaded in whichever process this runs."""
    return partial(_scored, CreditRiskModel.load(store.load(tag)), cutoffs, reasons)


def _scored(model: CreditRiskModel, cutoffs: Policy, reasons: bool, values: Values) -> list[list[object]]:
    told = model.reasons(values) if reasons else [[]] * len(values)
    rows: list[list[object]] = []
    for probability, why in zip(model.probabilities(values).tolist(), told, strict=True):
        messages = [each.message for each in why]
        padding = [""] * (MOST - len(messages)) if reasons else []
        known = [f"{probability:.6f}", score_of(probability), cutoffs.band(probability), cutoffs.decision(probability)]
        rows.append([*known, *messages, *padding])
    return rows


if __name__ == "__main__":
    sys.exit(main())
