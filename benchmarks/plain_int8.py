"""Baseline (b): the int8 model of the real service behind plain FastAPI."""

from __future__ import annotations

from fastapi import FastAPI

from benchmarks.plain_api import plain_api
from models import store
from models.intent.contract import NAME
from models.intent.model import IntentModel
from runners.settings import runner_settings


def application() -> FastAPI:
    """Return the application; uvicorn calls this once in each worker."""
    config = runner_settings()
    return plain_api(IntentModel.load(store.load(config.tag(NAME)), device="cpu", threads=config.threads).predict)
