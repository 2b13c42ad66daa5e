"""The clock jumps, forward and back, under a running server (Debian package `faketime`)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.conftest import MODELS, wait_until
from tests.faults.load import load
from tests.faults.record import Record
from tests.served import ServedFactory

pytestmark = pytest.mark.faults

JUMPS = {"an hour ahead": "+3600", "a day back": "-86400", "a year ahead": "+31536000", "right again": "+0"}


def test_clock_jumps(serve: ServedFactory, tmp_path: Path):
    [library, *_] = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), Path()]
    if not library.is_file():
        pytest.skip("no libfaketime here (Debian package faketime)")
    clock = tmp_path / "clock"
    clock.write_text("+0")
    server = serve(
        LD_PRELOAD=str(library),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        # As on a machine whose clock is set: what runs on is the monotonic clock.
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        DONT_FAKE_MONOTONIC="1",
    )
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
