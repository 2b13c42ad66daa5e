"""The doors of all commands: what they need is imported behind them, so that Ctrl-C ends that too with one line."""

from __future__ import annotations

import sys
from importlib import import_module

from models.interruption import INTERRUPTED, ignore_more, loading


def train() -> int:
    """Train a model."""
    return _run("models.command_line", "train")


def evaluate() -> int:
    """Evaluate a model."""
    return _run("models.command_line", "evaluate")


def forecast_all() -> int:
    """Forecast the spending of every stored user."""
    return _run("forecast_all")


def migrate() -> int:
    """Bring the database to this code's schema."""
    return _run("storage.migrate")


def import_transactions() -> int:
    """Store the transactions of a file."""
    return _run("storage.import_transactions")


def score_transactions() -> int:
    """Score the transactions of a file."""
    return _run("models.anomaly.score_transactions")


def score_applications() -> int:
    """Score the applications of a file."""
    return _run("models.credit_risk.score_applications")


def explain_decision() -> int:
    """Explain a credit decision."""
    return _run("explain_decision")


def drift_report() -> int:
    """Compare live traffic with the models' profiles."""
    return _run("drift_report")


def _run(module: str, function: str = "main") -> int:
    with loading():
        command = getattr(import_module(module), function)
    try:
        code: int = command()
    except KeyboardInterrupt:
        code = INTERRUPTED
        print("interrupted", file=sys.stderr)
    ignore_more()
    return code
