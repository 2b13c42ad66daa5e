"""Public tables of plain numeric columns, as their SOURCE.md says to use them."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FRAUDS = 12
"""Frauds drawn among all 615 normals: 2 %."""


@dataclass(frozen=True)
class Plain:
    """Rows (n, columns) and which of them are anomalies; fitted and scored on all rows, labels unseen."""

    rows: Floats
    odd: npt.NDArray[np.bool_]


def mammography(data: Path, seed: int) -> Plain:
    """Return the whole table; the seed is the detectors' alone."""
    del seed
    with np.load(data / "adbench_mammography" / "mammography.npz", allow_pickle=False) as found:
        return Plain(found["X"].astype(np.float64), found["y"] == 1)


def creditcard(data: Path, seed: int) -> Plain:
    """Return V1 to V28 and Amount of all normals and of 12 frauds, drawn as the reference figure draws them."""
    with gzip.open(data / "creditcard_fraud_a" / "creditcard.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        header, *cells = list(csv.reader(lines))
    table = np.array(cells, dtype=np.float64)
    odd = table[:, header.index("Class")] == 1
    columns = [place for place, name in enumerate(header) if name not in ("Time", "Class")]
    drawn = np.random.RandomState(seed).choice(np.flatnonzero(odd), FRAUDS, replace=False)
    rows = np.concatenate([np.flatnonzero(~odd), drawn])
    return Plain(table[rows][:, columns], odd[rows])


TABLES = {"mammography": mammography, "creditcard_fraud_a at 2 %": creditcard}
