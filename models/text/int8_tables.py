"""Embedding tables of an ONNX graph in int8: half of a small network's weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from models.text.onnx_edit import add_constants, copied, replace_nodes

_LEAST_ROWS = 1000


def int8_tables(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with every table of 1,000 rows and more in int8, with a scale for each row.

    A row looked up is turned back into floats, so that this saves memory and costs no time worth naming.
    """
    result = copied(model)
    graph = result.graph
    tables = {each.name: each for each in graph.initializer if len(each.dims) == 2 and each.dims[0] >= _LEAST_ROWS}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type != "Gather" or node.input[0] not in tables:
            nodes.append(node)
            continue
        ids, output = node.input[1], node.output[0]
        rows, scales = add_constants(graph, output, _quantised(numpy_helper.to_array(tables[node.input[0]])))
        nodes += [
            helper.make_node("Gather", [rows, ids], [f"{output}/int8"]),
            helper.make_node("Gather", [scales, ids], [f"{output}/scale"]),
            helper.make_node("Cast", [f"{output}/int8"], [f"{output}/float"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [f"{output}/float", f"{output}/scale"], [output]),
        ]
    replace_nodes(result, nodes)
    return result


def _quantised(table: npt.NDArray[np.float32]) -> list[npt.NDArray[np.generic]]:
    """Return int8 values of shape (rows, width), and the scales by which they are multiplied, (rows, 1)."""
    largest = np.abs(table).max(1, keepdims=True)
    scales = np.where(largest > 0, largest, 1).astype(np.float32) / np.float32(127)
    return [np.rint(table / scales).astype(np.int8), scales]
