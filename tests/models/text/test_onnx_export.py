from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor
from transformers import AutoModel, PretrainedConfig
from transformers import models as architectures

from models.text.activation_ranges import activation_ranges
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
    quantise_int8(graph, graph.with_name("model.int8.onnx"), activation_ranges(onnx.load(graph), calibration()))
    return graph.with_name("model.int8.onnx")


def calibration() -> list[np.ndarray]:
    generator = np.random.default_rng(5)
    return [generator.integers(1000, 20_000, length) for length in generator.integers(1, 64, 50)]


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


SMALL = {"num_hidden_layers": 2, "num_attention_heads": 4, "hidden_size": 32, "intermediate_size": 64}


@pytest.mark.parametrize(
    ("config", "fused"),
    [
        (architectures.bert.BertConfig(vocab_size=1000, **SMALL), True),
        (architectures.roberta.RobertaConfig(vocab_size=1000, **SMALL), True),
        (
            architectures.distilbert.DistilBertConfig(vocab_size=1000, dim=32, n_layers=2, n_heads=4, hidden_dim=64),
            True,
        ),
        (architectures.albert.AlbertConfig(vocab_size=1000, embedding_size=16, **SMALL), True),
        (architectures.mpnet.MPNetConfig(vocab_size=1000, **SMALL), False),
    ],
    ids=lambda value: getattr(value, "model_type", ""),
)
def test_backbones_of_other_architectures_are_fused_where_they_can_be_and_right(
    config: PretrainedConfig, fused: bool, tmp_path: Path
):
    torch.manual_seed(2)
    AutoModel.from_config(config).save_pretrained(tmp_path)
    network = TextClassifier(str(tmp_path), 3).eval()
    export_onnx(network, tmp_path / "model.onnx")
    ids, mask = pad([np.arange(5, 14), np.arange(30, 34)], int(config.pad_token_id))
    with torch.inference_mode():
        expected = network(torch.from_numpy(ids), torch.from_numpy(mask))
    for got, want in zip(OnnxSession(tmp_path / "model.onnx").run(ids, mask), expected, strict=True):
        assert np.allclose(got, want.numpy(), atol=1e-5)
    nodes = onnx.load(tmp_path / "model.onnx").graph.node
    assert any(node.op_type == "MultiHeadAttention" for node in nodes) is fused


@pytest.mark.parametrize("graph_name", ["graph", "int8"])
def test_the_graph_does_not_see_padding(graph_name: str, request: pytest.FixtureRequest):
    session = OnnxSession(request.getfixturevalue(graph_name))
    ids, mask = batch(1, 6)
    padded, hidden = np.pad(ids, ((0, 0), (0, 9)), constant_values=77), np.pad(mask, ((0, 0), (0, 9)))
    assert np.allclose(session.run(ids, mask)[0], session.run(padded, hidden)[0], atol=1e-5)


def test_a_row_of_the_int8_graph_has_the_outputs_it_has_alone(int8: Path):
    session = OnnxSession(int8)
    ids, mask = batch(17, 32)
    together = session.run(ids, mask)
    for row in range(17):
        alone = session.run(ids[row : row + 1], mask[row : row + 1])
        assert all(np.allclose(got[0], want[row], atol=1e-5) for got, want in zip(alone, together, strict=True))


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
    ranges = activation_ranges(onnx.load(tmp_path / "model.onnx"), calibration())
    quantise_int8(tmp_path / "model.onnx", tmp_path / "model.int8.onnx", ranges)
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
