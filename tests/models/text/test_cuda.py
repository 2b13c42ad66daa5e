"""The float weights on a GPU; runs where there is one."""

import numpy as np
import pytest

from models.device import cuda_visible
from models.intent.contract import IntentRequest
from models.intent.model import IntentModel
from models.store import StoredModel

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not cuda_visible(), reason="no CUDA device on this machine")]

QUERIES = ["What is my balance?", "combien me reste-t-il", "block my card, it was stolen", "tell me a joke", "bonjour"]


def test_bf16_on_the_gpu_answers_as_int8_on_the_cpu(intent_model: StoredModel) -> None:
    requests = [IntentRequest(query=query) for query in QUERIES]
    gpu = IntentModel.load(intent_model, device="cuda").predict(requests)
    cpu = IntentModel.load(intent_model, device="cpu").predict(requests)
    assert [answer.intent for answer in gpu] == [answer.intent for answer in cpu]
    assert np.allclose([a.confidence for a in gpu], [a.confidence for a in cpu], atol=0.1)


def test_a_batch_of_256_runs(intent_model: StoredModel) -> None:
    model = IntentModel.load(intent_model, device="cuda")
    assert len(model.predict([IntentRequest(query=QUERIES[n % 5]) for n in range(256)])) == 256
