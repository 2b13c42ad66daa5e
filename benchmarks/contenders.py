"""The three services that are compared, each with two processes that work."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PORT = "{port}"


@dataclass(frozen=True)
class Contender:
    """A service that can be started.

    Parameters
    ----------
    key: short name; title: what the table calls it.
    command: how it is started, by a program beside this Python's; `{port}` stands for the port.
    answering: processes that accept calls, each of which must be up before it is measured.
    environment: what it needs besides the variables all three share.
    """

    key: str
    title: str
    command: tuple[str, ...]
    answering: int
    environment: Mapping[str, str] = field(default_factory=dict)

    def command_at(self, port: int) -> list[str]:
        """Return the command that starts it on `port`."""
        program, *arguments = (part.replace(PORT, str(port)) for part in self.command)
        return [str(Path(sys.executable).with_name(program)), *arguments]


def _plain(module: str) -> tuple[str, ...]:
    # No access log: whoever cares for speed turns it off. The real service writes its own as it does by default.
    uvicorn = ("uvicorn", f"benchmarks.{module}:application", "--factory", "--host", "127.0.0.1")
    return (*uvicorn, "--port", PORT, "--workers", "2", "--no-access-log")


OURS = Contender(
    key="ours",
    title="this service",
    command=("bentoml", "serve", "--host", "127.0.0.1", "--port", PORT),
    answering=1,  # the gateway; it says it is ready once its runner is
    # The baselines run on the CPU and keep no answers.
    environment={"ML_CACHE_ENABLED": "false", "ML_DEVICE": "cpu"},
)
FLOAT = Contender(
    key="a",
    title="(a) FastAPI, torch float32",
    command=_plain("plain_float"),
    answering=2,
    # One thread a process, as ML_THREADS=1 is for int8: two processes on few cores gain nothing by more threads.
    environment={"OMP_NUM_THREADS": "1"},
)
INT8 = Contender(key="b", title="(b) FastAPI, int8", command=_plain("plain_int8"), answering=2)

CONTENDERS = (OURS, FLOAT, INT8)
