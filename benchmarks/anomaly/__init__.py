"""The anomaly model on public data; `make bench-anomaly`."""
