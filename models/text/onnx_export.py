"""From a torch network to an ONNX graph."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch

from models.text.network import TextNetwork

OPSET = 17


def export_onnx(network: TextNetwork, file: Path) -> None:
    """Write a network to `file` with its own names, batch and length left free."""
    given = torch.ones((2, 7), dtype=torch.int64)
    network.eval()
    with quiet(), torch.inference_mode():
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


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hold back the exporters' advice, which is about them and not about the user's data."""
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(previous)
