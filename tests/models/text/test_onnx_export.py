from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.text.network import TextClassifier
from models.text.onnx_export import export_onnx
from models.text.quantise import quantise_int8
from models.text.sessions import OnnxSession
from models.text.tokenizer import pad


@pytest.fixture(scope="module")
def network(tiny_backbone: Path) -> TextClassifier:
    torch.manual_seed(1)
    return TextClassifier(str(tiny_backbone), 3).eval()


@pytest.fixture(scope="module")
def graph(network: TextClassifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("graph") / "model.onnx"
    export_onnx(network, file)
    return file


@pytest.fixture(scope="module")
def int8(graph: Path) -> Path:
    quantise_int8(graph, graph.with_name("model.int8.onnx"))
    return graph.with_name("model.int8.onnx")


def batch(rows: int, longest: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(rows * longest)
    lengths = [longest, *generator.integers(1, longest + 1, rows - 1)]
    return pad([generator.integers(1000, 20_000, length) for length in lengths], 0)


@pytest.mark.parametrize(("rows", "longest"), [(1, 1), (1, 3), (2, 7), (5, 20), (17, 64)])
def test_the_graph_computes_what_the_network_does(network: TextClassifier, graph: Path, rows: int, longest: int):
    ids, mask = batch(rows, longest)
    with torch.inference_mode():
        expected = network(torch.from_numpy(ids), torch.from_numpy(mask))
    for got, want in zip(OnnxSession(graph).run(ids, mask), expected, strict=True):
        assert np.allclose(got, want.numpy(), atol=1e-4)


def test_the_float_graph_does_not_see_padding(graph: Path):
    ids, mask = batch(1, 6)
    padded, hidden = np.pad(ids, ((0, 0), (0, 9)), constant_values=77), np.pad(mask, ((0, 0), (0, 9)))
    assert np.allclose(OnnxSession(graph).run(ids, mask)[0], OnnxSession(graph).run(padded, hidden)[0], atol=1e-5)


def test_the_int8_graph_is_near_the_network(graph: Path, int8: Path):
    ids, mask = batch(17, 32)
    for got, want in zip(OnnxSession(int8).run(ids, mask), OnnxSession(graph).run(ids, mask), strict=True):
        assert np.corrcoef(got.ravel(), want.ravel())[0, 1] > 0.98


def test_the_int8_graph_is_a_third_of_the_float_graph_at_most(graph: Path, int8: Path):
    assert int8.stat().st_size < graph.stat().st_size / 3


def test_quantising_leaves_no_other_file(int8: Path):
    assert {file.name for file in int8.parent.iterdir()} == {"model.onnx", "model.int8.onnx"}


def test_the_same_network_gives_the_same_bytes(network: TextClassifier, int8: Path, tmp_path: Path):
    export_onnx(network, tmp_path / "model.onnx")
    quantise_int8(tmp_path / "model.onnx", tmp_path / "model.int8.onnx")
    assert (tmp_path / "model.int8.onnx").read_bytes() == int8.read_bytes()


class Broken(TextClassifier):
    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        raise RuntimeError("broken")


def test_warnings_are_logged_again_after_a_failed_export(
    tiny_backbone: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(RuntimeError, match="broken"):
        export_onnx(Broken(str(tiny_backbone), 3), tmp_path / "model.onnx")
    logging.getLogger("any").warning("heard")
    assert "heard" in caplog.messages
