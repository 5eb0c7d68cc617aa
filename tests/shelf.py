"""Editions that a run has loaded already: their rows are copied instead of being read again.

Loading takes half a second, copying hundredths of one, and most tests stand on an edition. What is
copied was written by the portal's own actions a moment before, row for row.
"""

from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from services.catalog.models import Edition

Rows = dict[type[Model], list[tuple[Any, ...]]]
BATCH = 500
PACKAGES = ("catalog", "incidents")
_shelf: dict[str, Rows] = {}


def put(key: str) -> None:
    """Keep the edition that this database holds; `key` tells its content."""
    _shelf[key] = {model: rows for model in _tables() if (rows := _rows_of(model))}


def copy(key: str) -> Edition | None:
    """The edition kept under `key`, in a database that has none; otherwise nothing is done."""
    if key not in _shelf or Edition.objects.exists():
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        for model, rows in _shelf[key].items():
            columns = ", ".join(connection.ops.quote_name(name) for name in _columns(model))
            places = ", ".join(["%s"] * len(_columns(model)))
            table = connection.ops.quote_name(model._meta.db_table)
            for start in range(0, len(rows), BATCH):
                some = rows[start : start + BATCH]
                values = ", ".join([f"({places})"] * len(some))
                cursor.execute(
                    f"INSERT INTO {table} ({columns}) VALUES {values}",
                    [value for row in some for value in row],
                )
    return Edition.objects.get()


def _tables() -> list[type[Model]]:
    """Editions and what hangs on them; credit values stand on their own."""
    return [
        model
        for label in PACKAGES
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model is Edition or any(_is_of_an_edition(field) for field in _fields(model))
    ]


def _is_of_an_edition(field: Any) -> bool:
    return field.is_relation and field.related_model._meta.app_label in PACKAGES


def _fields(model: type[Model]) -> list[Any]:
    return list(model._meta.local_concrete_fields)


def _columns(model: type[Model]) -> list[str]:
    return [field.column for field in _fields(model)]


def _rows_of(model: type[Model]) -> list[tuple[Any, ...]]:
    columns = ", ".join(connection.ops.quote_name(name) for name in _columns(model))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}")
        return cursor.fetchall()
