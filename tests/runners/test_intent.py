from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from models.device import cuda_visible
from models.store import StoredModel

HEAVY = ("torch", "transformers", "onnx", "scipy", "sklearn", "matplotlib", "pandas")


def in_a_fresh_process(code: str, **environment: str) -> Any:
    """Return what `code` prints as JSON on its last line."""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ | environment
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def loaded(code: str) -> list[str]:
    return in_a_fresh_process(f"{code}\nimport json, sys\nprint(json.dumps([n for n in {HEAVY} if n in sys.modules]))")


def test_importing_the_runner_loads_no_model_library():
    """The gateway imports it to know its address."""
    assert loaded("import runners.intent\nimport sys\nassert 'onnxruntime' not in sys.modules") == []


@pytest.mark.skipif(cuda_visible(), reason="a GPU is served by torch")
def test_serving_on_a_cpu_loads_nothing_that_only_training_needs(intent_model: StoredModel):
    code = """
from models.intent.contract import IntentRequest
from runners.intent import IntentRunner
runner = IntentRunner.inner()
[answer] = runner.predict([IntentRequest(query="What is my balance?")])
assert answer.intent == "check_balance", answer
"""
    assert loaded(code) == []


def test_it_says_which_model_answers_and_where(intent_model: StoredModel):
    code = "from runners.intent import IntentRunner\nprint(IntentRunner.inner().describe().model_dump_json())"
    state = in_a_fresh_process(code, ML_DEVICE="cpu")
    assert state == {"name": "intent", "version": intent_model.version, "device": "cpu", "reads": None}


def test_it_serves_the_version_it_is_told_to(intent_model: StoredModel):
    code = "from runners.intent import IntentRunner\nprint(IntentRunner.inner().describe().model_dump_json())"
    state = in_a_fresh_process(code, ML_DEVICE="cpu", ML_MODELS=json.dumps({"intent": intent_model.tag}))
    assert state["version"] == intent_model.version


@pytest.mark.skipif(cuda_visible(), reason="there is a CUDA device")
def test_asked_for_a_gpu_that_is_not_there_it_does_not_start(intent_model: StoredModel):
    code = """
import json
from models.device import DeviceUnavailable
from runners.intent import IntentRunner
try:
    IntentRunner.inner()
except DeviceUnavailable as error:
    print(json.dumps(str(error)))
"""
    assert "'cuda' was asked for" in in_a_fresh_process(code, ML_DEVICE="cuda")
