"""Small ONNX graphs, and what they compute."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper


def model(
    nodes: Sequence[onnx.NodeProto], constants: dict[str, np.ndarray], outputs: Sequence[str], *, kind: int = 1
) -> onnx.ModelProto:
    """Return a model with one input `x` of element type `kind` and float outputs of any shape."""
    graph = helper.make_graph(
        list(nodes),
        "small",
        [helper.make_tensor_value_info("x", kind, None)],
        [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def run(given: onnx.ModelProto, x: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(given.SerializeToString(), providers=["CPUExecutionProvider"])
    return list(session.run(None, {"x": x}))


def operators(given: onnx.ModelProto) -> list[str]:
    return [node.op_type for node in given.graph.node]
