"""Reads variables of the environment and names the one that is wrong."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):  # type: ignore[misc]
    """`environ.Env`, except that a value of the wrong kind is refused by its variable's name."""

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        """The value of `var`, cast."""
        try:
            return super().get_value(var, *args, **options)
        except (TypeError, ValueError) as failure:
            raise ImproperlyConfigured(f"{var}: {failure}") from failure
