"""Load from wrk: so many callers, each sending its next query when the last one is answered."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
QUERIES = _HERE / "queries.txt"
_SCRIPT = _HERE / "cycle.lua"
TIMEOUT_S = 5
"""A later answer is an error; the real service has the same deadline."""


@dataclass(frozen=True)
class Load:
    """What wrk saw: answers, their times, and what went wrong."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    connect: int
    read: int
    write: int
    timeout: int
    status: int

    @property
    def socket_errors(self) -> int:
        return self.connect + self.read + self.write + self.timeout

    @property
    def errors(self) -> int:
        """Socket errors, answers that came too late, and answers of 400 and above."""
        return self.socket_errors + self.status

    @property
    def per_second(self) -> float:
        """Good answers a second: refusing quickly is no speed."""
        return max(0, self.requests - self.status) / self.seconds


def wrk_missing() -> bool:
    """Say whether there is no wrk on this machine."""
    return shutil.which("wrk") is None


def wrk_version() -> str:
    """Return what wrk calls itself."""
    # It prints its version and then, in want of a URL, how to use it, with status 1.
    shown = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False)
    return " ".join((shown.stdout + shown.stderr).split()[:2])


def send(
    url: str, callers: int, seconds: int, around: tuple[str, ...] = ('{"query": ', "}"), lines: Path = QUERIES
) -> Load:
    """Send load to `url` for `seconds` from `callers` connections.

    A body is a line of a file: as text between the two parts of `around`, or as it stands where that is empty.
    """
    # One thread is enough for thousands of answers a second, and takes the fewest cores from the service.
    command = ["wrk", "-t1", f"-c{callers}", f"-d{seconds}s", f"--timeout={TIMEOUT_S}s", f"--script={_SCRIPT}", url]
    run = subprocess.run(
        [*command, "--", str(lines), *around], capture_output=True, text=True, check=True, timeout=seconds + 60
    )
    return Load(**json.loads(run.stdout.splitlines()[-1]))
