"""How far live traffic has drifted, from what all processes together have seen of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from models.drift.sketch import FEWEST
from models.drift.stability import stability_index

OBSERVED = "ml_drift_observed"
EXPECTED = "ml_drift_expected"
"""What runners write, by `model`, `feature` and `bin`."""

Counts = dict[tuple[str, str], dict[str, float]]


def drift(metrics: Iterable[Metric]) -> Metric:
    """Return `ml_drift_psi` by model and feature; nothing of a model before there are `FEWEST` calls."""
    family = GaugeMetricFamily(
        "ml_drift_psi",
        "Population stability index of the last calls against the model's reference profile.",
        labels=["model", "feature"],
    )
    by_name = {metric.name: metric for metric in metrics}
    observed, expected = counts(by_name.get(OBSERVED)), counts(by_name.get(EXPECTED))
    for key, found in observed.items():
        wanted = expected.get(key, {})
        if sum(found.values()) >= FEWEST and wanted.keys() == found.keys():
            family.add_metric(key, stability_index([wanted[name] for name in found], list(found.values())))
    return family


def counts(metric: Metric | None) -> Counts:
    """Return the counts of a metric, by model and feature, of each bin."""
    found: Counts = defaultdict(dict)
    for sample in metric.samples if metric else ():
        found[sample.labels["model"], sample.labels["feature"]][sample.labels["bin"]] = sample.value
    return found
