"""Matrix products of an ONNX graph in int8, with scales that are fixed beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from models.text.onnx_edit import MICROSOFT, add_constants, copied, replace_nodes

_LARGEST_WEIGHT = 63
"""Seven bits: two products of eight overflow the 16 bits that processors without VNNI add them in."""


class Range(NamedTuple):
    """What the values of an activation lie between; holds zero."""

    low: float
    high: float


class _Product(NamedTuple):
    """A matrix product with constant weights of shape (in, out)."""

    node: onnx.NodeProto
    weight: onnx.TensorProto


def multiplied_activations(graph: onnx.GraphProto) -> list[str]:
    """Return the names of the activations that are multiplied with weights, each once."""
    return list(dict.fromkeys(node.input[0] for node, _ in _products(graph)))


def int8_products(
    model: onnx.ModelProto, ranges: Mapping[str, Range], keep_float: Sequence[str] = ()
) -> onnx.ModelProto:
    """Return the model with every product of an activation and weights in int8, and the bias behind it drawn in.

    An activation becomes uint8 once, however many weights it is multiplied with: value = scale * (uint8 - zero point)
    over its range. Weights are symmetric, with a scale for each column. Integer products are exact, and no scale
    depends on the tensor at hand: a row has the outputs it has alone, whatever its company in a batch.

    Parameters
    ----------
    ranges: one for each of `multiplied_activations`.
    keep_float: parts of the names of nodes that stay as they are, such as `/layer.5/`.
    """
    result = copied(model)
    graph = result.graph
    biases = _biases(graph)
    products = {node.output[0]: weight for node, weight in _products(graph) if not _any_in(keep_float, node.name)}
    drawn_in: set[str] = set()
    nodes: list[onnx.NodeProto] = []
    quantised: dict[str, list[str]] = {}
    for node in graph.node:
        if node.output[0] in drawn_in:
            continue
        if node.output[0] not in products:
            nodes.append(node)
            continue
        activation = node.input[0]
        if activation not in quantised:
            scale, zero = add_constants(graph, activation, _activation_scale(ranges[activation]))
            quantised[activation] = [f"{activation}_uint8", scale, zero]
            nodes.append(helper.make_node("QuantizeLinear", [activation, scale, zero], [f"{activation}_uint8"]))
        uint8, scale, zero = quantised[activation]
        int8, column_scales = add_constants(graph, node.name, _weights(numpy_helper.to_array(products[node.output[0]])))
        inputs, output = [uint8, int8, scale, column_scales, zero], node.output[0]
        if output in biases:
            bias, output = biases[output]
            inputs += ["", bias]
            drawn_in.add(output)
        nodes.append(helper.make_node("MatMulIntegerToFloat", inputs, [output], node.name, domain=MICROSOFT))
    replace_nodes(result, nodes)
    return result


def _products(graph: onnx.GraphProto) -> list[_Product]:
    matrices = {each.name: each for each in graph.initializer if len(each.dims) == 2}
    return [
        _Product(node, matrices[node.input[1]])
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in matrices
    ]


def _biases(graph: onnx.GraphProto) -> dict[str, tuple[str, str]]:
    """Return, for each tensor that goes nowhere but into the addition of a vector, that vector and the sum."""
    readers: dict[str, list[onnx.NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    vectors = {each.name for each in graph.initializer if len(each.dims) == 1}
    return {
        name: (each, reader.output[0])
        for name, [reader, *others] in readers.items()
        if reader.op_type == "Add" and not others
        for each in reader.input
        if each in vectors
    }


def _activation_scale(within: Range) -> list[npt.NDArray[np.generic]]:
    scale = np.float32((within.high - within.low) / 255) or np.float32(1)
    return [np.array(scale), np.array(np.clip(np.rint(-within.low / scale), 0, 255), dtype=np.uint8)]


def _weights(weight: npt.NDArray[np.float32]) -> list[npt.NDArray[np.generic]]:
    largest = np.abs(weight).max(0)
    scales = np.where(largest > 0, largest, 1).astype(np.float32) / np.float32(_LARGEST_WEIGHT)
    return [np.rint(weight / scales).astype(np.int8), scales]


def _any_in(parts: Sequence[str], name: str) -> bool:
    return any(part in name for part in parts)
