"""A movement in one statement, on PostgreSQL: both balances and the transfer, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field

from workorders.models import Account, Transfer

# The debited row has the lower key: it is changed first, if it suffices, then the other one.
# Were that one missing, NULL would be refused as the transfer's account, and with it all.
UPWARDS = """
WITH taken AS (
    UPDATE {accounts} SET balance = balance + %s
    WHERE id = %s AND balance + %s >= 0 RETURNING id
), given AS (
    UPDATE {accounts} SET balance = balance + %s
    WHERE id = %s AND EXISTS (SELECT FROM taken) RETURNING id
)
INSERT INTO {transfers} ({columns})
SELECT {values} FROM taken LEFT JOIN given ON true
RETURNING id
"""
# The other way round both rows are locked, the lower key first, and read as they are once
# locked; a balance that would go below zero leaves everything as it was.
DOWNWARDS = """
WITH change (id, amount) AS (VALUES (%s::bigint, %s::bigint), (%s::bigint, %s::bigint)),
held AS (
    SELECT account.id, account.balance + change.amount AS balance
    FROM {accounts} AS account JOIN change USING (id)
    ORDER BY account.id
    FOR NO KEY UPDATE OF account
),
verdict AS (SELECT count(*) = 2 AND min(balance) >= 0 AS suffices FROM held),
moved AS (
    UPDATE {accounts} AS account
    SET balance = account.balance + change.amount
    FROM change, verdict
    WHERE account.id = change.id AND verdict.suffices
)
INSERT INTO {transfers} ({columns})
SELECT {values} FROM verdict WHERE verdict.suffices
RETURNING id
"""


def move_at_once(row: Transfer, *, debit_change: int, credit_change: int) -> bool:
    """Change both balances and write the transfer; False, and nothing done, when less is there.

    Raises `IntegrityError` for an idempotency key that is taken.
    """
    upwards = row.debit_id < row.credit_id
    if upwards:
        changes = [debit_change, row.debit_id, debit_change, credit_change, row.credit_id]
    else:
        changes = [row.debit_id, debit_change, row.credit_id, credit_change]
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in _fields(upwards)
    ]
    with _prepared_cursor() as cursor:
        cursor.execute(_statement(upwards), [*changes, *values])
        written = cursor.fetchone()
    if written is None:
        return False
    row.pk = written[0]
    row._state.adding = False
    row._state.db = connection.alias
    return True


@contextmanager
def _prepared_cursor() -> Iterator[CursorWrapper]:
    """A cursor whose statement the server parses and plans once a connection: half the time.

    Django's own hand over each statement with its values written into it. Queries are
    counted and errors wrapped as by any other.
    """
    if not settings.PREPARED_STATEMENTS:
        with connection.cursor() as plain:
            yield plain
        return
    connection.ensure_connection()
    driver = connection.connection
    bound: Any = psycopg.Cursor(driver)
    made = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    threshold, driver.prepare_threshold = driver.prepare_threshold, 0
    try:
        with made(bound) as cursor:
            yield cursor
    finally:
        driver.prepare_threshold = threshold


@lru_cache(maxsize=2)
def _fields(upwards: bool) -> "list[Field[Any, Any]]":
    """What is handed over; upwards the credited account comes from its change."""
    fields = [field for field in Transfer._meta.local_concrete_fields if not field.primary_key]
    return [field for field in fields if not (upwards and field.name == "credit")]


@lru_cache(maxsize=2)
def _statement(upwards: bool) -> str:
    quote = connection.ops.quote_name
    columns = [quote(str(field.column)) for field in _fields(upwards)]
    values = [f"%s::{_type(field)}" for field in _fields(upwards)]
    if upwards:
        columns.append(quote(str(Transfer._meta.get_field("credit").column)))
        values.append("given.id")
    return (UPWARDS if upwards else DOWNWARDS).format(
        accounts=quote(Account._meta.db_table),
        transfers=quote(Transfer._meta.db_table),
        columns=", ".join(columns),
        values=", ".join(values),
    )


def _type(field: "Field[Any, Any]") -> str:
    """The column's type without its length: a cast would cut a longer text off in silence."""
    whole = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return (whole or "").partition("(")[0]
