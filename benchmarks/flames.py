"""`python -m benchmarks.flames`: flame graphs (py-spy) of a gateway with its models, and of both apart."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks.contenders import APART, CACHED, OURS, Contender
from benchmarks.load import send
from benchmarks.started import Started, started
from benchmarks.subject import SUBJECTS

RESULTS = Path(__file__).with_name("results")
CALLERS = 32


def main(arguments: Sequence[str] | None = None) -> None:
    """Record under load, one file a process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flames", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="length of each recording (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the flame graphs")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    for contender, services in (
        (OURS, {"ml_services": "flame_gateway"}),
        (CACHED, {"ml_services": "flame_gateway_cached"}),
        (APART, {"ml_services": "flame_gateway_apart", "intent_runner": "flame_runner_apart"}),
    ):
        for service, name in services.items():
            _record(contender, service, options.out / f"{name}.svg", options.seconds)


def _record(contender: Contender, service: str, file: Path, seconds: int) -> None:
    subject = SUBJECTS["intent"]
    with (
        tempfile.TemporaryDirectory() as folder,
        started(contender, subject, {"ML_DATABASE_PATH": f"{folder}/store.sqlite"}, Path(folder) / "log") as running,
    ):
        send(running.url, CALLERS, 2)
        load = threading.Thread(target=send, args=(running.url, CALLERS, seconds + 2))
        load.start()
        # The picture is entitled with this command: no folder of whoever draws it stands in it.
        spy = ["py-spy", "record", "--threads", "--rate", "200"]
        pid = ["--pid", str(_pid(running, service)), "--duration", str(seconds), "--output", file.name]
        program = Path(sys.executable).with_name("py-spy")
        subprocess.run([*spy, *pid], executable=program, cwd=file.parent, check=True)
        load.join()
    print(file)


def _pid(running: Started, service: str) -> int:
    children = psutil.Process(running.pid).children(recursive=True)
    return next(child.pid for child in children if service in child.cmdline())


if __name__ == "__main__":
    main()
