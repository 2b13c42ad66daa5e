"""The commands `train` and `evaluate`, for every package of this folder that has the file of that name."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from models import store
from models.interruption import INTERRUPTED, heeding, loading
from models.options import OptionError, add_options, read_options
from models.text.backbone import BackboneError
from models.train_together import train_together

Command = Literal["train", "evaluate"]
_HERE = Path(__file__).parent


def model_names() -> list[str]:
    """Return the models there are: the packages of this folder that can be trained."""
    return sorted(file.parent.name for file in _HERE.glob("*/train.py"))


def train(arguments: Sequence[str] | None = None) -> int:
    """Run `train MODEL [options]`, or `train --missing` for every model that the store lacks."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--missing"]:
        return train_all([name for name in model_names() if not _served(name)])
    return _run("train", given)


def train_all(names: Sequence[str]) -> int:
    """Train default models, several at once; those with most to learn from begin, for they take longest."""
    return train_together(sorted(names, key=_size_of_data, reverse=True), train_default)


def train_default(name: str) -> int:
    """Train one model with nothing but defaults."""
    return _run("train", [name])


def evaluate(arguments: Sequence[str] | None = None) -> int:
    """Run `evaluate MODEL --data FILE`."""
    return _run("evaluate", list(sys.argv[1:] if arguments is None else arguments))


def _size_of_data(name: str) -> int:
    return sum(file.stat().st_size for file in (_HERE / name).rglob("*.jsonl"))


def _served(name: str) -> bool:
    found = store.exists(f"{name}:latest")
    if found:
        print(f"{store.load(f'{name}:latest').tag} is in the model store", file=sys.stderr)
    return found


def _run(command: Command, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=command, description=f"{command.capitalize()} a model.")
    models = parser.add_subparsers(dest="model", required=True, metavar="MODEL")
    chosen = next((name for name in arguments if name in model_names()), None)
    module: Any = None
    for name in model_names():
        child = models.add_parser(name, help=f"{command} the {name} model")
        if name == chosen:  # the others' libraries need not be loaded
            with loading():
                module = importlib.import_module(f"models.{name}.{command}")
            add_options(child, module.Options)
    parsed = parser.parse_args(arguments)
    error = Console(stderr=True)
    try:
        with heeding():
            module.run(read_options(parsed, module.Options))
    except KeyboardInterrupt:
        error.print("interrupted; nothing was saved", style="yellow")
        return INTERRUPTED
    except (BackboneError, OptionError, store.ModelMissing, store.ModelDamaged, *module.REFUSALS) as problem:
        error.print(str(problem), style="red", markup=False, highlight=False, emoji=False, soft_wrap=True)
        return 2
    return 0
