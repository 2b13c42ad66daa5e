"""What live traffic looks like beside the reference profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Compared:
    """One feature: (bins,) names, and how many calls fall into each, at training and of late."""

    feature: str
    index: float
    bins: Sequence[str]
    expected: Sequence[float]
    observed: Sequence[float]


def drift_plot(features: Sequence[Compared]) -> bytes:
    """Return a PNG with a panel for each feature: the share of each bin, then and now."""
    rows = -(-len(features) // 3)
    figure = Figure(figsize=(13, 2.9 * rows), layout="constrained")
    for axes, each in zip(figure.subplots(rows, 3, squeeze=False).flat, features, strict=False):
        places = np.arange(len(each.bins))
        axes.bar(places - 0.2, np.array(each.expected) / sum(each.expected), 0.4, color="0.65", label="at training")
        axes.bar(places + 0.2, np.array(each.observed) / sum(each.observed), 0.4, color="C0", label="now")
        axes.set_xticks(places, each.bins, rotation=60, ha="right", fontsize=6)
        axes.tick_params(axis="y", labelsize=7)
        axes.set_title(f"{each.feature}: {each.index:.3f}", fontsize=9)
    for axes in figure.axes[len(features) :]:
        axes.set_axis_off()
    figure.axes[0].legend(fontsize=7)
    content = BytesIO()
    figure.savefig(content, format="png", dpi=110)
    return content.getvalue()
