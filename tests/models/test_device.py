from __future__ import annotations

import subprocess
import sys

import pytest

from models import device
from models.device import DeviceUnavailable, choose_device, cuda_visible

without_gpu = pytest.mark.skipif(cuda_visible(), reason="there is a CUDA device")


def test_cpu_is_the_cpu():
    assert choose_device("cpu") == "cpu"


@without_gpu
def test_auto_falls_back_to_the_cpu():
    assert choose_device("auto") == "cpu"


@without_gpu
def test_cuda_by_name_does_not_fall_back():
    with pytest.raises(DeviceUnavailable, match="'cuda' was asked for; this process sees no CUDA device"):
        choose_device("cuda")


@pytest.mark.parametrize("choice", ["auto", "cuda"])
def test_a_gpu_is_used_where_there_is_one(choice: device.DeviceChoice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(device, "cuda_visible", lambda: True)
    assert choose_device(choice) == "cuda"


def test_cpu_by_name_leaves_a_gpu_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(device, "cuda_visible", lambda: True)
    assert choose_device("cpu") == "cpu"


def test_looking_for_a_gpu_does_not_load_torch():
    check = "import sys; from models.device import cuda_visible; cuda_visible(); print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_it_agrees_with_torch():
    import torch

    assert cuda_visible() == torch.cuda.is_available()
