from __future__ import annotations

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import models

MODULES = [importlib.import_module(found.name) for found in pkgutil.walk_packages(models.__path__, "models.")]


def examples(module: ModuleType) -> list[doctest.DocTest]:
    return [found for found in doctest.DocTestFinder(exclude_empty=True).find(module) if found.examples]


@pytest.mark.parametrize("module", [each for each in MODULES if examples(each)], ids=lambda module: module.__name__)
def test_examples_are_true(module: ModuleType):
    assert doctest.testmod(module).failed == 0


def test_there_are_examples():
    assert sum(len(examples(module)) for module in MODULES) >= 4
