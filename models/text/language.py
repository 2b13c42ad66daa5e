"""English or French: py3langid restricted to the two."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from models.contract import Language


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import py3langid

    py3langid.set_languages(["en", "fr"])
    identifier = py3langid.langid.IDENTIFIER
    # The weights of all other languages, kept in case somebody asks for them later: 28 MB of each process.
    identifier._full_model = (identifier.nb_ptc, identifier.nb_pc, identifier.nb_classes)
    return identifier


def detect_language(text: str) -> Language:
    """Return the likelier language of `text`.

    >>> detect_language("Combien me reste-t-il sur mon compte ?")
    'fr'
    """
    return cast(Language, _identifier().classify(text)[0])
