"""Writes docs/reliability.md from what `make faults` measured: `python -m tests.faults.page`."""

from __future__ import annotations

import os
from pathlib import Path

from tests.faults.load import PAUSE_S
from tests.faults.record import Record, rows

PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
_HEAD = """\
# Reliability

What was done to a running server, what it cost and how long it took to be whole again. `make faults` does all of it
with real processes and writes this page ({cores} cores{load}). In every row each answer was checked: none was wrong,
and none had another shape than that of [errors.md](errors.md). Where processes die or hang, two callers ask each model,
each {pause} s after its last answer. A process that starts competes with the callers for the processors: where they do
not pause, one took up to 40 s, and the others answered for it.

| fault | what was done | loss | whole again | what callers see |
|---|---|---|---|---|
"""
_TAIL = """
## How it is done

- **A parent that replaces** (`runners/supervisor.py`). BentoML looks for dead processes every 10 s and, inside a
  container, replaces none. Ours looks twice a second, there too. The first replacement starts at once; of a process
  that dies again and again, the next ones wait 1, 4, 9 and then 10 s.
- **Heartbeats** (`runners/heartbeat.py`). Each process shows once a second that its event loop runs. One that is silent
  for `ML_HUNG_AFTER_S` is killed, and so replaced. Time that it had to wait for a processor does not count: a machine
  with too much to do gets no more to do.
- **A second process at the ready** (`runners/standby.py`), for each runner that has one process beside the gateways
  (`ML_STANDBY`): loaded and idle, it waits for a lock that the kernel takes from the first one when that dies. A runner
  with more (`workers` in `configuration.yaml`; the forecasts have two) goes on with those that are left.
- **Gateways end first.** On SIGTERM the parent tells the runners to end when no gateway is left: a call in flight may
  still have to ask one.
- **The socket outlives the process.** The parent holds it; calls that come meanwhile wait in it for the next process.
- **One retry, in the gateway** (`serving/runner_link.py`), of a call whose connection broke: predictions change
  nothing. A write to the store is not retried; it is whole or not there, and idempotent by id, so that the caller may.
- **Deadlines.** What waits longer than `ML_TIMEOUT_S`, behind a runner that hangs too, is answered 504 and leaves the
  queue. A model that misses two checks is answered 503 at once, until it answers one again.
- **Heads and bodies must arrive** within `ML_TIMEOUT_S` (`serving/connections.py`, `serving/body.py`); a process may
  have 65,536 connections if the system lets it. A body that is too large is answered at once, and the rest of it thrown
  away, up to 64 MiB and as long, so that callers who read only after they have sent everything get to read it.
"""


def page(records: list[Record]) -> str:
    """Return the page."""
    load, cores = os.getloadavg()[1], os.cpu_count() or 1
    busy = f", busy with other work: on a quiet machine times are shorter; load {load:.0f}" if load > 2 * cores else ""
    lines = [f"| {row.fault} | {row.done} | {row.loss} | {row.recovery} | {row.seen} |\n" for row in records]
    return _HEAD.format(cores=cores, load=busy, pause=PAUSE_S) + "".join(lines) + _TAIL


if __name__ == "__main__":
    PAGE.write_text(page(rows()), encoding="utf-8")
