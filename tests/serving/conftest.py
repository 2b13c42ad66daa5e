"""Loggers as they are in a fresh process."""

from __future__ import annotations

import sys

import pytest
import structlog


@pytest.fixture(autouse=True)
def _fresh_loggers() -> None:
    """Forget how an earlier test configured logging, and the loggers that were bound then."""
    structlog.reset_defaults()
    for name, module in sys.modules.copy().items():  # in one step, for another thread may import meanwhile
        if name.startswith("serving.") and hasattr(module, "log"):
            vars(module.log).pop("bind", None)
