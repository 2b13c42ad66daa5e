"""What the activations of a network lie between, seen on rows of its training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import helper

from models.text.int8_products import Range, multiplied_activations
from models.text.onnx_edit import copied
from models.text.tokenizer import TokenIds, pad

Floats = npt.NDArray[np.float32]

_ROWS = 256
_VALUES = 300
"""Of each activation in each row, so that a long row counts as a short one does."""
_SHARES = np.linspace(0.3, 1.0, 15)


def activation_ranges(model: onnx.ModelProto, rows: Sequence[TokenIds]) -> dict[str, Range]:
    """Return what each activation that is multiplied with weights is to be rounded in.

    Values of a sample of the rows are rounded to 256 steps between smaller and smaller shares of their extremes, and
    the range is that of the least squared error: what lies outside is cut off, and all else is told more exactly
    (Banner et al., NeurIPS 2019, by search). Each row runs alone: padding would stretch the ranges by what no answer
    sees. Rows have the shapes that `pad` takes.
    """
    names = multiplied_activations(model.graph)
    open_graph = copied(model)
    open_graph.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(open_graph.SerializeToString(), providers=["CPUExecutionProvider"])
    inputs = [each.name for each in session.get_inputs()]
    generator = np.random.default_rng(0)
    seen: dict[str, list[Floats]] = {name: [] for name in names}
    low, high = np.zeros((2, len(names)))
    for index in generator.permutation(len(rows))[:_ROWS]:
        outputs = session.run(names, dict(zip(inputs, pad([rows[index]], 0), strict=True)))
        low = np.minimum(low, [output.min() for output in outputs])
        high = np.maximum(high, [output.max() for output in outputs])
        for name, output in zip(names, outputs, strict=True):
            seen[name].append(generator.choice(output.ravel(), _VALUES))
    return {
        name: _least_error(np.concatenate(seen[name]), *extremes)
        for name, *extremes in zip(names, low.tolist(), high.tolist(), strict=True)
    }


def _least_error(values: Floats, low: float, high: float) -> Range:
    """Return the shares of the extremes between which rounding moves the values least: the upper first, then the lower.

    By themselves, for behind an activation function one end is a bound and the other has outliers.
    """

    def error(within: Range) -> float:
        return float(((_rounded(values, *within) - values) ** 2).sum())

    above = min((Range(low, high * share) for share in _SHARES.tolist()), key=error)
    return min((Range(low * share, above.high) for share in _SHARES.tolist()), key=error)


def _rounded(values: Floats, low: float, high: float) -> Floats:
    step = (high - low) / 255 or 1.0
    rounded: Floats = np.clip(np.rint(values / step) * step, low, high)
    return rounded
