"""Loggers as they are in a fresh process."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def _fresh_loggers() -> None:
    """Let each module's logger be bound anew: one that an earlier test used keeps the configuration of then."""
    for name, module in list(sys.modules.items()):
        if name.startswith("serving.") and hasattr(module, "log"):
            vars(module.log).pop("bind", None)
