"""Months as whole numbers, so that a history is an array: January 1970 is 0."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt


def month_number(name: str) -> int:
    """Return the number of a month named like `2026-03`.

    >>> month_number("1970-02"), month_name(month_number("2026-03"))
    (1, '2026-03')
    """
    year, month = name.split("-")
    return (int(year) - 1970) * 12 + int(month) - 1


def month_name(number: int) -> str:
    """Return a month's name, year first."""
    return f"{1970 + number // 12:04d}-{number % 12 + 1:02d}"


def month_of(day: date) -> int:
    """Return the number of the month that `day` is in."""
    return (day.year - 1970) * 12 + day.month - 1


def first_days(start: int, n: int) -> npt.NDArray[np.datetime64]:
    """Return the first days of n months from `start` on."""
    return np.arange(start, start + n).astype("datetime64[M]").astype("datetime64[D]")
