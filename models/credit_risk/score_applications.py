"""The command `score-applications FILE.csv`: the file again, with probability, score, band, decision and reasons."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console

from models import store
from models.credit_risk.dataset import Portfolio, read_portfolio
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import Policy, policy, score_of
from models.credit_risk.reasons import MOST
from models.credit_risk.table import Table, read_table
from models.data_file import DataError
from models.interruption import INTERRUPTED
from models.whole_file import whole_file

_ROWS_AT_ONCE = 4096
RESULTS = ("probability_of_default", "score", "band", "decision")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="score-applications", description="Score the applications of a CSV file.")
    parser.add_argument("data", type=Path, metavar="FILE.csv", help="one application a row, columns as in training")
    parser.add_argument("--model", default="credit_risk:latest", help="tag in the model store (default: %(default)s)")
    parser.add_argument("--reasons", action="store_true", help="add what counts against each application")
    parser.add_argument("--out", type=Path, help="file to write (default: standard output)")
    asked = parser.parse_args(arguments)
    error = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        model = CreditRiskModel.load(store.load(asked.model))
        started = time.perf_counter()
        table = read_table(asked.data)
        portfolio = read_portfolio(table, model.specification, outcomes=False)
        if asked.out is None:
            write(sys.stdout, table, portfolio, model, policy(), asked.reasons)
        else:
            with whole_file(asked.out) as file:
                write(file, table, portfolio, model, policy(), asked.reasons)
    except KeyboardInterrupt:
        error.print("interrupted; nothing was saved", style="yellow")
        return INTERRUPTED
    except (DataError, OSError, store.ModelMissing, store.ModelDamaged) as problem:
        error.print(str(problem), style="red", markup=False)
        return 2
    seconds = time.perf_counter() - started
    error.print(f"{len(table)} applications in {seconds:.3f} s, {len(table) / seconds:,.0f} a second")
    if model.notice:
        error.print(model.notice, style="yellow", markup=False)
    return 0


def write(
    file: TextIO, table: Table, portfolio: Portfolio, model: CreditRiskModel, cutoffs: Policy, reasons: bool
) -> None:
    """Write the table with the results as further columns."""
    writer = csv.writer(file, lineterminator="\n")
    named = [f"reason_{number}" for number in range(1, MOST + 1)] if reasons else []
    writer.writerow([*table.header, *RESULTS, *named])
    rows = zip(*(table.columns[name] for name in table.header), strict=True)
    for row, result in zip(rows, _results(portfolio, model, cutoffs, reasons), strict=True):
        writer.writerow([*row, *result])


def _results(portfolio: Portfolio, model: CreditRiskModel, cutoffs: Policy, reasons: bool) -> Iterator[list[object]]:
    values = portfolio.values
    for start in range(0, len(values), _ROWS_AT_ONCE):
        some = values[start : start + _ROWS_AT_ONCE]
        told = model.reasons(some) if reasons else [[]] * len(some)
        for probability, why in zip(model.probabilities(some).tolist(), told, strict=True):
            messages = [each.message for each in why]
            padding = [""] * (MOST - len(messages)) if reasons else []
            yield [
                f"{probability:.6f}",
                score_of(probability),
                cutoffs.band(probability),
                cutoffs.decision(probability),
                *messages,
                *padding,
            ]


if __name__ == "__main__":
    sys.exit(main())
