"""The float weights in bf16: on the CPU, where only the name of the device differs, and on a GPU if there is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import models.intent.model
import models.ner.model
from models.device import Device, cuda_visible
from models.intent.contract import IntentRequest
from models.intent.model import IntentModel
from models.ner.contract import NerRequest
from models.ner.model import NerModel
from models.store import StoredModel
from models.text.network import TextClassifier
from models.text.sessions import NetworkKind, TorchSession

QUERIES = ["What is my balance?", "combien me reste-t-il", "block my card, it was stolen", "tell me a joke", "bonjour"]
CARD = pytest.param(
    "cuda",
    marks=[pytest.mark.gpu, pytest.mark.skipif(not cuda_visible(), reason="no CUDA device on this machine")],
)


@pytest.fixture(params=["cpu", CARD])
def device(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Device:
    """Where torch runs; models that are asked for a card's sessions get those of this device."""
    where: Device = request.param

    def opened(folder: Path, _: Device, threads: int = 1, network: NetworkKind = "TextClassifier") -> TorchSession:
        return TorchSession(folder, network, where)

    for module in (models.intent.model, models.ner.model):
        monkeypatch.setattr(module, "open_session", opened)
    return where


@pytest.fixture(scope="module")
def int8_intents(intent_model: StoredModel) -> IntentModel:
    return IntentModel.load(intent_model, device="cpu")


@pytest.fixture(scope="module")
def int8_entities(ner_model: StoredModel) -> NerModel:
    return NerModel.load(ner_model, device="cpu")


@pytest.fixture
def bf16_intents(intent_model: StoredModel, device: Device) -> IntentModel:
    return IntentModel.load(intent_model, device="cuda")


def test_intents_are_those_of_int8(int8_intents: IntentModel, bf16_intents: IntentModel):
    requests = [IntentRequest(query=query) for query in QUERIES]
    bf16, int8 = bf16_intents.predict(requests), int8_intents.predict(requests)
    assert [answer.intent for answer in bf16] == [answer.intent for answer in int8]
    assert np.allclose([a.confidence for a in bf16], [a.confidence for a in int8], atol=0.1)


def test_it_is_close_to_float32(intent_model: StoredModel, device: Device):
    ids = np.random.default_rng(0).integers(1000, 20_000, (32, 20))
    mask = np.ones_like(ids)
    given = TorchSession(intent_model.path, "TextClassifier", device).run(ids, mask)
    with torch.inference_mode():
        exact = TextClassifier.load(intent_model.path)(torch.from_numpy(ids), torch.from_numpy(mask))
    for one, other in zip(given, exact, strict=True):
        assert one.dtype == np.float32
        assert 0 < np.linalg.norm(one - other.numpy()) / np.linalg.norm(other.numpy()) < 0.03


def test_entities_are_those_of_int8(ner_model: StoredModel, int8_entities: NerModel, device: Device):
    bf16 = NerModel.load(ner_model, device="cuda")
    requests = [
        NerRequest(text="Send 50 bucks to Marie Dupont next Friday"),
        NerRequest(text="virement de 1 200 \u20ac \u00e0 Sophie"),
    ]
    for one, other in zip(bf16.predict(requests), int8_entities.predict(requests), strict=True):
        assert one.entities
        assert [(each.start, each.end, each.label) for each in one.entities] == [
            (each.start, each.end, each.label) for each in other.entities
        ]


def test_a_batch_of_256_is_answered(bf16_intents: IntentModel):
    answers = bf16_intents.predict([IntentRequest(query=QUERIES[n % 5]) for n in range(256)])
    assert [answer.intent for answer in answers] == [answer.intent for answer in answers[:5]] * 51 + [answers[0].intent]


def test_an_answer_hardly_depends_on_its_company(bf16_intents: IntentModel):
    requests = [IntentRequest(query=QUERIES[n % 5] * (1 + n % 7)) for n in range(64)]
    together = bf16_intents.predict(requests)
    alone = [bf16_intents.predict([request])[0] for request in requests]
    assert np.allclose([a.confidence for a in together], [a.confidence for a in alone], atol=0.05)
