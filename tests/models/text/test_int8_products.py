from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper

from models.text.int8_products import Range, int8_products, multiplied_activations
from tests.models.text.graphs import model, operators, run

DICE = np.random.default_rng(0)
WEIGHT = DICE.normal(size=(24, 10)).astype(np.float32)
BIAS = DICE.normal(size=10).astype(np.float32)
X = DICE.uniform(-2, 6, size=(3, 5, 24)).astype(np.float32)
RANGES = {"x": Range(-2.0, 6.0)}


def dense(**constants: np.ndarray) -> onnx.ModelProto:
    nodes = [
        helper.make_node("MatMul", ["x", "weight"], ["product"], "/layer.0/dense/MatMul"),
        helper.make_node("Add", ["bias", "product"], ["sum"], "/layer.0/dense/Add"),
        helper.make_node("Relu", ["sum"], ["y"]),
    ]
    return model(nodes, {"weight": WEIGHT, "bias": BIAS, **constants}, ["y"])


def test_a_product_and_its_bias_become_one_integer_product():
    quantised = int8_products(dense(), RANGES)
    assert operators(quantised) == ["QuantizeLinear", "MatMulIntegerToFloat", "Relu"]
    [wanted], [got] = run(dense(), X), run(quantised, X)
    assert np.corrcoef(got.ravel(), wanted.ravel())[0, 1] > 0.999


def test_it_is_the_product_of_the_rounded_numbers():
    quantised = int8_products(dense(), RANGES)
    scale, columns = 8 / 255, np.abs(WEIGHT).max(0) / 63
    rounded = (np.clip(np.rint(X / scale) + 64, 0, 255) - 64) * scale
    wanted = np.maximum(rounded @ (np.rint(WEIGHT / columns) * columns) + BIAS, 0)
    [got] = run(quantised, X)
    assert np.allclose(got, wanted, atol=1e-4)


def test_what_lies_outside_the_range_is_cut_off():
    quantised = int8_products(dense(), RANGES)
    far = np.where(X > 0, 60, -20).astype(np.float32)
    edge = np.clip(far, *RANGES["x"])
    assert np.allclose(run(quantised, far)[0], run(quantised, edge)[0], atol=1e-4)


def test_a_row_has_the_outputs_it_has_alone_to_the_last_bit():
    quantised = int8_products(dense(), RANGES)
    [together] = run(quantised, X)
    for row in range(3):
        assert (run(quantised, X[row : row + 1])[0][0] == together[row]).all()


def test_what_is_kept_stays_float_and_so_does_the_given_model():
    given = dense()
    before = given.SerializeToString()
    kept = int8_products(given, {}, ["/layer.0/"])
    assert operators(kept) == operators(given)
    int8_products(given, RANGES)
    assert given.SerializeToString() == before


@pytest.mark.parametrize("weight", [np.zeros_like(WEIGHT), WEIGHT * (np.arange(10) > 4)], ids=["none", "half"])
def test_columns_without_weights_give_the_bias(weight: np.ndarray):
    [got] = run(int8_products(dense(weight=weight.astype(np.float32)), RANGES), X)
    empty = np.abs(weight).max(0) == 0
    assert np.allclose(got[..., empty], np.maximum(BIAS, 0)[empty], atol=1e-6)


def test_an_activation_that_is_always_zero_is_no_division_by_zero():
    [got] = run(int8_products(dense(), {"x": Range(0.0, 0.0)}), np.zeros_like(X))
    assert np.allclose(got, np.maximum(BIAS, 0), atol=1e-6)


def test_one_activation_is_rounded_once_for_all_its_weights_and_a_shared_product_keeps_its_sum():
    nodes = [
        helper.make_node("MatMul", ["x", "weight"], ["first"], "first"),
        helper.make_node("MatMul", ["x", "other"], ["second"], "second"),
        helper.make_node("Add", ["first", "bias"], ["sum"]),
        helper.make_node("Mul", ["first", "sum"], ["y"]),
        helper.make_node("Relu", ["second"], ["z"]),
    ]
    given = model(nodes, {"weight": WEIGHT, "other": WEIGHT[:, :4].copy(), "bias": BIAS}, ["y", "z"])
    quantised = int8_products(given, RANGES)
    assert multiplied_activations(given.graph) == ["x"]
    assert operators(quantised).count("QuantizeLinear") == 1
    assert operators(quantised).count("Add") == 1
    for got, wanted in zip(run(quantised, X), run(given, X), strict=True):
        assert np.corrcoef(got.ravel(), wanted.ravel())[0, 1] > 0.999


def test_products_of_two_activations_stay_as_they_are():
    nodes = [
        helper.make_node("Transpose", ["x"], ["turned"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["x", "turned"], ["y"], "both"),
    ]
    given = model(nodes, {}, ["y"])
    assert operators(int8_products(given, {})) == operators(given)
