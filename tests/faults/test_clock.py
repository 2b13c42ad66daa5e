"""The clock jumps, forward and back, under a running server."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.conftest import MODELS, wait_until
from tests.faults.load import load
from tests.faults.record import Record
from tests.served import ServedFactory

pytestmark = pytest.mark.faults

JUMPS = {"an hour ahead": "3600", "a day back": "-86400", "a year ahead": "31536000", "right again": "0"}


def test_clock_jumps(serve: ServedFactory, tmp_path: Path):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here (Debian package gcc)")
    library, clock = tmp_path / "wall_clock.so", tmp_path / "clock"
    source = Path(__file__).with_name("wall_clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    clock.write_text("0")
    server = serve(LD_PRELOAD=str(library), WALL_CLOCK=str(clock))
    before = {worker.pid for worker in server.workers("ml_services")}
    with load(server.url, MODELS, 2) as outcomes:
        for jump in JUMPS.values():
            clock.write_text(jump)
            jumped = time.monotonic()
            wait_until(lambda jumped=jumped: all(outcomes.of(model, jumped)["200"] >= 30 for model in MODELS))
    lost = outcomes.of().total() - outcomes.of()["200"]
    Record(
        50,
        "the clock jumps",
        "while calls are answered: " + ", ".join(JUMPS),
        f"{lost} of {outcomes.of().total():,} calls",
        "at once",
        "nothing: deadlines, caches and heartbeats run on the monotonic clock",
    ).keep()
    assert outcomes.wrong == []
    assert lost == 0
    assert {worker.pid for worker in server.workers("ml_services")} == before
    server.stop()
