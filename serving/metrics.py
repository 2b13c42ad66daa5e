"""Prometheus metrics of the edge, beyond BentoML's own. Labels are from closed sets, never from the caller."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SHARES = tuple(step / 20 for step in range(1, 21))

REQUESTS = Counter("ml_http_requests_total", "Requests answered.", ["route", "method", "status"])
LATENCY = Histogram("ml_http_request_duration_seconds", "Time from request to answer.", ["route"], buckets=_SECONDS)
IN_FLIGHT = Gauge("ml_http_requests_in_flight", "Requests being answered.", multiprocess_mode="livesum")
PLACES = Gauge("ml_http_requests_limit", "Requests that are let in at once.", multiprocess_mode="livesum")
WORKERS = Gauge("ml_gateway_workers", "Processes that answer requests.", multiprocess_mode="livesum")
CONFIDENCE = Histogram("ml_prediction_confidence", "Confidence of answers.", ["model"], buckets=_SHARES)
SCORE = Histogram("ml_prediction_score", "Scores of answers.", ["model"], buckets=_SHARES)
PREDICTIONS = Counter("ml_predictions_total", "Predictions by outcome.", ["model", "outcome"])
CACHE = Counter("ml_cache_events_total", "What the cache did.", ["model", "event"])
RUNNER_CALLS = Counter("ml_runner_calls_total", "Calls to runners by outcome.", ["model", "outcome"])
LOGGED = Counter("ml_prediction_log_total", "Predictions chosen for the log, by what became of them.", ["outcome"])
RUNNER_WAITING = Gauge(
    "ml_runner_items_waiting",
    "Requests that wait for a free call to a runner.",
    ["model"],
    multiprocess_mode="livesum",
)
STORE_CALLS = Counter("ml_store_calls_total", "Calls to the store by outcome.", ["operation", "outcome"])
MODEL_INFO = Gauge(
    "ml_model_info", "1 for the model that answers.", ["model", "version", "device"], multiprocess_mode="livemostrecent"
)
MODEL_READY = Gauge("ml_model_ready", "1 while the model's runner answers.", ["model"], multiprocess_mode="livemin")
