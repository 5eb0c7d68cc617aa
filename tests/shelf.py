"""What a run has built already: its rows are copied instead of being made again.

Loading an edition takes half a second and executing an order a quarter, copying either hundredths
of one, and most tests stand on one of these. What is copied was written by the portal's own
actions a moment before, row for row, in the same process.
"""

import pickle
from collections.abc import Callable, Sequence
from datetime import datetime, time
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import Message, SweepRun, Team, User
from services.catalog.models import Availability, CreditValue, Edition

OF_EDITIONS = ("catalog", "incidents")
# Rows that every database has, or that only a visit leaves.
NOT_KEPT = ("contenttypes", "auth", "sessions", "admin", "axes")
# Whatever a test makes hangs on one of these.
ROOTS = (Team, User, Message, SweepRun, Edition, CreditValue, Availability)

P = ParamSpec("P")
T = TypeVar("T")
Rows = dict[type[Model], Any]
_rows: dict[str, Rows] = {}
_results: dict[str, bytes] = {}


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Build once what `make` makes in an empty database on a day; then copy it.

    In a database that holds something, `make` makes. What it returns keeps what it had read.
    """

    @wraps(make)
    def made(*args: P.args, **fields: P.kwargs) -> T:
        if not _is_empty():
            return make(*args, **fields)
        key = (
            f"{make.__module__}.{make.__name__} {timezone.now():%F} {args} {sorted(fields.items())}"
        )
        if key in _results:
            _copy(key)
            return cast(T, pickle.loads(_results[key]))
        result = make(*args, **fields)
        _keep(key, _all_tables())
        _results[key] = pickle.dumps(result)
        return result

    return made


def put(key: str) -> None:
    """Keep the edition that this database holds; `key` tells its content."""
    _keep(key, _edition_tables())


def copy(key: str) -> Edition | None:
    """The edition kept under `key`, in a database that has none; otherwise nothing is done."""
    if key not in _rows or Edition.objects.exists():
        return None
    _copy(key)
    return Edition.objects.get()


def _keep(key: str, tables: Sequence[type[Model]]) -> None:
    _rows[key] = {model: rows for model in tables if (rows := _rows_of(model))}


def _rows_of(model: type[Model]) -> Any:
    """A table's rows as its engine takes them back quickest."""
    table, columns, _places = _names(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as out:
                return b"".join(out)
        cursor.execute(f"SELECT {columns} FROM {table}")
        return [tuple(map(_as_written, row)) for row in cursor.fetchall()]


def _copy(key: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model, rows in _rows[key].items():
            table, columns, places = _names(model)
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                    into.write(rows)
            else:
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


@cache
def _names(model: type[Model]) -> tuple[str, str, str]:
    """The table, its columns, and a place for a value of each."""
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in _fields(model)]
    return quote(model._meta.db_table), ", ".join(columns), ", ".join(["%s"] * len(columns))


def _as_written(value: Any) -> Any:
    """SQLite reads times as times and takes them as text."""
    return str(value) if isinstance(value, (time, datetime)) else value


def _is_empty() -> bool:
    tables = [connection.ops.quote_name(model._meta.db_table) for model in ROOTS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)
        )
        return not cursor.fetchone()[0]


@cache
def _all_tables() -> list[type[Model]]:
    """Everything that a maker of rows may write."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in NOT_KEPT
    ]


@cache
def _edition_tables() -> list[type[Model]]:
    """Editions and what hangs on them; credit values stand on their own."""
    return [
        model
        for label in OF_EDITIONS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model is Edition or any(_is_of_an_edition(field) for field in _fields(model))
    ]


def _is_of_an_edition(field: Any) -> bool:
    return field.is_relation and field.related_model._meta.app_label in OF_EDITIONS


def _fields(model: type[Model]) -> list[Any]:
    return list(model._meta.local_concrete_fields)
