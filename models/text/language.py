"""English or French: py3langid restricted to the two."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from models.contract import Language


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import py3langid

    py3langid.set_languages(["en", "fr"])
    return py3langid


def detect_language(text: str) -> Language:
    """Return the likelier language of `text`.

    >>> detect_language("Combien me reste-t-il sur mon compte ?")
    'fr'
    """
    return cast(Language, _identifier().classify(text)[0])
