"""Where a batch command works on its parts: in this process, or on the machines of a Ray cluster."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeVar, get_args

PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT")

Engine = Literal["local", "ray"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
ENGINE_HELP = "where to compute: local, or ray, on the cluster of RAY_ADDRESS or on every core of this machine"


class EngineMissing(RuntimeError):
    """The engine that was asked for is not installed."""


def mapped(engine: Engine, parts: Sequence[PartT], make: Callable[[], Callable[[PartT], ResultT]]) -> Iterator[ResultT]:
    """Yield what `make()` returns for each part, in the order of `parts`.

    With Ray, `make` runs once in each worker, which therefore needs this code and, where `make` loads a model, a model
    store with that model in it; parts and results are pickled.

    Raises
    ------
    EngineMissing: Ray is not installed.
    """
    if engine == "ray":
        yield from _on_ray(parts, make)
        return
    work = make()
    for part in parts:
        yield work(part)


class _Worker:
    """One process of the cluster."""

    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        self._work = make()

    def __call__(self, row: dict[str, bytes]) -> dict[str, bytes]:
        return {"result": pickle.dumps(self._work(pickle.loads(row["part"])))}  # noqa: S301 - pickled by this module


def _on_ray(parts: Sequence[PartT], make: Callable[[], Callable[[PartT], ResultT]]) -> Iterator[ResultT]:
    try:
        import ray.data
    except ImportError:
        raise EngineMissing("Ray is not installed: pip install 'ml-services[ray]'") from None
    if not parts:
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False, logging_level="WARNING")
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    workers = max(1, min(len(parts), int(ray.cluster_resources().get("CPU", 1))))
    rows = ray.data.from_items([{"part": pickle.dumps(part)} for part in parts], override_num_blocks=len(parts))
    done = rows.map(_Worker, fn_constructor_args=(make,), concurrency=workers, num_cpus=1)
    for row in done.iter_rows():
        yield pickle.loads(row["result"])  # noqa: S301 - pickled by this module's worker
