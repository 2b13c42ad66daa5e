"""From a torch network to an ONNX graph."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from transformers import PretrainedConfig

from models.text.network import TextNetwork

OPSET = 17


def export_onnx(network: TextNetwork, file: Path) -> None:
    """Write a network to `file` with its own names, batch and length left free, each layer's attention one node."""
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
        _fuse_attention(file, network.encoder.config)


def _fuse_attention(file: Path, config: PretrainedConfig) -> None:
    """Join the 20 small nodes of each layer's attention into one, where they are laid out as BERT's are.

    Not the residual's sum with the normalisation behind it: ONNX Runtime's joined node is slower on a CPU than the two.
    """
    options = FusionOptions("bert")
    options.use_multi_head_attention = True
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
    options.enable_embed_layer_norm = options.enable_bias_gelu = False
    fused = optimize_model(
        str(file), "bert", config.num_attention_heads, config.hidden_size, optimization_options=options, opt_level=0
    )
    fused.save_model_to_file(str(file))


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
