"""The services in turn, each started fresh, under each load."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.load import send
from benchmarks.processor_time import Stopwatch, settle
from benchmarks.started import started
from benchmarks.subject import Subject
from benchmarks.summary import CALLERS, Measurement


@dataclass(frozen=True)
class Plan:
    """How often and how long is measured; `warmup` seconds of the same load come before each measurement."""

    rounds: int
    seconds: int
    warmup: int


def measure(
    plan: Plan, subject: Subject, contenders: Sequence[Contender], tag: str, tell: Callable[[str], None]
) -> Iterator[Measurement]:
    """Yield all measurements of the subject's model `tag`; `tell` hears what is under way.

    A service is stopped before the next one starts: even an idle one takes memory and some processor time.
    """
    # The baselines read the setting that the real service has for its models' versions.
    shared = {"BENTOML_DO_NOT_TRACK": "True", "ML_MODELS": json.dumps({subject.name: tag})}
    with tempfile.TemporaryDirectory() as logs:
        for turn in range(plan.rounds):
            # Who is first changes: a neighbour's work that comes and goes should not meet the same service each time.
            first = turn % len(contenders)
            for contender in (*contenders[first:], *contenders[:first]):
                tell(f"round {turn + 1} of {plan.rounds}: {contender.title}")
                with started(contender, subject, shared, Path(logs) / f"{turn}-{contender.key}.log") as service:
                    around = contender.around(subject)
                    for callers in CALLERS:
                        # At the very load that follows, for which the real service learns how long a batch may wait.
                        send(service.url, callers, plan.warmup, around)
                        settle(service.pid)
                        watch = Stopwatch(service.pid)
                        load = send(service.url, callers, plan.seconds, around)
                        yield Measurement(turn + 1, contender.key, callers, load, watch.stop())
