"""On the PYTHONPATH of a server, breaks its intent model: a query that says `sabotage` is raised as an exception,
and one that says `never end` keeps the model busy for ever.

Python imports `sitecustomize` when it starts; the model is imported later, and is changed then.
"""

from __future__ import annotations

import sys
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class Saboteur(MetaPathFinder):
    """Finds one module as Python does, and changes it once it is executed."""

    def find_spec(self, name, path=None, target=None) -> ModuleSpec | None:
        if name != "models.intent.model":
            return None
        spec = PathFinder.find_spec(name, path)
        assert spec is not None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            _sabotage(module.IntentModel)

        spec.loader.exec_module = exec_module
        return spec


def _sabotage(model: type) -> None:
    predict = model.predict

    def broken(self, requests):
        for request in requests:
            if "never end" in request.query:
                time.sleep(1e6)
            if "sabotage" in request.query:
                raise ValueError(request.query, request.user_id)
        return predict(self, requests)

    model.predict = broken


sys.meta_path.insert(0, Saboteur())
