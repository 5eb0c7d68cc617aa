"""Emptying a test database whose ledger refuses to be emptied."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import connection

from workorders.models.triggers import TABLE, drop_statement, triggers_for

CLEARED_AFTER = 10


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_the_ledger() -> Iterator[None]:
    """Tests that commit are cleaned up by a flush, which has to pass the guards.

    PostgreSQL's own way, TRUNCATE, makes new files for each of some hundred tables and
    indexes: plain deletes without triggers take a tenth of the time. What they leave is
    cleared away now and then, or the next ones would wade through it.
    """
    emptied = count(1)
    operations = type(connection.ops)
    plain_flush = operations.sql_flush

    def flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        if connection.vendor == "postgresql" and _is_superuser():
            if next(emptied) % CLEARED_AFTER == 0 and not connection.in_atomic_block:
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM")
            return [
                "SET LOCAL session_replication_role = replica",
                *(f"DELETE FROM {self.quote_name(table)}" for table in tables),
                "SET LOCAL session_replication_role = origin",
            ]
        statements = plain_flush(self, style, tables, **options)
        if TABLE not in tables or not statements:
            return statements
        triggers = triggers_for(connection)
        return [
            *(drop_statement(connection, name) for name in triggers),
            *statements,
            *triggers.values(),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", flush)
        yield


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
