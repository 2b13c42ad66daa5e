"""From a float ONNX graph to an int8 one for CPUs, and no further than its answers allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx

from models.text.activation_ranges import activation_ranges
from models.text.int8_products import Range, int8_products
from models.text.int8_tables import int8_tables
from models.text.tokenizer import TokenIds

_ALLOWED_LOSS = 0.005


class QuantisationLoss(RuntimeError):
    """The int8 graph is so much worse than the float network that it must not be saved."""


@dataclass(frozen=True)
class Quantised:
    """A figure of merit of both graphs, on validation data."""

    int8: float
    float32: float


def quantise_checked(
    folder: Path, n_layers: int, rows: Sequence[TokenIds], measure: Callable[[Path], float], figure: str
) -> Quantised:
    """Turn `folder/model.onnx` into `folder/model.int8.onnx`.

    Where int8 costs more than 0.5 points, matrix products stay float, the most sensitive first: the one behind the
    first layer's activation, whose outliers stretch the scale; those of all layers; then the last layers; then those
    in front of the activations; at last all layers, which is as slow as float and better than no model.

    Parameters
    ----------
    rows: what the network reads in training; what its activations lie between there sets their scales.
    measure: returns the figure of merit of a graph, 0 to 1. figure: its name.

    Raises
    ------
    QuantisationLoss: even so the figure is more than 0.5 points below float.
    """
    source, target = folder / "model.onnx", folder / "model.int8.onnx"
    whole = measure(source)
    ranges = activation_ranges(onnx.load(source), rows)
    last_half = [f"/layer.{number}/" for number in range(n_layers - n_layers // 2, n_layers)]
    dense = "/output/dense"
    for kept in (
        [],
        ["/layer.0/output/dense"],
        [dense],
        [dense, *last_half],
        [dense, "/intermediate/dense", *last_half],
        ["/layer."],
    ):
        quantise_int8(source, target, ranges, kept)
        reached = measure(target)
        if whole - reached <= _ALLOWED_LOSS:
            source.unlink()
            return Quantised(reached, whole)
    raise QuantisationLoss(f"{figure} on validation data: int8 {reached:.4f}, float {whole:.4f}; not saved")


def quantise_int8(source: Path, target: Path, ranges: Mapping[str, Range], keep_float: Sequence[str] = ()) -> None:
    """Write `source` with int8 weights; nodes whose name holds one of `keep_float` (`/layer.5/`) stay as they are."""
    onnx.save(int8_tables(int8_products(onnx.load(source), ranges, keep_float)), target)
