"""Where the settings say that answers are kept."""

from __future__ import annotations

from serving.cache import AnswerCache, SharedAnswers
from serving.file_answers import FileAnswers, shared_file
from serving.settings import Settings


def answer_cache(settings: Settings) -> AnswerCache | None:
    """Return this process's cache, None where none is wanted."""
    if not settings.cache_enabled:
        return None
    return AnswerCache(settings.cache_size, settings.cache_ttl_s, _shared(settings))


def _shared(settings: Settings) -> SharedAnswers:
    """Return the place where all gateways find each other's answers."""
    if settings.redis_url is not None:
        from serving.redis_answers import RedisAnswers  # whose library every process would load at its start

        return RedisAnswers(settings.redis_url.get_secret_value(), settings.cache_ttl_s)
    return FileAnswers(shared_file(), settings.cache_size, settings.cache_ttl_s)
