"""System checks of the ledger."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from workorders.models.triggers import missing_triggers


@register(Tags.database)
def ledger_is_guarded(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **_: Any,
) -> list[CheckMessage]:
    """Every database that holds transfers refuses to change them."""
    return [
        Error(
            f"The ledger of database {alias!r} is not guarded: trigger {name} is missing.",
            hint="Run `manage.py migrate --skip-checks`; it installs what is missing.",
            id="workorders.E001",
        )
        for alias in databases or []
        for name in missing_triggers(connections[alias])
    ]
