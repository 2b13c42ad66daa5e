from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.device import DeviceUnavailable, cuda_visible
from models.text.batches import BatchLimits
from models.text.network import TextClassifier
from models.text.onnx_export import export_onnx
from models.text.sessions import OnnxSession, open_session, run_rows


class Sums:
    """A session that adds up each row's unmasked ids and counts its calls."""

    limits = BatchLimits()

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def run(self, input_ids: np.ndarray, attention_mask: np.ndarray) -> list[np.ndarray]:
        self.shapes.append(input_ids.shape)
        kept = (input_ids * attention_mask).astype(np.float32)
        return [kept.sum(1), np.stack([kept.max(1), attention_mask.sum(1)], axis=1).astype(np.float32)]


ROWS = st.lists(st.lists(st.integers(1, 1000), min_size=1, max_size=300), min_size=1, max_size=150)


@pytest.fixture(scope="module")
def folder(tiny_backbone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("session")
    torch.manual_seed(1)
    export_onnx(TextClassifier(str(tiny_backbone), 3).eval(), folder / "model.int8.onnx")
    return folder


@given(ROWS)
def test_outputs_are_in_the_order_of_the_rows(rows: list[list[int]]):
    sums, extremes = run_rows(Sums(), [np.array(row) for row in rows], pad_id=7)
    assert sums.tolist() == [sum(row) for row in rows]
    assert extremes.tolist() == [[max(row), len(row)] for row in rows]


def test_a_session_says_what_batches_it_likes():
    session = Sums()
    session.limits = BatchLimits(256, 65_536, 0)
    run_rows(session, [np.ones(40)] * 300 + [np.ones(41)], pad_id=0)
    assert session.shapes == [(256, 40), (44, 40), (1, 41)]


def test_a_row_longer_than_a_batch_may_be_runs_alone():
    sums, _ = run_rows(Sums(), [np.ones(3), np.ones(5000), np.ones(3)], pad_id=0)
    assert sums.tolist() == [3, 5000, 3]


@pytest.mark.parametrize("threads", [0, 1, 2])
def test_rows_of_a_real_graph_have_the_outputs_they_have_alone(folder: Path, threads: int):
    session = OnnxSession(folder / "model.int8.onnx", threads)
    generator = np.random.default_rng(0)
    rows = [generator.integers(1000, 20_000, length) for length in generator.integers(1, 200, 40)]
    together = run_rows(session, rows, pad_id=0)
    alone = [run_rows(session, [row], pad_id=0) for row in rows]
    for index, output in enumerate(together):
        assert np.allclose(output, np.concatenate([each[index] for each in alone]), atol=1e-5)


def test_on_the_cpu_the_onnx_graph_is_opened(folder: Path):
    logits, embedding = open_session(folder, "cpu").run(np.ones((2, 3), np.int64), np.ones((2, 3), np.int64))
    assert (logits.shape, embedding.shape) == ((2, 3), (2, 32))


@pytest.mark.skipif(cuda_visible(), reason="there is a CUDA device")
def test_without_a_gpu_cuda_is_refused_with_a_sentence(folder: Path):
    with pytest.raises(DeviceUnavailable, match="no CUDA device is visible"):
        open_session(folder, "cuda")
