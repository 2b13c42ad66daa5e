"""Baseline (b): the int8 model of the real service behind plain FastAPI."""

from __future__ import annotations

from fastapi import FastAPI

from benchmarks.plain_api import plain_api
from benchmarks.subject import subject


def application() -> FastAPI:
    """Return the application; uvicorn calls this once in each worker."""
    return plain_api(subject().open())
