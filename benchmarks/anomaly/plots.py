"""The figures as plots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

Figures = Mapping[str, Mapping[str, list[float]]]


def kinds_plot(kinds: Figures, file: Path) -> None:
    """Write the recall of each kind by every method, as PNG."""
    names = sorted(kinds, key=lambda kind: float(np.nanmean(next(iter(kinds[kind].values())))))
    figure = Figure(figsize=(7, 0.3 * len(names) + 1.6), layout="constrained")
    axes = figure.add_subplot()
    for number, method in enumerate(next(iter(kinds.values()))):
        means = [float(np.nanmean(kinds[name][method])) for name in names]
        style = {"marker": "o", "zorder": 3} if number == 0 else {"marker": "x", "alpha": 0.8}
        axes.plot(means, names, linestyle="", label=method, **style)
    axes.set_xlim(-0.02, 1.02)
    axes.grid(axis="x", alpha=0.3)
    axes.set_xlabel("share found at 1 % false alerts")
    axes.tick_params(axis="y", labelsize=8)
    axes.legend(fontsize=8)
    figure.savefig(file, dpi=110)


def methods_plot(tables: Mapping[str, Figures], accounts: Figures, file: Path) -> None:
    """Write the area under the ROC curve of every method on every data set, with standard errors, as PNG."""
    groups = {"accounts": {name: next(iter(row.values())) for name, row in accounts.items()}}
    groups |= {name: {method: row["AUROC"] for method, row in figures.items()} for name, figures in tables.items()}
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, (name, methods) in zip(figure.subplots(1, len(groups)), groups.items(), strict=True):
        means = [float(np.mean(values)) for values in methods.values()]
        errors = [
            float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
            for values in methods.values()
        ]
        axes.errorbar(means, list(methods), xerr=errors, fmt="o", capsize=3)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("AUROC")
        axes.tick_params(axis="y", labelsize=7)
        axes.margins(y=0.2)
    figure.savefig(file, dpi=110)
