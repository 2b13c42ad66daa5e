"""Applications, specifications and small portfolios that several tests use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from models.credit_risk.contract import CreditRiskRequest, request_type
from models.credit_risk.specification import Feature, Specification, load_specification

APPLICATION: dict[str, Any] = {
    "income": 34_000.0,
    "loan_amount": 9_000.0,
    "term_months": 36,
    "purpose": "car",
    "employment_years": 4.5,
    "housing": "rent",
    "debt_to_income": 0.22,
    "existing_loans": 1,
    "open_credit_lines": 4,
    "revolving_utilisation": 0.31,
    "delinquencies_2y": 1,
    "worst_delinquency_days": 35,
    "credit_history_years": 9.0,
    "inquiries_6m": 1,
    "age": 41,
}
OPTIONAL = tuple(name for name in APPLICATION if name not in ("income", "loan_amount", "term_months"))
DEFAULT_REQUEST = request_type(load_specification())


def application(**changes: Any) -> CreditRiskRequest:
    """Return an application of the default specification; a field set to None is left out."""
    given = {name: value for name, value in {**APPLICATION, **changes}.items() if value is not None}
    return DEFAULT_REQUEST.model_validate(given)


def feature(**fields: Any) -> Feature:
    return Feature.model_validate({"name": "size", "kind": "number", **fields})


SMALL = """
title: A shop's credit.
target: lost
bad: "yes"
good: "no"
features:
  - name: turnover
    column: Yearly turnover
    kind: number
    minimum: 0
    monotone: lowers_risk
    required: true
    reason: The turnover is small.
  - name: late
    kind: whole
    minimum: 0
    monotone: raises_risk
    cause: lateness
    reason: There were late payments.
  - name: days
    kind: whole
    minimum: 0
    monotone: raises_risk
    cause: lateness
    missing: ["-1"]
    reason: A payment was very late.
  - name: trade
    kind: category
    categories: {food: Food and drink, tools: Tools, books: Books}
  - name: rating
    kind: grade
    categories: [poor, fair, good]
    monotone: lowers_risk
  - name: insured
    kind: flag
  - name: sex
    kind: category
    categories: [f, m]
    in_decision: false
"""


def small_specification(folder: Path) -> Path:
    """Write a lender's own specification."""
    file = folder / "shop.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def small_rows(rows: int, seed: int = 0) -> list[dict[str, str]]:
    """Return loans of the small specification, as text, with some answers left out."""
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(rows):
        turnover, late = draw.lognormal(11, 0.6), int(draw.poisson(0.5))
        days = -1 if draw.random() < 0.1 else late * int(draw.integers(20, 60))
        trade, rating = draw.choice(["food", "tools", "books"]), draw.choice(["poor", "fair", "good"])
        risk = -1.2 * np.log(turnover / 60_000) + 0.9 * late + (rating == "poor") + 0.6 * (trade == "food") - 1.6
        found.append(
            {
                "Yearly turnover": f"{turnover:.0f}",
                "late": str(late),
                "days": str(days),
                "trade": "" if draw.random() < 0.05 else str(trade),
                "rating": str(rating),
                "insured": str(draw.choice(["yes", "no"])),
                "sex": str(draw.choice(["f", "m"])),
                "branch": "not in the specification",
                "lost": "yes" if draw.random() < 1 / (1 + np.exp(-risk)) else "no",
            }
        )
    return found


def write_rows(file: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as CSV."""
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def random_values(specification: Specification, rows: int, seed: int = 0) -> np.ndarray:
    """Return (rows, inputs) answers over and beyond the usual ranges, one in eight missing."""
    draw = np.random.default_rng(seed)
    scale = {
        "income": 60_000, "loan_amount": 40_000, "term_months": 120, "employment_years": 30, "debt_to_income": 1.0,
        "revolving_utilisation": 1.2, "worst_delinquency_days": 200, "credit_history_years": 40,
    }  # fmt: skip
    columns = []
    for each in specification.inputs:
        if each.categories:
            column = draw.integers(0, len(each.categories), rows).astype(float)
        else:
            column = draw.exponential(scale.get(each.name, 3.0) / 2, rows)
            column = column.round() if each.kind == "whole" else column
            column = np.clip(column, each.minimum, each.maximum)
        columns.append(np.where((draw.random(rows) < 0.125) & (not each.required), np.nan, column))
    return np.stack(columns, axis=1)
