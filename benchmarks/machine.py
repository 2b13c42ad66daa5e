"""What the figures were measured on; without it they mean nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from benchmarks.load import wrk_version

_PACKAGES = (
    "bentoml",
    "fastapi",
    "httptools",
    "numpy",
    "onnxruntime",
    "pydantic",
    "starlette",
    "tokenizers",
    "torch",
    "transformers",
    "uvicorn",
    "uvloop",
)


def cores() -> int:
    """Return how many cores this process, and what it starts, may use."""
    return len(os.sched_getaffinity(0))


def describe_machine() -> dict[str, object]:
    """Return processor, memory and versions."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "wrk": wrk_version(),
        "libraries": {package: version(package) for package in _PACKAGES if find_spec(package)},
    }


def describe_commit() -> str:
    """Return the commit, with `+changes` when the working tree differs from it, but for what benchmarks write."""
    commit = _git("rev-parse", "HEAD")
    written = (":(top,exclude)benchmarks/results", ":(top,exclude)benchmarks/RESULTS.md")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ":(top)", *written)
    return commit + ("+changes" if commit and changed else "")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _git(*arguments: str) -> str:
    folder = Path(__file__).parent
    try:
        return subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""  # an unpacked archive has no history
