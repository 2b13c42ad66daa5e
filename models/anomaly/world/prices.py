"""Amounts as they stand on bills: round ones, and prices just below."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def prices(dice: np.random.Generator, amount: Floats, price: npt.NDArray[np.str_], unit: Floats) -> Floats:
    """Return amounts as they are written on bills; `unit` is how many units of the currency a euro has."""
    size = np.abs(amount)
    small = np.where(unit < 30, 0.01, 1.0)
    step = 10.0 ** np.floor(np.log10(np.maximum(size, small * 10))) / np.where(size > 20 * unit, 2, 1)
    rounded = np.maximum(step, np.round(size / step) * step)
    whole = np.where(unit < 30, 1.0, 10.0 ** np.floor(np.log10(unit)))
    odd = np.where(dice.random(len(size)) < 0.5, small, 0.0)
    tagged = np.maximum(whole, np.ceil(size / whole) * whole) - odd
    size = np.where(price == "round", rounded, size)
    size = np.where((price == "price") & (dice.random(len(size)) < 0.6), tagged, size)
    written: Floats = np.sign(amount) * np.maximum(small, np.round(np.round(size / small) * small, 2))
    return written
