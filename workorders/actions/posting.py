"""A movement in one statement, on PostgreSQL: both balances and the transfer, or nothing."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field

from workorders.models import Account, Transfer

# Both rows are locked, the lower key first, and read as they are once locked; a balance that
# would go below zero leaves everything as it was. The row returned is the transfer's.
STATEMENT = """
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
    changes = [row.debit_id, debit_change, row.credit_id, credit_change]
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in _fields()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [*changes, *values])
        written = cursor.fetchone()
    if written is None:
        return False
    row.pk = written[0]
    row._state.adding = False
    row._state.db = connection.alias
    return True


@lru_cache(maxsize=1)
def _fields() -> "list[Field[Any, Any]]":
    return [field for field in Transfer._meta.local_concrete_fields if not field.primary_key]


@lru_cache(maxsize=1)
def _statement() -> str:
    quote = connection.ops.quote_name
    return STATEMENT.format(
        accounts=quote(Account._meta.db_table),
        transfers=quote(Transfer._meta.db_table),
        columns=", ".join(quote(str(field.column)) for field in _fields()),
        values=", ".join(f"%s::{_type(field)}" for field in _fields()),
    )


def _type(field: "Field[Any, Any]") -> str:
    """The column's type without its length: a cast would cut a longer text off in silence."""
    whole = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return (whole or "").partition("(")[0]
