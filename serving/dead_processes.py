"""What killed processes leave behind among the metrics."""

from __future__ import annotations

from pathlib import Path

import psutil


def forget_the_dead(folder: Path) -> None:
    """Remove the live gauges of processes that are gone: a model that was down for one of them is not down for ever.

    Counters and histograms stay: what was counted has happened.

    Parameters
    ----------
    folder: where the processes keep their metrics for the one that is asked (`PROMETHEUS_MULTIPROC_DIR`).
    """
    for file in folder.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            file.unlink(missing_ok=True)
