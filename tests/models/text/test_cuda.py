"""The float weights on a GPU; runs where there is one."""

import json
import subprocess
from pathlib import Path

import httpx
import numpy as np
import pytest
import torch

from models.device import cuda_visible
from models.intent.contract import IntentRequest
from models.intent.model import IntentModel
from models.ner.contract import NerRequest
from models.ner.model import NerModel
from models.store import StoredModel
from models.text.finetune import FineTuning, finetune
from models.text.network import TextClassifier
from models.text.sessions import open_session
from tests.conftest import HOME
from tests.served import Served

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not cuda_visible(), reason="no CUDA device on this machine")]

QUERIES = ["What is my balance?", "combien me reste-t-il", "block my card, it was stolen", "tell me a joke", "bonjour"]
TEXT = "Send 50 bucks to Marie Dupont next Friday"


def test_bf16_on_the_gpu_answers_as_int8_on_the_cpu(intent_model: StoredModel) -> None:
    requests = [IntentRequest(query=query) for query in QUERIES]
    gpu = IntentModel.load(intent_model, device="cuda").predict(requests)
    cpu = IntentModel.load(intent_model, device="cpu").predict(requests)
    assert [answer.intent for answer in gpu] == [answer.intent for answer in cpu]
    assert np.allclose([a.confidence for a in gpu], [a.confidence for a in cpu], atol=0.1)


def test_bf16_on_the_gpu_is_close_to_float32_on_the_cpu(intent_model: StoredModel) -> None:
    ids = np.random.default_rng(0).integers(1000, 20_000, (32, 20))
    mask = np.ones_like(ids)
    logits, embeddings = open_session(intent_model.path, "cuda").run(ids, mask)
    with torch.inference_mode():
        exact = TextClassifier.load(intent_model.path)(torch.from_numpy(ids), torch.from_numpy(mask))
    for given, wanted in zip((logits, embeddings), exact, strict=True):
        error = np.linalg.norm(given - wanted.numpy()) / np.linalg.norm(wanted.numpy())
        assert error < 0.03


def test_entities_on_the_gpu_are_those_on_the_cpu(ner_model: StoredModel) -> None:
    requests = [NerRequest(text=TEXT), NerRequest(text="virement de 1 200 \u20ac \u00e0 Sophie")]
    gpu, cpu = (NerModel.load(ner_model, device=device).predict(requests) for device in ("cuda", "cpu"))
    for one, other in zip(gpu, cpu, strict=True):
        assert [(each.start, each.end, each.label) for each in one.entities] == [
            (each.start, each.end, each.label) for each in other.entities
        ]


def test_a_batch_of_256_runs(intent_model: StoredModel) -> None:
    model = IntentModel.load(intent_model, device="cuda")
    assert len(model.predict([IntentRequest(query=QUERIES[n % 5]) for n in range(256)])) == 256


def test_an_answer_hardly_depends_on_its_company(intent_model: StoredModel) -> None:
    model = IntentModel.load(intent_model, device="cuda")
    requests = [IntentRequest(query=QUERIES[n % 5] * (1 + n % 7)) for n in range(64)]
    together = model.predict(requests)
    alone = [model.predict([request])[0] for request in requests]
    assert np.allclose([a.confidence for a in together], [a.confidence for a in alone], atol=0.05)


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
        answer = served.ask(QUERIES[0])
        assert (answer.status_code, answer.json()["intent"]) == (200, "check_balance")
        found = served.client.post("/v1/predict/ner", json={"text": TEXT, "reference_date": "2026-05-14"}).json()
        assert {each["label"] for each in found["entities"]} == {"AMOUNT", "PERSON", "DATE"}
        assert len(served.workers("intent_runner")) == len(served.workers("ner_runner")) == 1
    finally:
        served.stop()
        shown = ("nvidia-smi", "--query-compute-apps=pid,used_memory", "--format=csv")
        print(json.dumps(subprocess.run(shown, capture_output=True, text=True, check=False).stdout))
