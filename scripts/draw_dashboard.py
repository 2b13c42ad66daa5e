"""Draw the panels of the Grafana dashboard with matplotlib, from a Prometheus: for the documentation, without Grafana.

python scripts/draw_dashboard.py http://localhost:9090 docs/dashboard.png --minutes 15
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

DASHBOARD = Path(__file__).parent.parent / "deploy" / "grafana" / "dashboard.json"
_COLUMNS = 12
_POINTS = 120
_UNITS = {"s": "seconds", "reqps": "a second", "ops": "a second", "percentunit": "share"}


def main() -> None:
    """Draw every panel at its place in the grid."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prometheus")
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--interval", default="1m", help="for $__rate_interval")
    asked = parser.parse_args()
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    rows = sorted({panel["gridPos"]["y"] for panel in panels if panel["type"] != "row"})
    titles = [panel["title"] for panel in panels if panel["type"] == "row"]
    figure = Figure(figsize=(17, 2.9 * len(rows)), layout="constrained")
    grid = figure.add_gridspec(len(rows), _COLUMNS)
    for panel in panels:
        if panel["type"] == "row":
            continue
        place = panel["gridPos"]
        first, width = place["x"] * _COLUMNS // 24, max(place["w"] * _COLUMNS // 24, 1)
        row = rows.index(place["y"])
        axes = figure.add_subplot(grid[row, first : first + width])
        axes.set_title(f"{titles[row]}: {panel['title']}", fontsize=8)
        axes.tick_params(labelsize=6)
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", asked.interval)
            draw(axes, target["legendFormat"], ask(asked.prometheus, expression, asked.minutes), panel["type"])
        axes.set_ylabel(_UNITS.get(panel.get("fieldConfig", {}).get("defaults", {}).get("unit", ""), ""), fontsize=6)
        if panel["type"] != "heatmap":
            axes.set_ylim(bottom=0)
            axes.set_xlabel("minutes", fontsize=6)
            labels = axes.get_legend_handles_labels()[1]
            if labels:  # below, where it hides nothing
                columns = max(1, min(len(labels), width))
                axes.legend(fontsize=5, ncols=columns, loc="upper center", bbox_to_anchor=(0.5, -0.2), frameon=False)
    figure.savefig(asked.out, dpi=90)


def ask(prometheus: str, expression: str, minutes: float) -> list[dict[str, Any]]:
    """Return the series of an expression over the last minutes."""
    now = time.time()
    query = {"query": expression, "start": now - minutes * 60, "end": now, "step": minutes * 60 / _POINTS}
    with urlopen(f"{prometheus}/api/v1/query_range?{urlencode(query)}", timeout=60) as answer:  # noqa: S310
        found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
    return found


def draw(axes: Axes, legend: str, series: list[dict[str, Any]], kind: str) -> None:
    """Draw the series of one query: lines, or the buckets of a histogram as a picture."""
    if kind == "heatmap":
        ordered = sorted(series, key=lambda each: float(each["metric"]["le"]))
        counts = np.array([sum(float(value) for _, value in each["values"] if value != "NaN") for each in ordered])
        heights = np.diff(counts, prepend=0.0)
        axes.bar(range(len(heights)), heights, color="C0")
        axes.set_xticks(range(len(heights)), [each["metric"]["le"] for each in ordered], rotation=60)
        return
    for each in series:
        points = np.array([(float(when), float(value)) for when, value in each["values"]])
        metric = each["metric"]
        label = re.sub(r"{{(\w+)}}", lambda name, metric=metric: metric.get(name.group(1), ""), legend)  # type: ignore[misc]
        axes.plot((points[:, 0] - time.time()) / 60, points[:, 1], linewidth=1, label=label)


if __name__ == "__main__":
    main()
