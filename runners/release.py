"""What a release is made of, for the labels of the image that is built from it."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import bentoml
from bentoml.exceptions import NotFound

from runners.settings import runner_settings

MODELS = ("intent", "ner", "spending", "anomaly", "credit_risk")


def release(folder: Path) -> list[dict[str, str]]:
    """Return version, commit and model tags of the repository in `folder` as environment variables for BentoML.

    None where there is no repository, as in a Bento and in the image: there they were set when it was built.
    """
    if not (folder / ".git").exists():
        return []
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    values = {
        "RELEASE_VERSION": project["version"],
        "RELEASE_COMMIT": _commit(folder),
        "RELEASE_MODELS": ",".join(filter(None, map(_tag, MODELS))),
    }
    return [{"name": name, "value": value} for name, value in values.items() if value]


def _commit(folder: Path) -> str:
    """Return the commit, with `-dirty` where the working tree differs from it."""
    describe = ["git", "-C", str(folder), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"]
    try:
        return subprocess.run(describe, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - no input of others
    except (OSError, subprocess.CalledProcessError):  # no git on this machine, or no commit yet
        return ""


def _tag(model: str) -> str:
    try:
        return str(bentoml.models.get(runner_settings().tag(model)).tag)
    except NotFound:
        return ""
