"""The only place that writes to and reads from the BentoML model store.

A saved model is a folder and a record of how it came to be. BentoML does not check the files it loads, so a
digest over all of them is kept in the metadata and compared at load.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import bentoml
import yaml
from bentoml._internal.configuration.containers import BentoMLContainer
from bentoml.exceptions import NotFound

SCHEMA_VERSION = 2
"""Raised when files inside a saved model change their meaning; a model of another version is not loaded."""

_TAG = re.compile(r"[a-z0-9._-]+(:[a-z0-9._-]+)?")
_RECORDED_PACKAGES = ("bentoml", "numpy", "onnx", "onnxruntime", "scikit-learn", "tokenizers", "torch", "transformers")


class ModelMissing(LookupError):
    """The store holds no such model."""

    @classmethod
    def of(cls, tag: str) -> ModelMissing:
        """Return the error that names the command which makes the model."""
        return cls(f"no model {tag!r} in the model store; `make models` or `train {tag.partition(':')[0]}` makes one")


class ModelDamaged(RuntimeError):
    """The files of a model are not those that were saved, or this code cannot read them."""


@dataclass(frozen=True)
class StoredModel:
    """A model of the store: where its files are, what was recorded about it, and when."""

    name: str
    version: str
    path: Path
    metadata: Mapping[str, Any]
    saved: datetime

    @property
    def tag(self) -> str:
        return f"{self.name}:{self.version}"


def save(
    name: str, write: Callable[[Path], None], metadata: Mapping[str, Any], labels: Mapping[str, str] | None = None
) -> StoredModel:
    """Save what `write(folder)` puts into a folder as a new version of `name`.

    All or nothing: an exception, Ctrl-C included, leaves the store as it was.
    """
    record = {**metadata, "schema_version": SCHEMA_VERSION, "libraries": _libraries()}
    saved: str | None = None
    try:
        with bentoml.models.create(name, labels={**(labels or {}), "project": "ml-services"}, metadata=record) as model:
            saved = str(model.tag)
            write(Path(model.path))
            model.info.metadata["digest"] = digest(Path(model.path))
    except KeyboardInterrupt:
        # BentoML cleans up after exceptions, and an interrupt while it copies is none of them.
        if saved is not None:
            shutil.rmtree(BentoMLContainer.model_store.get()._path / saved.replace(":", "/"), ignore_errors=True)
        raise
    return load(saved)


def load(tag: str) -> StoredModel:
    """Return the model of `tag` (`name`, `name:latest` or `name:version`), its files checked.

    Raises
    ------
    ModelMissing: no such model.
    ModelDamaged: a file was changed, lost or added since it was saved, or the format is not this code's.
    """
    try:
        model = bentoml.models.get(tag)
    except NotFound:
        raise ModelMissing.of(tag) from None
    except Exception as error:
        if not _TAG.fullmatch(tag):
            raise ModelMissing(f"{tag!r} is not a tag; one looks like intent:latest") from error
        raise ModelDamaged(f"the record of {tag} in the model store cannot be read") from error
    metadata = dict(model.info.metadata)
    written = metadata.get("schema_version")
    if written != SCHEMA_VERSION:
        raise ModelDamaged(f"{model.tag} has format {written!r}, this code reads {SCHEMA_VERSION}")
    path = Path(model.path)
    if metadata.get("digest") != digest(path):
        raise ModelDamaged(f"the files of {model.tag} are not those that were saved: digest differs")
    return StoredModel(model.tag.name, str(model.tag.version), path, metadata, model.info.creation_time)


def exists(tag: str) -> bool:
    """Say whether `load(tag)` would find a sound model."""
    try:
        load(tag)
    except (ModelMissing, ModelDamaged):
        return False
    return True


def leave_out(tag: str, file: str) -> bool:
    """Take `file` out of the saved model of `tag`, and say whether it was there; the digest is checked, then renewed.

    For copies that are handed on to where `file` is of no use; a model that is still to be evaluated needs all it has.
    """
    stored = load(tag)
    if not (stored.path / file).is_file():
        return False
    (stored.path / file).unlink()
    record_file = stored.path / "model.yaml"
    record = yaml.safe_load(record_file.read_text(encoding="utf-8"))
    record["metadata"] |= {"digest": digest(stored.path), "left_out": [*record["metadata"].get("left_out", []), file]}
    record_file.write_text(yaml.safe_dump(record, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return True


def digest(folder: Path) -> str:
    """Return a SHA-256 over names and contents of all files in `folder`, but BentoML's own record."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file != folder / "model.yaml":
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            total.update(f"{file.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def _libraries() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in _RECORDED_PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
