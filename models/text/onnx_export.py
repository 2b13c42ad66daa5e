"""From a torch network to an int8 ONNX graph for CPUs."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.text.network import TextNetwork

OPSET = 17


def export_onnx(network: TextNetwork, file: Path) -> None:
    """Write a network to `file` with its own names, batch and length left free."""
    given = torch.ones((2, 7), dtype=torch.int64)
    network.eval()
    with _quiet(), torch.inference_mode():
        torch.onnx.export(
            network,
            (given,) * len(network.inputs),
            str(file),
            input_names=list(network.inputs),
            output_names=list(network.outputs),
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in network.inputs} | network.outputs,
            opset_version=OPSET,
            # The tracing exporter folds the mask and leaves the patterns that ONNX Runtime fuses.
            dynamo=False,
        )


def quantise_int8(source: Path, target: Path, keep_float: Sequence[str] = ()) -> None:
    """Write `source` with int8 weights, activations quantised at run time.

    Nodes whose name holds one of `keep_float` (`layer.5.`) stay as they are.
    Seven bits of range keep the products inside 16 bits on processors without VNNI.
    """
    prepared = target.with_suffix(".prepared.onnx")
    with _quiet():
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


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back the exporters' advice, which is about them and not about the user's data."""
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(previous)
