from __future__ import annotations

import numpy as np
import onnx
from onnx import helper

from models.text.int8_tables import int8_tables
from tests.models.text.graphs import model, operators, run

TABLE = np.random.default_rng(0).normal(size=(1200, 16)).astype(np.float32) * np.linspace(0.01, 3, 1200)[:, None]


def lookup(table: np.ndarray) -> onnx.ModelProto:
    nodes = [helper.make_node("Gather", ["table", "x"], ["found"]), helper.make_node("Neg", ["found"], ["y"])]
    return model(nodes, {"table": table.astype(np.float32)}, ["y"], kind=onnx.TensorProto.INT64)


def test_each_row_is_told_to_within_half_a_step_of_its_own():
    ids = np.arange(1200).reshape(2, 600)
    [got], [wanted] = run(int8_tables(lookup(TABLE)), ids), run(lookup(TABLE), ids)
    step = np.abs(wanted).max(-1, keepdims=True) / 127
    assert (np.abs(got - wanted) <= step / 2 + 1e-6).all()


def test_a_table_is_a_quarter_of_its_size():
    assert int8_tables(lookup(TABLE)).ByteSize() < 0.35 * lookup(TABLE).ByteSize()


def test_a_row_of_zeros_stays_one():
    table = TABLE.copy()
    table[7] = 0
    assert (run(int8_tables(lookup(table)), np.array([7]))[0] == 0).all()


def test_small_tables_stay_float():
    given = lookup(TABLE[:512])
    assert operators(int8_tables(given)) == operators(given)
