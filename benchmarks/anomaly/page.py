"""The page of results."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.anomaly.accounts import MONTHS, OURS
from benchmarks.anomaly.numeric import CORE, Figures

Results = dict[str, Any]
"""What `anomaly.json` holds: by part, when and how it was measured and its figures."""


def page(results: Results) -> str:
    """Return the page, in Markdown, of the parts that have been measured."""
    lines = [
        "# The anomaly model on public data",
        "",
        "Means with standard errors over seeds. `make bench-anomaly` makes this page, `python -m benchmarks.anomaly",
        "--part tables` one part of it; all figures are in `anomaly.json`.",
        "",
    ]
    if "accounts" in results:
        lines += _accounts(results["accounts"])
    if "tables" in results:
        lines += _tables(results["tables"])
    if "families" in results:
        lines += _families(results["families"])
    return "\n".join(lines)


def _accounts(part: Results) -> list[str]:
    return [
        "## Bank accounts with mischief",
        "",
        *_measured(part, f", model `{part['model']}`"),
        f"Accounts of the Berka data of {MONTHS} months and more, with the anomalies of",
        "[mischief.md](../anomaly/mischief.md) put in after nine months. The model was trained on generated accounts",
        "and saw none of these. Recall is at 1 % false alerts among ordinary transactions, those after nine months or",
        "all of the accounts'.",
        "",
        *_rows(part["accounts"]),
        "",
        "Recall by kind, at 1 % false alerts after nine months:",
        "",
        *_rows(part["kinds"]),
        "",
        "![kinds](anomaly_kinds.png)",
        "",
    ]


def _tables(part: Results) -> list[str]:
    lines = [
        "## Plain numeric columns",
        "",
        *_measured(part),
        "The detector core alone, fitted and scored on all rows without labels, as each data set's `SOURCE.md` has it.",
        "",
    ]
    for name, figures in part["tables"].items():
        lines += [f"**{name}**", "", *_rows(figures), ""]
    return [*lines, "![methods](anomaly_methods.png)", ""]


def _families(part: Results) -> list[str]:
    lines = [
        "## Generated tables",
        "",
        *_measured(part),
        "The detector core on one family of generated tables for each kind of table that detectors differ on, told in",
        "[families.py](../anomaly/families.py), fitted and scored as above. *Best* is the best of the other three.",
        "",
    ]
    for figure in ("AUROC", "AUPR"):
        means = {
            family: {method: float(np.mean(row[figure])) for method, row in figures.items()}
            for family, figures in part["families"].items()
        }
        methods = list(next(iter(means.values())))
        short = [row[CORE] - max(row[method] for method in methods if method != CORE) for row in means.values()]
        lines += [f"| {figure} | {' | '.join(methods)} | {CORE} - best |", f"|---|{'---|' * (len(methods) + 1)}"]
        for (family, row), gap in zip(means.items(), short, strict=True):
            cells = [f"**{row[method]:.3f}**" if method == CORE else f"{row[method]:.3f}" for method in methods]
            lines.append(f"| {family} | {' | '.join(cells)} | {gap:+.3f} |")
        overall = [f"{np.mean([row[method] for row in means.values()]):.3f}" for method in methods]
        lines += [f"| *mean* | {' | '.join(overall)} | {np.mean(short):+.3f} |", ""]
    return lines


def _measured(part: Results, more: str = "") -> list[str]:
    return [f"Measured {part['when']}, commit `{part['commit']}`{more}, {part['seeds']} seeds.", ""]


def _rows(figures: Figures) -> list[str]:
    columns = list(next(iter(figures.values())))
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name, row in figures.items():
        cells = [f"{np.nanmean(row[column]):.3f} ± {_error(row[column]):.3f}" for column in columns]
        lines.append(f"| {'**' + name + '**' if name in (OURS, CORE) else name} | {' | '.join(cells)} |")
    return lines


def _error(values: list[float]) -> float:
    return float(np.nanstd(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
