"""The detector core on plain numeric columns, next to what anyone would try first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks.anomaly.families import FAMILIES, generate
from benchmarks.anomaly.rivals import ecod, isolation_forest, tenth_neighbour
from benchmarks.anomaly.tables import TABLES, Plain
from models.anomaly.detector import Detector

CORE = "detector core"
Figures = dict[str, dict[str, list[float]]]


def on_tables(data: Path, seeds: int, advance: Callable[[str], None]) -> dict[str, Figures]:
    """Return the figures of each public table, by method."""
    return {name: _measure(name, partial(read, data), seeds, advance) for name, read in TABLES.items()}


def on_families(seeds: int, advance: Callable[[str], None]) -> dict[str, Figures]:
    """Return the figures of each family of generated tables, by method."""
    return {name: _measure(name, partial(generate, name), seeds, advance) for name in FAMILIES}


def _measure(name: str, draw: Callable[[int], Plain], seeds: int, advance: Callable[[str], None]) -> Figures:
    found: Figures = defaultdict(lambda: defaultdict(list))
    for seed in range(seeds):
        table = draw(seed)
        scores = {
            CORE: Detector.fit(table.rows, seed).score(table.rows),
            "isolation forest": isolation_forest(table.rows, table.rows, seed),
            "ECOD": ecod(table.rows, table.rows),
            "tenth neighbour": tenth_neighbour(table.rows),
        }
        for method, given in scores.items():
            found[method]["AUROC"].append(float(roc_auc_score(table.odd, given)))
            found[method]["AUPR"].append(float(average_precision_score(table.odd, given)))
        advance(f"{name}, seed {seed}")
    return found
