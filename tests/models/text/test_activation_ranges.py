from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper

from models.text.activation_ranges import activation_ranges
from tests.models.text.graphs import model

WEIGHT = np.ones((1, 2), dtype=np.float32)


def reader(values: np.ndarray) -> onnx.ModelProto:
    """A network that looks up a number for each token and multiplies it with weights."""
    nodes = [
        helper.make_node("Gather", ["values", "x"], ["numbers"]),
        helper.make_node("MatMul", ["numbers", "weight"], ["products"], "dense"),
        helper.make_node("Cast", ["mask"], ["counted"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", ["products", "counted"], ["y"]),
    ]
    given = model(nodes, {"values": values[:, None].astype(np.float32), "weight": WEIGHT}, ["y"], kind=7)
    given.graph.input.append(helper.make_tensor_value_info("mask", onnx.TensorProto.INT64, None))
    given.graph.node[2].input[0] = "shaped"
    given.graph.node.insert(2, helper.make_node("Unsqueeze", ["mask", "last"], ["shaped"]))
    given.graph.initializer.append(onnx.numpy_helper.from_array(np.array([2]), "last"))
    return given


def rows(count: int, tokens: int) -> list[np.ndarray]:
    return list(np.random.default_rng(1).integers(0, tokens, (count, 20)))


def test_values_spread_evenly_keep_their_whole_range():
    low, high = activation_ranges(reader(np.linspace(-1, 3, 500)), rows(80, 500))["numbers"]
    assert low == pytest.approx(-1, abs=0.1)
    assert high == pytest.approx(3, abs=0.3)


def test_a_rare_far_value_does_not_cost_all_others_their_steps():
    values = np.append(np.random.default_rng(2).normal(size=20_000), 12.0)
    some = [*rows(200, 20_000), np.array([20_000, *range(4000)])]
    low, high = activation_ranges(reader(values), some)["numbers"]
    assert 3 < high < 8
    assert -5 < low < -2


def test_a_range_holds_zero():
    low, high = activation_ranges(reader(np.linspace(2, 3, 50)), rows(10, 50))["numbers"]
    assert (low, high) == (0, pytest.approx(3, abs=0.3))


def test_the_same_rows_give_the_same_ranges():
    network, some = reader(np.linspace(-1, 3, 500)), rows(300, 500)
    assert activation_ranges(network, some) == activation_ranges(network, some)
