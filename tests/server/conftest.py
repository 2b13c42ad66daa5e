"""Servers that several files of this room share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.served import ONE_FORECASTER, Served, ServedFactory


@pytest.fixture(scope="session")
def sabotaged(serve: ServedFactory) -> Served:
    """A server at its lowest log level whose model, in a process of its own, raises queries that say `sabotage`."""
    return serve(
        ML_LOG_LEVEL="debug",
        ML_TIMEOUT_S="2",
        ML_PLACEMENT='{"intent": "process"}',
        ML_STANDBY="false",
        **ONE_FORECASTER,
        PYTHONPATH=str(Path(__file__).with_name("sabotage")),
    )
