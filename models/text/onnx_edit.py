"""Put other nodes and constants into an ONNX graph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

MICROSOFT = "com.microsoft"
"""Domain of the operators that are ONNX Runtime's own."""


def copied(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy that may be changed."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy


def add_constants(graph: onnx.GraphProto, name: str, values: Sequence[npt.NDArray[np.generic]]) -> list[str]:
    """Add constants to the graph; return their names, which begin with `name`."""
    added = [numpy_helper.from_array(value, f"{name}/{number}") for number, value in enumerate(values)]
    graph.initializer.extend(added)
    return [each.name for each in added]


def replace_nodes(model: onnx.ModelProto, nodes: Sequence[onnx.NodeProto]) -> None:
    """Give the model's graph these nodes for its own, and leave it no constant that none of them reads."""
    graph = model.graph
    kept = list(nodes)
    del graph.node[:]
    graph.node.extend(kept)
    read = {name for node in kept for name in node.input}
    constants = [each for each in graph.initializer if each.name in read]
    del graph.initializer[:]
    graph.initializer.extend(constants)
    known = {each.domain for each in model.opset_import}
    if MICROSOFT not in known and any(node.domain == MICROSOFT for node in kept):
        model.opset_import.append(helper.make_opsetid(MICROSOFT, 1))
