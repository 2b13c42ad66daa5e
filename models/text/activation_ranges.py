"""What the activations of a network lie between, seen on rows of its training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
from onnx import helper

from models.text.int8_products import Range, multiplied_activations
from models.text.onnx_edit import copied
from models.text.tokenizer import TokenIds, pad

_SAMPLE = 256


def activation_ranges(model: onnx.ModelProto, rows: Sequence[TokenIds]) -> dict[str, Range]:
    """Return the least and the largest value of each activation that is multiplied with weights.

    A sample of the rows runs through the float graph, each alone: padding would stretch the ranges by what no answer
    sees. Rows have the shapes that `pad` takes.
    """
    names = multiplied_activations(model.graph)
    open_graph = copied(model)
    open_graph.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(open_graph.SerializeToString(), providers=["CPUExecutionProvider"])
    inputs = [each.name for each in session.get_inputs()]
    low, high = np.zeros((2, len(names)))
    for index in np.random.default_rng(0).permutation(len(rows))[:_SAMPLE]:
        values = session.run(names, dict(zip(inputs, pad([rows[index]], 0), strict=True)))
        low = np.minimum(low, [value.min() for value in values])
        high = np.maximum(high, [value.max() for value in values])
    return {name: Range(*each) for name, *each in zip(names, low.tolist(), high.tolist(), strict=True)}
