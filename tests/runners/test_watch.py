"""What several real processes tell of the same model, as the gateway's `/metrics` sums it up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.drift.profile import ReferenceProfile
from models.drift.sketch import FEWEST
from models.drift.stability import stability_index
from serving.exposition import exposition

PROJECT = Path(__file__).parents[2]
WORKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from models.contract import Refusal
from models.drift.watched import Watched
from runners.watch import Watch

folder, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
stored = SimpleNamespace(name="mood", path=folder, saved=datetime(2026, 3, 1, tzinfo=UTC))
watch = Watch(stored, Watched(inputs=lambda asked, _: {"number": asked}, outputs=lambda told: {"sign": told}))
calls = [(first + number) % 1000 for number in range(count)]
watch.add(calls[:-1], ["odd" if call % 2 else "even" for call in calls[:-1]])
watch.add([5], [Refusal(code="internal_error", message="Not this one.")])
watch._told = float("-inf")
watch.add(calls[-1:], ["odd" if calls[-1] % 2 else "even"])
print("told", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model's folder; what its processes tell is in `metrics` below it."""
    reference = [{"number": number, "sign": "odd" if number % 2 else "even"} for number in range(1000)]
    ReferenceProfile.fit(reference).save(tmp_path)
    (tmp_path / "metrics").mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    return tmp_path


@pytest.fixture
def workers(shared: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes: one saw 300 calls with small numbers, the other 400 with large ones."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, shared, first, count],
            cwd=PROJECT,
            env=dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first, count in (("0", "300"), ("600", "400"))
    ]
    for worker in started:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "told\n"
    yield started
    for worker in started:
        worker.kill()
        worker.communicate()


def told(name: str) -> dict[tuple[str, ...], float]:
    """Return the values of a metric, by its labels in the order of their names."""
    families = text_string_to_metric_families(exposition().decode())
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return {tuple(value for _, value in sorted(sample.labels.items())): sample.value for sample in samples}


def test_the_calls_of_all_processes_are_one_window(workers: list[subprocess.Popen[str]]):
    observed, expected = told("ml_drift_observed"), told("ml_drift_expected")
    numbers = {labels: count for labels, count in observed.items() if labels[1] == "number"}
    assert sum(numbers.values()) == 300 + 400 >= FEWEST
    assert observed["00 even", "sign", "mood"] == observed["01 odd", "sign", "mood"] == 350
    index = stability_index([expected[labels] for labels in numbers], list(numbers.values()))
    assert told("ml_drift_psi") == {("number", "mood"): pytest.approx(index), ("sign", "mood"): pytest.approx(0)}
    assert index > 0.25


def test_processes_are_counted_and_the_model_has_an_age(workers: list[subprocess.Popen[str]]):
    assert told("ml_runner_workers") == {("mood",): 2}
    assert told("ml_model_saved_timestamp_seconds") == {("mood",): 1772323200}


def test_a_process_that_was_killed_is_no_longer_counted(workers: list[subprocess.Popen[str]]):
    workers[0].kill()
    workers[0].wait()
    assert told("ml_runner_workers") == {("mood",): 1}
    assert sum(count for labels, count in told("ml_drift_observed").items() if labels[1] == "number") == 400
    assert told("ml_drift_psi") == {}


def test_a_model_without_a_profile_has_no_drift(shared: Path):
    (shared / "drift.json").unlink()
    asked = [sys.executable, "-c", WORKER, shared, "0", "600"]
    subprocess.run(asked, cwd=PROJECT, stdin=subprocess.DEVNULL, check=True)
    assert told("ml_drift_psi") == told("ml_drift_observed") == {}
