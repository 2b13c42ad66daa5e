"""The drift report, of the text that a process really writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Gauge, generate_latest

import drift_report


@pytest.fixture
def metrics(tmp_path: Path) -> Path:
    """`/metrics` of a model that 1,000 people ask: they are richer than those before, and speak as they did."""
    registry = CollectorRegistry()
    observed, expected = (
        Gauge(name, "A count.", ["model", "feature", "bin"], registry=registry)
        for name in ("ml_drift_observed", "ml_drift_expected")
    )
    for feature, bins in {
        "income": {"00 <= 100": (500, 100), "01 > 100": (500, 900), "02 missing": (0, 0)},
        "language": {"00 en": (600, 610), "01 <fr>": (400, 390)},
    }.items():
        for name, (then, now) in bins.items():
            expected.labels("credit_risk", feature, name).set(then)
            observed.labels("credit_risk", feature, name).set(now)
    file = tmp_path / "metrics.txt"
    file.write_bytes(generate_latest(registry))
    return file


def test_features_are_compared_the_most_drifted_first(metrics: Path):
    [(model, features)] = drift_report.compare(metrics.read_text()).items()
    assert model == "credit_risk"
    assert [each.feature for each in features] == ["income", "language"]
    assert features[0].index > 0.25
    assert features[1].index < 0.01
    assert list(features[0].bins) == ["<= 100", "> 100", "missing"]


def test_the_page_says_and_shows_it(metrics: Path, tmp_path: Path):
    out = tmp_path / "reports" / "drift.html"
    assert drift_report.main(["--metrics", str(metrics), "--out", str(out)]) == 0
    page = out.read_text()
    assert '<tr class="great"><td>income</td>' in page
    assert '<tr class="none"><td>language</td>' in page
    assert "The last 1,000 calls." in page
    assert "data:image/png;base64,iVBORw0KGgo" in page


def test_a_service_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert drift_report.main(["--metrics", "http://127.0.0.1:9/metrics", "--out", str(tmp_path / "page")]) == 2
    assert "127.0.0.1:9" in capsys.readouterr().err


def test_without_any_profile_the_page_says_so():
    assert "No model has a reference profile" in drift_report.report("")
