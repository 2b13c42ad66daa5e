"""Which processor a model runs on."""

from __future__ import annotations

import ctypes
import importlib.util
from typing import Literal

Device = Literal["cpu", "cuda"]
DeviceChoice = Literal["auto", "cpu", "cuda"]


class DeviceUnavailable(RuntimeError):
    """The device that was asked for by name is not there."""


def cuda_visible() -> bool:
    """Say whether this process can use a CUDA device.

    Asks the driver, not torch: importing torch to learn that there is no GPU would cost a CPU server
    seconds of start-up and hundreds of megabytes.
    """
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return False
    return count.value > 0 and importlib.util.find_spec("torch") is not None


def choose_device(choice: DeviceChoice) -> Device:
    """Return the device for `choice`; `auto` falls back to the CPU, `cuda` does not."""
    if choice == "cpu":
        return "cpu"
    if cuda_visible():
        return "cuda"
    if choice == "cuda":
        raise DeviceUnavailable("device 'cuda' was asked for; this process sees no CUDA device, or torch is missing")
    return "cpu"
