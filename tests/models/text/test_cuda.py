"""Training and the service on a GPU; runs where there is one. What the weights answer there: test_bf16.py."""

import json
import subprocess
from pathlib import Path

import httpx
import numpy as np
import pytest
import torch

from models.device import cuda_visible
from models.store import StoredModel
from models.text.finetune import FineTuning, finetune
from models.text.network import TextClassifier
from tests.conftest import HOME
from tests.served import Served

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not cuda_visible(), reason="no CUDA device on this machine")]

QUERY = "What is my balance?"
TEXT = "Send 50 bucks to Marie Dupont next Friday"


def test_training_on_the_gpu_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import BertConfig, BertModel

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=5000, **sizes)).save_pretrained(tmp_path / "tiny")
    network = TextClassifier(str(tmp_path / "tiny"), 2)
    generator = np.random.default_rng(0)
    targets = torch.arange(64) % 2
    # Rows of class 1 begin with another word.
    rows = [np.concatenate([[101, 2000 + int(t)], generator.integers(3000, 4000, 5)]) for t in targets]
    losses: list[float] = []

    def loss(outputs: tuple[torch.Tensor, ...], batch: list[int]) -> torch.Tensor:
        value = torch.nn.functional.cross_entropy(outputs[0], targets[batch].to(outputs[0].device))
        losses.append(value.item())
        return value

    words = network.encoder.get_input_embeddings()
    tuning = FineTuning(epochs=20, batch_size=16, learning_rate=1e-3, unread=0.05)
    finetune(network, rows, 0, loss, tuning, b"", words, 100).remove()
    assert np.mean(losses[-8:]) < 0.5 * np.mean(losses[:4])
    assert next(network.parameters()).device.type == "cpu"


def test_the_service_runs_both_models_on_the_card(
    intent_model: StoredModel, ner_model: StoredModel, trained_models: list[StoredModel], tmp_path: Path
) -> None:
    (tmp_path / "models").symlink_to(HOME / "models")
    served = Served(tmp_path, {"BENTOML_HOME": str(tmp_path), "ML_DEVICE": "cuda"})
    try:
        served.wait_ready()
        models = {each["name"]: each for each in httpx.get(f"{served.url}/health", timeout=10).json()["models"]}
        assert (models["intent"]["device"], models["ner"]["device"]) == ("cuda", "cuda")
        answer = served.ask(QUERY)
        assert (answer.status_code, answer.json()["intent"]) == (200, "check_balance")
        found = served.client.post("/v1/predict/ner", json={"text": TEXT, "reference_date": "2026-05-14"}).json()
        assert {each["label"] for each in found["entities"]} == {"AMOUNT", "PERSON", "DATE"}
        assert len(served.workers("intent_runner")) == len(served.workers("ner_runner")) == 1
    finally:
        served.stop()
        shown = ("nvidia-smi", "--query-compute-apps=pid,used_memory", "--format=csv")
        print(json.dumps(subprocess.run(shown, capture_output=True, text=True, check=False).stdout))
