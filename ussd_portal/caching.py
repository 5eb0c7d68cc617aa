"""Redis as a cache that may be away: pages answer without it, only a little slower.

What is kept there can be made again (texts of clauses, rate limits, the last success of a
sweep), so a server that is stopped or flushed costs no request.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Method and its answer while Redis is away; for `get` and `incr` it is the caller's default.
WITHOUT_IT: dict[str, Any] = {
    "add": True,
    "set": None,
    "touch": False,
    "delete": False,
    "get_many": {},
    "has_key": False,
    "set_many": [],
    "delete_many": None,
    "clear": False,
}


class ForgivingRedisCache(RedisCache):
    """Answers as if nothing were kept while the server can't be reached."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is kept, or the default."""
        try:
            return super().get(key, default, version)
        except RedisError as error:
            _tell(error)
            return default

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The new value; a key that can't be reached isn't there."""
        try:
            return super().incr(key, delta, version)
        except RedisError as error:
            _tell(error)
            raise ValueError(f"Key '{key}' not found") from error


def _forgiving(name: str) -> Callable[..., Any]:
    method = getattr(RedisCache, name)

    @wraps(method)
    def call(self: ForgivingRedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except RedisError as error:
            _tell(error)
            return WITHOUT_IT[name]

    return call


for _name in WITHOUT_IT:
    setattr(ForgivingRedisCache, _name, _forgiving(_name))


def _tell(error: RedisError) -> None:
    logger.warning("cache not reached: %s", error)
