"""A store that a test has to itself, and an encoder so small that training takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from bentoml._internal.configuration.containers import BentoMLContainer
from bentoml._internal.models import ModelStore
from hypothesis import settings

# A busy machine is no failure.
settings.register_profile("models", deadline=None)
settings.load_profile("models")


@contextmanager
def _store_in(home: Path) -> Iterator[Path]:
    folder = home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    with BentoMLContainer.model_store.patch(ModelStore(folder)):
        yield folder


@pytest.fixture(scope="session")
def store_in():
    """`with store_in(home):` makes `home` BentoML's home, as BENTOML_HOME does for a new process."""

    def enter(home: Path) -> AbstractContextManager[Path]:
        return _store_in(home)

    return enter


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[Path]:
    """The folder of an empty model store, in use while the test runs."""
    with _store_in(tmp_path / "bentoml") as folder:
        yield folder


@pytest.fixture(scope="session")
def tiny_backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a BERT of one layer, 32 wide, its weights random, and the default backbone's tokenizer."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertModel

    from models.text.backbone import resolve_backbone

    folder = tmp_path_factory.mktemp("backbone") / "tiny"
    tokenizer = AutoTokenizer.from_pretrained(resolve_backbone())
    with torch.random.fork_rng():
        torch.manual_seed(0)
        sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
        BertModel(BertConfig(vocab_size=len(tokenizer), **sizes)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
