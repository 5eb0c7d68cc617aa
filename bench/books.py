"""Databases with ten thousand, a hundred thousand and a million transfers, seeded by SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from bench.measure import say, settle
from tests import factories
from workorders.models import Account, Transfer

ACCOUNTS = 1_000
SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
PLENTY = 10**12


@contextmanager
def databases() -> Iterator[None]:
    """One database for each size, copies of the migrated one; all dropped at the end."""
    template = connection.settings_dict["NAME"]
    _base_rows()
    try:
        for size, count in SIZES.items():
            say(f"{count:,} transfers")
            _copy(template, _name(template, size))
            _switch(_name(template, size))
            seed(count)
            if settings.HAS_HORDAK:
                seed_hordak(count)
            settle()
        _switch(template)
        yield
    finally:
        _switch("postgres")
        with connection.cursor() as cursor:
            for size in SIZES:
                cursor.execute(f'DROP DATABASE IF EXISTS "{_name(template, size)}" WITH (FORCE)')
        _switch(template)


def use(size: str) -> None:
    """Let the portal's connection point to the database of this size."""
    name: str = connection.settings_dict["NAME"]
    _switch(_name(name.partition("__")[0], size))


def _name(template: str, size: str) -> str:
    return f"{template}__{size.lower()}"


def _switch(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _copy(template: str, name: str) -> None:
    _switch("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _base_rows() -> None:
    """An executed order and a thousand accounts, of which the first is everybody's partner."""
    order = factories.executed(factories.draft())
    place = order.order_locations.get().location
    house = ("reserved", PLENTY)
    Account.objects.bulk_create(
        Account(
            key=f"bench:{number}",
            order=order,
            holding=Account.Holding.VALUE,
            location=place,
            unit=order.currency,
            bucket=house[0] if number == 0 else "available",
            balance=house[1] if number == 0 else 0,
        )
        for number in range(ACCOUNTS)
    )
    if settings.HAS_HORDAK:
        from hordak.models import Account as Peer

        Peer.objects.bulk_create(
            Peer(
                name=f"Account {number}",
                code=str(number),
                type="IN",
                currencies=["EUR"],
                lft=1,
                rght=2,
                tree_id=number + 1,
                level=0,
            )
            for number in range(ACCOUNTS)
        )


def seed(count: int) -> None:
    """`count` transfers of one from the house to the others, with the balances they leave."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO workorders_transfer (order_id, debit_id, credit_id, amount, kind, "on", at,
                by_id, reason, clauses, subject_key, "group", idempotency_key, reverses_id)
            SELECT house.order_id, house.id, other.id, 1, 'exchange', DATE '2026-01-02',
                TIMESTAMPTZ '2026-01-02 09:00+00' + n * INTERVAL '1 second', NULL, '', '[]', '',
                gen_random_uuid(), NULL, NULL
            FROM generate_series(1, %s) AS n
            JOIN workorders_account AS house ON house.key = 'bench:0'
            JOIN workorders_account AS other ON other.key = 'bench:' || (1 + n %% %s)
            """,
            [count, ACCOUNTS - 1],
        )
        cursor.execute(
            """
            UPDATE workorders_account AS account SET balance = account.balance + moved.amount
            FROM (
                SELECT credit_id AS id, count(*) AS amount FROM workorders_transfer
                WHERE kind = 'exchange' GROUP BY credit_id
                UNION ALL
                SELECT debit_id, -count(*) FROM workorders_transfer
                WHERE kind = 'exchange' GROUP BY debit_id
            ) AS moved
            WHERE account.id = moved.id
            """
        )
    assert Transfer.objects.filter(kind="exchange").count() == count


def seed_hordak(legs: int) -> None:
    """As many legs, two to a transaction, half of them on one account."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO hordak_transaction (uuid, timestamp, date, description)
            SELECT gen_random_uuid(), now(), DATE '2026-01-02', '' FROM generate_series(1, %s)
            """,
            [legs // 2],
        )
        for account, column in (("0", "debit"), ("1 + t.id % 999", "credit")):
            cursor.execute(
                f"""
                INSERT INTO hordak_leg (uuid, {column}, currency, description, account_id,
                    transaction_id)
                SELECT gen_random_uuid(), 1, 'EUR', '', a.id, t.id FROM hordak_transaction AS t
                JOIN hordak_account AS a ON a.code = ({account})::text
                """
            )
        cursor.execute("SET session_replication_role = DEFAULT")
