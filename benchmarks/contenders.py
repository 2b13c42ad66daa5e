"""The services that are compared, each with as many processes that predict as there are cores."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.subject import Subject

PORT = "{port}"
CORES = str(len(os.sched_getaffinity(0)))
_ENVIRONMENTS = Path(__file__).parent.parent / ".cache"


@dataclass(frozen=True)
class Contender:
    """A service that can be started.

    Parameters
    ----------
    key: short name; title: what the table calls it.
    command: how it is started, by a program beside its Python's; `{port}` stands for the port.
    answering: processes that accept calls and tell themselves apart, each of which must be up before it is measured.
    environment: what it needs besides the variables that all share.
    venv: folder of its own virtual environment below `.cache`; else this Python's. models: what it can serve.
    ready: path that says so; `{model}` stands for the model's name.
    nested: requests and answers are in the Open Inference Protocol.
    """

    key: str
    title: str
    command: tuple[str, ...]
    answering: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    venv: str | None = None
    models: tuple[str, ...] = ("intent", "ner")
    ready: str = "/readyz"
    nested: bool = False

    @property
    def programs(self) -> Path:
        """Return the folder of the programs that it is started by."""
        return Path(sys.executable).parent if self.venv is None else _ENVIRONMENTS / self.venv / "bin"

    @property
    def installed(self) -> bool:
        return (self.programs / "python").exists()

    def command_at(self, port: int) -> list[str]:
        """Return the command that starts it on `port`."""
        program, *arguments = (part.replace(PORT, str(port)) for part in self.command)
        return [str(self.programs / program), *arguments]

    def ready_path(self, subject: Subject) -> str:
        """Return the path that says whether it can predict."""
        return self.ready.replace("{model}", subject.name)

    def path(self, subject: Subject) -> str:
        """Return the path that predicts."""
        return f"/v2/models/{subject.name}/infer" if self.nested else subject.route

    def around(self, subject: Subject) -> tuple[str, str]:
        """Return what stands in a request's body before and after the text."""
        if self.nested:
            return '{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": [', "]}]}"
        return f'{{"{subject.field}": ', "}"


def _plain(module: str, workers: str = CORES) -> tuple[str, ...]:
    # No access log: whoever cares for speed turns it off. The real service writes its own as it does by default.
    uvicorn = ("uvicorn", f"benchmarks.{module}:application", "--factory", "--host", "127.0.0.1")
    return (*uvicorn, "--port", PORT, "--workers", workers, "--no-access-log")


def _rival(module: str) -> tuple[str, ...]:
    return ("python", "-m", f"benchmarks.rivals.{module}", PORT)


_SERVE = ("bentoml", "serve", "--host", "127.0.0.1", "--port", PORT)
# One thread a process, as ML_THREADS=1 is for int8: a process for each core gains nothing by more threads.
_ONE_THREAD = {"OMP_NUM_THREADS": "1"}

OURS = Contender(
    key="ours",
    title="this service",
    command=_SERVE,
    # The baselines run on the CPU and keep no answers.
    environment={"ML_CACHE_ENABLED": "false", "ML_DEVICE": "cpu"},
)
CACHED = Contender("cached", "this service, answers kept", _SERVE, environment={"ML_DEVICE": "cpu"}, models=("intent",))
APART = Contender(
    key="apart",
    title="this service, runner in its own process",
    command=_SERVE,
    environment={**OURS.environment, "ML_PLACEMENT": '{"intent": "process", "ner": "process"}'},
)
FLOAT = Contender(
    "a", "(a) FastAPI, torch float32", _plain("plain_float"), int(CORES), environment=_ONE_THREAD, models=("intent",)
)
COMMON = Contender(
    key="a1",
    title="(a1) FastAPI, torch float32, one process",
    command=_plain("plain_float", "1"),
    environment={"BENCHMARK_AS_IT_COMES": "1"},
    models=("intent",),
)
INT8 = Contender("b", "(b) FastAPI, int8", _plain("plain_int8"), int(CORES))
RIVALS = (
    Contender(
        "litserve", "LitServe, int8", _rival("litserve_int8"), environment=_ONE_THREAD, venv="rivals", ready="/health"
    ),
    Contender("ray", "Ray Serve, int8", _rival("ray_int8"), environment=_ONE_THREAD, venv="rivals", ready="/-/healthz"),
    Contender(
        key="mlserver",
        title="MLServer, int8",
        command=_rival("mlserver_int8"),
        environment=_ONE_THREAD,
        venv="mlserver",
        ready="/v2/models/{model}/ready",  # its health says ready while it has no model yet
        nested=True,
    ),
)
ALL = (OURS, APART, CACHED, FLOAT, COMMON, INT8, *RIVALS)


def contenders(subject: Subject, keys: Sequence[str] = ()) -> tuple[Contender, ...]:
    """Return those that can serve `subject` and are installed, or of them those of `keys`."""
    able = [each for each in ALL if subject.name in each.models and each.installed]
    return tuple(each for each in able if not keys or each.key in keys)
