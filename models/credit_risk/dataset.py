"""Applications as numbers: from a data file or from requests, by one specification."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.credit_risk.contract import CreditRiskRequest, request_type
from models.credit_risk.specification import Feature, Specification
from models.credit_risk.table import Table
from models.data_file import DataError

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.bool_]

_YES, _NO = frozenset({"1", "true", "yes", "y"}), frozenset({"0", "false", "no", "n"})
_FEWEST_ROWS, _FEWEST_OF_A_KIND = 100, 20


@dataclass(frozen=True)
class Portfolio:
    """n applications.

    Attributes
    ----------
    columns: (n,) numbers for each feature by name, NaN where missing; a category or grade is its place in the list.
    bad: (n,) whether the loan defaulted; empty where nobody knows yet.
    """

    specification: Specification
    columns: Mapping[str, Floats]
    bad: Labels

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @property
    def values(self) -> Floats:
        """What the model sees: (n, inputs)."""
        return np.stack([self.columns[feature.name] for feature in self.specification.inputs], axis=1)

    def take(self, rows: npt.NDArray[np.intp] | Labels) -> Portfolio:
        """Return some of the rows."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Portfolio(self.specification, columns, self.bad[rows])

    def digest(self) -> str:
        """Return a SHA-256 over all numbers and outcomes."""
        total = hashlib.sha256(self.bad.tobytes())
        for name, column in self.columns.items():
            total.update(name.encode() + column.tobytes())
        return total.hexdigest()


def read_portfolio(table: Table, specification: Specification, outcomes: bool) -> Portfolio:
    """Return the applications of a table, with their outcomes if asked for.

    Raises
    ------
    DataError: naming file, line and column of what is wrong.
    """
    columns = {}
    for feature in specification.features:
        if feature.column in table.columns:
            columns[feature.name] = _numbers(feature, table)
        elif feature.required or outcomes:
            raise DataError(f"{table.file}, line 1: no column {feature.column!r}; the header has {_some(table.header)}")
        else:
            columns[feature.name] = np.full(len(table), np.nan)
    return Portfolio(specification, columns, _outcomes(specification, table) if outcomes else np.zeros(0, dtype=bool))


def check_trainable(portfolio: Portfolio, file: Path) -> None:
    """Raise `DataError` unless there are enough loans of both kinds to learn and to check by."""
    bad = int(portfolio.bad.sum())
    if len(portfolio) < _FEWEST_ROWS or min(bad, len(portfolio) - bad) < _FEWEST_OF_A_KIND:
        raise DataError(
            f"{file}: {bad} defaults in {len(portfolio)} rows; at least {_FEWEST_ROWS} rows are needed, and"
            f" {_FEWEST_OF_A_KIND} of each outcome"
        )


def values_of(requests: Sequence[CreditRiskRequest], specification: Specification) -> Floats:
    """Return what the model sees of requests: (n, inputs)."""
    readers = [(feature.name, _answer_reader(feature)) for feature in specification.inputs]
    return np.array([[read(getattr(request, name)) for name, read in readers] for request in requests])


def requests_of(portfolio: Portfolio) -> list[CreditRiskRequest]:
    """Return applications as requests."""
    kind, features = request_type(portfolio.specification), portfolio.specification.features
    columns = [[_answer(feature, each) for each in portfolio.columns[feature.name].tolist()] for feature in features]
    names = [feature.name for feature in features]
    return [kind.model_construct(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def _answer(feature: Feature, number: float) -> bool | float | str | None:
    if math.isnan(number):
        return None
    if feature.categories:
        return tuple(feature.categories)[int(number)]
    if feature.kind == "flag":
        return bool(number)
    return int(number) if feature.kind == "whole" else number


def _answer_reader(feature: Feature) -> Callable[[float | str | None], float]:
    places: dict[float | str | None, float] = {name: float(at) for at, name in enumerate(feature.categories)}
    if places:
        return lambda answer: places.get(answer, math.nan)
    return lambda answer: math.nan if answer is None else float(answer)


def _numbers(feature: Feature, table: Table) -> Floats:
    """Return the numbers of one column, each text read once."""
    known: dict[str, float] = dict.fromkeys(("", *feature.missing), math.nan)
    read = _text_reader(feature)
    numbers = np.empty(len(table))
    for row, cell in enumerate(table.columns[feature.column]):
        number = known.get(cell)
        if number is None:
            try:
                number = math.nan if cell.strip() in known else read(cell.strip())
            except ValueError as error:
                raise DataError(f"{table.file}, line {table.lines[row]}, {feature.column}: {error}") from None
            known[cell] = number
        numbers[row] = number
    if feature.required and np.isnan(numbers).any():
        row = int(np.isnan(numbers).argmax())
        raise DataError(f"{table.file}, line {table.lines[row]}, {feature.column}: empty, and it is required")
    return numbers


def _text_reader(feature: Feature) -> Callable[[str], float]:
    if feature.categories:
        places = {name: float(at) for at, name in enumerate(feature.categories)}
        return lambda text: _place(text, places)
    if feature.kind == "flag":
        return _flag
    return lambda text: _bounded(text, feature)


def _place(text: str, places: Mapping[str, float]) -> float:
    if text not in places:
        raise ValueError(f"{text[:40]!r} is not one of {_some(tuple(places))}")
    return places[text]


def _flag(text: str) -> float:
    if text.lower() in _YES | _NO:
        return float(text.lower() in _YES)
    raise ValueError(f"{text[:40]!r} is neither yes nor no")


def _bounded(text: str, feature: Feature) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]!r} is not a finite number")
    if feature.kind == "whole" and not number.is_integer():
        raise ValueError(f"{text[:40]} is not a whole number")
    if feature.minimum is not None and number < feature.minimum:
        raise ValueError(f"{text[:40]} is below {feature.minimum:g}")
    if feature.maximum is not None and number > feature.maximum:
        raise ValueError(f"{text[:40]} is above {feature.maximum:g}")
    return number


def _outcomes(specification: Specification, table: Table) -> Labels:
    if specification.target not in table.columns:
        raise DataError(
            f"{table.file}, line 1: no column {specification.target!r}, the target;"
            f" the header has {_some(table.header)}"
        )
    known = {specification.bad: True, specification.good: False}
    bad = np.empty(len(table), dtype=np.bool_)
    for row, cell in enumerate(table.columns[specification.target]):
        outcome = known.get(cell.strip())
        if outcome is None:
            raise DataError(
                f"{table.file}, line {table.lines[row]}, {specification.target}: {cell[:40]!r} is neither"
                f" {specification.bad!r} (bad) nor {specification.good!r} (good)"
            )
        bad[row] = outcome
    return bad


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:30]) + (", …" if len(names) > 30 else "") or "nothing"
