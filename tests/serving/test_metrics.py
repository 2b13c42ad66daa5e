from __future__ import annotations

import pytest
from prometheus_client.metrics import MetricWrapperBase

import serving.metrics

METRICS = {name: metric for name, metric in vars(serving.metrics).items() if isinstance(metric, MetricWrapperBase)}
CLOSED = {"operation", "route", "method", "status", "model", "outcome", "event", "version", "device"}


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_name_has_the_prefix(metric: MetricWrapperBase):
    assert metric._name.startswith("ml_")


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_label_is_from_a_closed_set(metric: MetricWrapperBase):
    assert set(metric._labelnames) <= CLOSED


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_says_what_it_counts(metric: MetricWrapperBase):
    assert metric._documentation.endswith(".")
