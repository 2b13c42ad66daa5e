"""Plots that model cards show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure


def confusion_plot(counts: npt.NDArray[np.int_], labels: Sequence[str], file: Path) -> None:
    """Write a confusion matrix (rows: truth, as shares of it) as PNG."""
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    side = max(5.0, 0.28 * len(labels) + 3)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.set_xlabel("answered")
    axes.set_ylabel("truth")
    for row, column in zip(*np.nonzero(counts), strict=True):
        if row != column or len(labels) <= 40:
            dark = shares[row, column] > 0.5
            colour = "w" if dark else "k"
            axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=6, color=colour)
    figure.colorbar(image, ax=axes, shrink=0.6, label="share of the truth")
    figure.savefig(file, dpi=110)


def reliability_plot(
    confidence: npt.NDArray[np.float64], correct: npt.NDArray[np.bool_], ece: float, file: Path, bins: int = 10
) -> None:
    """Write accuracy against confidence, with how many answers each bin holds, as PNG."""
    figure = Figure(figsize=(5, 6), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    for index in range(bins):
        inside = bin_of == index
        if inside.any():
            share, n = float(correct[inside].mean()), int(inside.sum())
            error = 1.96 * np.sqrt(max(share * (1 - share), 0.25 / n) / n)
            top.errorbar(float(confidence[inside].mean()), share, yerr=error, fmt="o", color="C0", capsize=2)
    top.plot([0, 1], [0, 1], "k:", linewidth=1)
    top.set_ylim(0, 1.02)
    top.set_ylabel("share that is right")
    top.set_title(f"Reliability (expected calibration error {ece:.3f})", fontsize=10)
    bottom.hist(confidence, bins=edges.tolist(), color="C0")
    bottom.set_xlabel("confidence")
    bottom.set_ylabel("answers")
    figure.savefig(file, dpi=110)


@dataclass(frozen=True)
class Fan:
    """One panel: (n,) history, then (months,) what came, what was forecast, and the ends of its interval."""

    title: str
    history: npt.NDArray[np.float64]
    truth: npt.NDArray[np.float64]
    forecast: npt.NDArray[np.float64]
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]


def fan_plot(fans: Sequence[Fan], file: Path) -> None:
    """Write forecasts with their 80 % intervals as PNG, two panels a row."""
    rows = -(-len(fans) // 2)
    figure = Figure(figsize=(11, 2.6 * rows), layout="constrained")
    for axes, fan in zip(figure.subplots(rows, 2, squeeze=False).flat, fans, strict=False):
        coming = np.arange(len(fan.forecast))
        axes.plot(np.arange(-len(fan.history), 0), fan.history, "k-", linewidth=1)
        axes.plot(np.arange(len(fan.truth)), fan.truth, "k.", markersize=3, label="what came")
        axes.plot(coming, fan.forecast, "C0-", label="forecast")
        axes.fill_between(coming, fan.lower, fan.upper, color="C0", alpha=0.25, linewidth=0, label="80 % interval")
        axes.set_title(fan.title, fontsize=9)
        axes.set_ylim(bottom=0)
        axes.tick_params(labelsize=7)
    figure.axes[0].legend(fontsize=7, loc="upper left")
    figure.savefig(file, dpi=110)


def bars_plot(heights: Mapping[str, float], figure_of: str, file: Path) -> None:
    """Write one bar a name, from 0 to 1, as PNG."""
    figure = Figure(figsize=(6, 0.3 * len(heights) + 1.2), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(list(heights), list(heights.values()), color="C0")
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    axes.set_xlabel(figure_of)
    figure.savefig(file, dpi=110)


def rate_plot(
    probability: npt.NDArray[np.float64], happened: npt.NDArray[np.bool_], file: Path, bins: int = 10
) -> None:
    """Write how often something happened against its predicted probability, in bins of equal size, as PNG."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    for part in np.array_split(np.argsort(probability, kind="stable"), bins):
        if len(part):
            share = float(happened[part].mean())
            error = 1.96 * np.sqrt(max(share * (1 - share), 0.25 / len(part)) / len(part))
            axes.errorbar(float(probability[part].mean()), share, yerr=error, fmt="o", color="C0", capsize=2)
    top = max(axes.get_xlim()[1], axes.get_ylim()[1])
    axes.plot([0, top], [0, top], "k:", linewidth=1)
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    axes.set_xlabel("predicted probability")
    axes.set_ylabel("observed share")
    axes.set_title(f"Calibration, {bins} bins of equal size, 95 % intervals", fontsize=10)
    figure.savefig(file, dpi=110)


def roc_plot(probability: npt.NDArray[np.float64], happened: npt.NDArray[np.bool_], file: Path) -> None:
    """Write the ROC curve as PNG."""
    ordered = happened[np.argsort(-probability, kind="stable")]
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    caught, false = np.cumsum(ordered) / max(ordered.sum(), 1), np.cumsum(~ordered) / max((~ordered).sum(), 1)
    axes.plot([0, *false], [0, *caught], color="C0")
    axes.plot([0, 1], [0, 1], "k:", linewidth=1)
    axes.set_xlabel("share of the others taken for one")
    axes.set_ylabel("share found")
    axes.set_title("ROC curve", fontsize=10)
    figure.savefig(file, dpi=110)
