"""The last step of an image build, in the image's own Python: `python deploy/image/pack.py [--without-weights]`."""

from __future__ import annotations

import argparse
from typing import Any

import bentoml

from models import store

FLOAT_WEIGHTS = "model.safetensors"
"""What a GPU runs; a CPU runs the int8 network beside it."""


def main() -> None:
    """Leave out what the image's device does not read, then load every model and ask it once."""
    import _bentoml_impl.server.app  # noqa: F401 - what serves, and imports more than it declares

    import service  # here, for the forecast's processes import this file anew

    parser = argparse.ArgumentParser(prog="pack.py", description=__doc__)
    parser.add_argument("--without-weights", action="store_true", help="leave the float weights out of the models")
    if parser.parse_args().without_weights:
        for model in bentoml.models.list():
            if store.leave_out(str(model.tag), FLOAT_WEIGHTS):
                print(f"{model.tag} without {FLOAT_WEIGHTS}")
    runners: list[Any] = [getattr(service, name) for name in vars(service) if name.endswith("Runner")]
    for kind in runners:
        runner = kind.inner()
        if hasattr(runner, "stop"):
            runner.stop()
        print(f"{kind.name} answers")


if __name__ == "__main__":
    main()
