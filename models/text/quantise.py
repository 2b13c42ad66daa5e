"""From a float ONNX graph to an int8 one for CPUs, and no further than its answers allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.text.onnx_export import quiet

_ALLOWED_LOSS = 0.005


class QuantisationLoss(RuntimeError):
    """The int8 graph is so much worse than the float network that it must not be saved."""


@dataclass(frozen=True)
class Quantised:
    """A figure of merit of both graphs, on validation data."""

    int8: float
    float32: float


def quantise_checked(folder: Path, n_layers: int, measure: Callable[[Path], float], figure: str) -> Quantised:
    """Turn `folder/model.onnx` into `folder/model.int8.onnx`.

    Where int8 costs more than 0.5 points, matrix products stay float, the most sensitive first: the one behind the
    first layer's activation, whose outliers stretch the scale; those of all layers; then the last layers; then those
    in front of the activations; at last all layers, which is as slow as float and better than no model.

    Parameters
    ----------
    measure: returns the figure of merit of a graph, 0 to 1. figure: its name.

    Raises
    ------
    QuantisationLoss: even so the figure is more than 0.5 points below float.
    """
    source, target = folder / "model.onnx", folder / "model.int8.onnx"
    whole = measure(source)
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
        quantise_int8(source, target, kept)
        reached = measure(target)
        if whole - reached <= _ALLOWED_LOSS:
            source.unlink()
            return Quantised(reached, whole)
    raise QuantisationLoss(f"{figure} on validation data: int8 {reached:.4f}, float {whole:.4f}; not saved")


def quantise_int8(source: Path, target: Path, keep_float: Sequence[str] = ()) -> None:
    """Write `source` with int8 weights, activations quantised at run time.

    Nodes whose name holds one of `keep_float` (`/layer.5/`) stay as they are.
    Seven bits of range keep the products inside 16 bits on processors without VNNI.
    """
    prepared = target.with_suffix(".prepared.onnx")
    with quiet():
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            nodes_to_exclude=[
                node.name
                for node in onnx.load(str(prepared), load_external_data=False).graph.node
                if any(part in node.name for part in keep_float)
            ],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    prepared.unlink()
