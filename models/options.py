"""Command-line options from dataclasses: what a command needs is written once, where it is used."""

from __future__ import annotations

import argparse
import dataclasses
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

OptionsT = TypeVar("OptionsT")
DefaultT = TypeVar("DefaultT")


class OptionError(ValueError):
    """An option has a value that makes no sense."""


def option(default: DefaultT, text: str) -> DefaultT:
    """Return a dataclass field with a default and a line of help."""
    return dataclasses.field(default=default, metadata={"help": text})


def add_options(parser: argparse.ArgumentParser, options: type[Any]) -> None:
    """Add one `--option` for each field of a dataclass."""
    hints = typing.get_type_hints(options)
    for each in dataclasses.fields(options):
        required = each.default is dataclasses.MISSING
        default = None if required or each.default is None else each.default
        shown = "required" if required else f"default: {default}" if default is not None else "optional"
        parser.add_argument(
            f"--{each.name.replace('_', '-')}",
            type=_plain(hints[each.name]),
            default=default,
            required=required,
            metavar=_plain(hints[each.name]).__name__.upper(),
            help=f"{each.metadata.get('help', '')} ({shown})",
        )


def read_options(arguments: argparse.Namespace, options: type[OptionsT]) -> OptionsT:
    """Return the dataclass that the parsed arguments fill."""
    names = [each.name for each in dataclasses.fields(typing.cast(Any, options))]
    return options(**{name: getattr(arguments, name) for name in names})


def _plain(hint: Any) -> type[Any]:
    """Return the type of `hint` without None."""
    if isinstance(hint, types.UnionType):
        hint = next(each for each in typing.get_args(hint) if each is not type(None))
    return typing.cast(type[Any], hint if hint in (int, float, str, Path) else str)
