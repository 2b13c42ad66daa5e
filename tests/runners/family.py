"""A supervised server in small: run as a program, the parent of children that live, hang or die as they are told.

`python -m tests.runners.family HUNG_AFTER_S DRAIN_S SERVICE=WAY…` starts one process a service. A child prints
its service and pid; its way is `beat` (shows life for ever), `mute` (never does, as one that still loads its model),
`spin` (shows life, then never lets its event loop go again), `deaf` (ignores SIGTERM) or `fail` (dies at its start).
One whose way is `queue` prints itself when its turn has come; a service named `service_…` has two of them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from runners.heartbeat import heartbeat
from runners.standby import turn


async def child(service: str, way: str) -> None:
    if way == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if way == "mute":
        say(service)
        await asyncio.Event().wait()
    if way == "fail":
        say(service)
        sys.exit(3)
    with heartbeat():
        await asyncio.sleep(0.2)  # the first beat: who is told of this process may well stop it at once
        if way == "queue":
            await turn()
        say(service)
        while way == "spin":
            pass
        await asyncio.Event().wait()


def say(service: str) -> None:
    print(f"child {service} {os.getpid()}\n", end="", flush=True)  # in one piece: the others write there, too


def parent(hung_after_s: float, drain_s: float, ways: dict[str, str]) -> None:
    from bentoml._internal.utils.circus import create_standalone_arbiter
    from bentoml.serving import create_watcher

    from runners.supervisor import supervise

    watchers = []
    for service, way in ways.items():
        supervise(hung_after_s, drain_s, standby=True)  # each service asks for it, before its watcher is made
        watchers.append(create_watcher(name=service, args=["-m", "tests.runners.family", "child", service, way]))
    create_standalone_arbiter(watchers).start()


if __name__ == "__main__":
    if sys.argv[1] == "child":
        asyncio.run(child(*sys.argv[2:]))
    else:
        parent(float(sys.argv[1]), float(sys.argv[2]), dict(each.split("=") for each in sys.argv[3:]))
