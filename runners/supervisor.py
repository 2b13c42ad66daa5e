"""The parent of all processes: whichever dies or hangs is replaced at once, inside a container too.

BentoML looks for dead processes every 10 s, replaces none inside a container and never notices one that hangs.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import structlog
from bentoml._internal.utils import circus as bentoml_circus
from tornado import gen

from runners.heartbeat import FOLDER, Pulse, last_beat, silence
from runners.standby import LOCK

log = structlog.get_logger(__name__)

_CHECK_EVERY_S = 0.5
_RUNNERS = "service_"
"""How BentoML names the watchers of the services that another one depends on; that one's is `service`."""
_STANDSTILL_S = 3.0
"""A check that comes so late means that nobody had a chance to do anything."""
_MOST_PATIENCE_S = 10.0
_FORGIVEN_AFTER_S = 60.0
_FIRST_ALONE_S = 30.0
"""For a first process that hangs while it loads; it is not worth waiting for any longer."""
_RUNNERS_DRAIN_S = 1.0
"""For runners, which are told to end when nobody is left who waits for their answers."""


def supervise(hung_after_s: float, drain_s: float, standby: bool = False) -> None:
    """Let BentoML start the processes of this server under one `Supervisor`, whichever of its services asks first."""
    if issubclass(bentoml_circus.Arbiter, Supervisor):
        return
    folder = Path(tempfile.mkdtemp(prefix="heartbeats-"))
    os.environ[FOLDER] = str(folder)

    class Parent(Supervisor):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(
                *arguments,
                heartbeats=folder,
                hung_after_s=hung_after_s,
                drain_s=drain_s,
                standby=standby,
                **options,
            )
            self.exit_stack.callback(shutil.rmtree, folder, ignore_errors=True)

    bentoml_circus.Arbiter = Parent  # type: ignore[misc]


class Restarts:
    """When the next process of a service may start: at once, unless its predecessors died young."""

    def __init__(self) -> None:
        self._deaths: list[float] = []
        self._next = 0.0

    def died(self, now: float) -> None:
        """Note a death; after the n-th within a minute the next start waits n² s, 10 at most."""
        self._deaths = [*(at for at in self._deaths if now - at < _FORGIVEN_AFTER_S), now]
        self._next = now + min(_MOST_PATIENCE_S, (len(self._deaths) - 1) ** 2)

    def due(self, now: float) -> bool:
        return now >= self._next


class Supervisor(bentoml_circus.Arbiter):
    """Circus's arbiter, as BentoML uses it, but for what it does with processes that are dead or hang.

    Parameters
    ----------
    heartbeats: folder in which each process shows signs of life (`runners/heartbeat.py`).
    hung_after_s: a process silent for so long is killed, and so replaced.
    drain_s: how long gateways may take to answer what is in flight after SIGTERM; BentoML gives them a day.
    standby: each runner with one process gets a second one, which waits until the first is gone.

    Of a runner's processes the first one starts alone, and the others when it shows life: side by side they would share
    the processors, and all be ready as late as the last.
    """

    def __init__(
        self,
        watchers: list[Any],
        *,
        heartbeats: Path,
        hung_after_s: float,
        drain_s: float,
        standby: bool = False,
        **options: Any,
    ) -> None:
        self._others = {}
        for watcher in watchers:
            watcher.respawn = True
            watcher.graceful_timeout = drain_s
            if _is_runner(watcher):
                watcher.graceful_timeout = _RUNNERS_DRAIN_S
                if standby and watcher.numprocesses == 1:
                    watcher.numprocesses = 2
                    watcher.env[LOCK] = str(heartbeats / f"{watcher.name}.lock")
                if watcher.numprocesses > 1:
                    self._others[watcher] = watcher.numprocesses
                    watcher.numprocesses = 1
        # BentoML picks TCP ports for Circus's commands, which another may have taken by now, and anyone may speak to.
        control = {"endpoint": f"ipc://{heartbeats}/control", "pubsub_endpoint": f"ipc://{heartbeats}/events"}
        super().__init__(watchers, **{**options, **control, "check_delay": _CHECK_EVERY_S})
        self._heartbeats = heartbeats
        self._hung_after_s = hung_after_s
        self._restarts = {watcher.name: Restarts() for watcher in watchers}
        self._checked_at = self._awake_since = self._began = time.monotonic()

    @gen.coroutine
    def manage_watchers(self) -> Any:
        """Replace what is dead or hangs; called every half second by the loop."""
        # Not made exclusive, as the original is: a SIGTERM that came during an exclusive command would be lost.
        if self._stopping or self._exclusive_running_command is not None:
            return
        now = time.monotonic()
        if now - self._checked_at > _STANDSTILL_S:
            self._awake_since = now
        self._checked_at = now
        for watcher in self.iter_watchers():
            self._let_others_start(watcher, now)
            for pid in list(watcher.processes):
                self._bury_if_dead(watcher, pid, now)
                self._end_if_hung(watcher.name, pid)
            if self._restarts[watcher.name].due(now):
                # A watcher stops when a start fails, as it does while the machine is out of memory.
                yield watcher._start() if watcher.is_stopped() else watcher.manage_processes()
        self.reap_processes()  # other people's orphans: as process 1 of a container it inherits them

    @gen.coroutine
    def _stop_watchers(self, close_output_streams: bool = False, watcher_iter_func: Any = None) -> Any:
        """Let the gateways end before their runners: what is in flight may still have to ask one."""
        watchers = (watcher_iter_func or self.iter_watchers)(reverse=False)
        for runners in (False, True):
            yield [each._stop(close_output_streams) for each in watchers if _is_runner(each) is runners]

    def _let_others_start(self, watcher: Any, now: float) -> None:
        if watcher in self._others and (
            now - self._began > _FIRST_ALONE_S or any(last_beat(self._heartbeats, pid) for pid in watcher.processes)
        ):
            watcher.numprocesses = self._others.pop(watcher)

    def _bury_if_dead(self, watcher: Any, pid: int, now: float) -> None:
        try:
            died, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:  # somebody has asked before, and had the answer
            died, status = pid, None
        if not died:
            return
        watcher.reap_process(pid, status)
        (self._heartbeats / str(pid)).unlink(missing_ok=True)
        self._restarts[watcher.name].died(now)
        code = None if status is None else os.waitstatus_to_exitcode(status)
        log.error("process died; another one is started", service=watcher.name, pid=pid, exit_code=code)

    def _end_if_hung(self, service: str, pid: int) -> None:
        beat = last_beat(self._heartbeats, pid)
        if beat is None:
            return
        try:
            runnable = psutil.Process(pid).status() == psutil.STATUS_RUNNING
            silent_s = silence(beat, Pulse.of(pid), runnable, self._awake_since)
            if silent_s >= self._hung_after_s:
                log.error("process hangs and is killed", service=service, pid=pid, silent_s=round(silent_s, 1))
                os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, psutil.NoSuchProcess):
            return


def _is_runner(watcher: Any) -> bool:
    return str(watcher.name).startswith(_RUNNERS)
