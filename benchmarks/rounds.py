"""The services in turn, each started fresh, under each load."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import RIVALS, Contender
from benchmarks.load import send
from benchmarks.processor_time import Stopwatch, settle
from benchmarks.started import NotServing, Started, started
from benchmarks.subject import Subject
from benchmarks.summary import CALLERS, Measurement


@dataclass(frozen=True)
class Plan:
    """How long is measured, in seconds; `warmup` of the same load comes before each measurement."""

    seconds: int
    warmup: int


def one_round(
    number: int,
    plan: Plan,
    subject: Subject,
    contenders: Sequence[Contender],
    tag: str,
    tell: Callable[[str], None],
) -> list[Measurement]:
    """Return the measurements of a round of the subject's model `tag`; `tell` hears what is under way.

    A service is stopped before the next one starts: even an idle one takes memory and some processor time.
    """
    # The baselines read the setting that the real service has for its models' versions.
    shared = {"BENTOML_DO_NOT_TRACK": "True", "ML_MODELS": json.dumps({subject.name: tag})}
    # Who is first changes: a neighbour's work that comes and goes should not meet the same service each time.
    first = (number - 1) % len(contenders)
    measurements: list[Measurement] = []
    with tempfile.TemporaryDirectory() as folder:
        shared["ML_DATABASE_PATH"] = f"{folder}/store.sqlite"
        for contender in (*contenders[first:], *contenders[:first]):
            tell(f"  {contender.title}")
            try:
                with started(contender, subject, shared, Path(folder) / f"{contender.key}.log") as service:
                    around = contender.around(subject)
                    measurements += [_measure(number, plan, contender, service, n, around) for n in CALLERS]
            except NotServing as error:
                if contender not in RIVALS:
                    raise
                tell(f"  left out of this round: {error}")
    return measurements


def _measure(
    number: int, plan: Plan, contender: Contender, service: Started, callers: int, around: tuple[str, str]
) -> Measurement:
    # At the very load that follows, for which the real service learns how long a batch may wait.
    send(service.url, callers, plan.warmup, around)
    settle(service.pid)
    watch = Stopwatch(service.pid)
    load = send(service.url, callers, plan.seconds, around)
    return Measurement(number, contender.key, callers, load, watch.stop())
