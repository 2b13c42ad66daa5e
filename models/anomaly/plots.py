"""Plots of an anomaly model's figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from models.anomaly.ledger import Bools, Floats


def kinds_plot(kinds: Sequence[str], recalls: Sequence[float], file: Path) -> None:
    """Write a bar for each kind of mischief, the best found on top, as PNG."""
    order = np.argsort(recalls)
    figure = Figure(figsize=(6, 0.25 * len(kinds) + 1.2), layout="constrained")
    axes = figure.add_subplot()
    axes.barh([kinds[place] for place in order], [recalls[place] for place in order], color="C0")
    axes.set_xlim(0, 1)
    axes.set_xlabel("share found at 1 % false alerts")
    axes.tick_params(axis="y", labelsize=8)
    figure.savefig(file, dpi=110)


def scores_plot(scores: Floats, odd: Bools, file: Path) -> None:
    """Write how the scores of ordinary and of odd transactions are distributed, as PNG."""
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.add_subplot()
    bins = np.linspace(0, 1, 51).tolist()
    for rows, name, colour in ((~odd, "ordinary", "C0"), (odd, "odd", "C3")):
        weights = np.full(int(rows.sum()), 1 / max(int(rows.sum()), 1))
        axes.hist(scores[rows], bins=bins, weights=weights, alpha=0.6, label=name, color=colour)
    axes.axvline(0.5, color="k", linewidth=0.8, linestyle=":")
    axes.set_yscale("log")
    axes.set_xlabel("score")
    axes.set_ylabel("share of transactions")
    axes.legend()
    figure.savefig(file, dpi=110)
