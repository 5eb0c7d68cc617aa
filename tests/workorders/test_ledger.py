"""The ledger: what moves, what is refused, what nobody can change."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from tests import factories
from workorders.actions import holdings, ledger
from workorders.checks import ledger_is_guarded
from workorders.models import Account, Transfer
from workorders.models.triggers import drop_statement, install_triggers, missing_triggers
from workorders.queries.ledger import Difference, Imbalance, verify_ledger

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOVE = {"on": ON, "now": NOW, "by": None}


@pytest.fixture
def accounts():
    """The accounts of four workshops, by bucket."""
    return holdings.accounts_of(factories.holding())


def post(accounts, debit, credit, amount, **note):
    return ledger.post(
        debit=accounts[debit],
        credit=accounts[credit],
        amount=amount,
        kind=note.pop("kind", "reserve"),
        **MOVE,
        **note,
    )


def balances():
    return dict(Account.objects.exclude(balance=0).values_list("bucket", "balance"))


def test_a_transfer_moves_an_amount_between_two_accounts(accounts):
    transfer = post(accounts, "available", "reserved", 3, reason="Kick-off", clauses=["2.7-T11"])
    assert balances() == {"issued": 4, "available": 1, "reserved": 3}
    assert (transfer.amount, transfer.reason, transfer.clauses, transfer.on, transfer.at) == (
        3,
        "Kick-off",
        ["2.7-T11"],
        ON,
        NOW,
    )


def test_balances_are_never_read_from_stale_instances(accounts):
    stale = accounts["available"].balance
    post(accounts, "available", "reserved", 3)
    assert stale == accounts["available"].balance == 4
    with pytest.raises(Refused) as refusal:
        post(accounts, "available", "reserved", 2)
    assert refusal.value.figures == {"left": 1, "asked": 2, "unit": "each"}


@pytest.mark.parametrize(
    ("unit", "code", "clause"),
    [
        ("credit", "insufficient_credits", "2.3-PC3"),
        ("minute", "insufficient_hours", "2.5-ED3"),
        ("each", "insufficient_units", "2.6-M8"),
        ("attendee", "insufficient_units", "2.6-M8"),
    ],
)
def test_too_little_is_refused_by_unit_and_nothing_moves(unit, code, clause):
    accounts = holdings.accounts_of(factories.holding(unit=unit))
    target = "redeemed" if unit == "credit" else "reserved"
    before = Transfer.objects.count()
    with pytest.raises(Refused) as refusal:
        post(accounts, "available", target, 5)
    assert (refusal.value.code, refusal.value.clauses) == (code, (clause,))
    assert refusal.value.figures == {"left": 4, "asked": 5, "unit": unit}
    assert (balances(), Transfer.objects.count()) == ({"issued": 4, "available": 4}, before)


def test_hours_that_lack_are_told_as_hours():
    accounts = holdings.accounts_of(factories.holding(unit="minute", quantity=90))
    with pytest.raises(Refused) as refusal:
        post(accounts, "available", "reserved", 150)
    assert refusal_words(refusal.value).detail == "Asked 2.5, left 1.5."


def test_too_little_money_is_refused_with_its_currency():
    order = factories.executed(factories.draft())
    held = ledger.open_holding(
        ("issued", "available", "lapsed"), order=order, holding="value", unit="EUR"
    )
    with pytest.raises(Refused) as refusal:
        post(held, "available", "lapsed", 1)
    assert (refusal.value.code, refusal.value.figures["unit"]) == ("insufficient_value", "EUR")


@pytest.mark.parametrize("amount", [0, -1, True, 1.5, "2"])
def test_only_positive_whole_amounts_move(accounts, amount):
    with pytest.raises(ValueError, match="positive whole amount"):
        post(accounts, "available", "reserved", amount)


def test_a_transfer_stays_between_two_accounts_of_one_order_and_unit(accounts):
    other = holdings.accounts_of(factories.holding())
    with pytest.raises(ValueError, match="two accounts"):
        post(accounts, "available", "available", 1)
    with pytest.raises(ValueError, match="one order"):
        ledger.post(
            debit=accounts["available"], credit=other["available"], amount=1, kind="x", **MOVE
        )


def test_issuing_counts_upwards_and_taking_back_downwards(accounts):
    post(accounts, "issued", "available", 2, kind="grant")
    assert balances() == {"issued": 6, "available": 6}
    post(accounts, "available", "issued", 5, kind="return")
    assert balances() == {"issued": 1, "available": 1}
    post(accounts, "issued", "available", 2, kind="grant")
    post(accounts, "available", "reserved", 3)
    with pytest.raises(Refused):
        post(accounts, "available", "issued", 1, kind="return")


def test_the_same_key_moves_once(accounts):
    first = post(accounts, "available", "reserved", 2, idempotency_key="k")
    assert post(accounts, "available", "reserved", 2, idempotency_key="k") == first
    assert balances() == {"issued": 4, "available": 2, "reserved": 2}


def test_the_same_key_for_another_movement_is_a_bug(accounts):
    post(accounts, "available", "reserved", 2, idempotency_key="k")
    with pytest.raises(ValueError, match="belongs to another movement"):
        post(accounts, "available", "reserved", 1, idempotency_key="k")


def test_a_refusal_under_a_key_leaves_the_key_free(accounts):
    with pytest.raises(Refused):
        post(accounts, "available", "reserved", 5, idempotency_key="k")
    post(accounts, "available", "reserved", 4, idempotency_key="k")
    assert balances() == {"issued": 4, "reserved": 4}


def test_a_reversal_is_a_new_transfer_that_names_the_old_one(accounts):
    transfer = post(accounts, "available", "reserved", 3, subject_key="booking:1")
    back = ledger.reverse(transfer, reason="Wrong entitlement", **MOVE)
    assert (back.kind, back.reverses, back.amount, back.subject_key) == (
        "reverse",
        transfer,
        3,
        "booking:1",
    )
    assert balances() == {"issued": 4, "available": 4}


def test_a_transfer_is_reversed_once(accounts):
    transfer = post(accounts, "available", "reserved", 1)
    back = ledger.reverse(transfer, reason="x", **MOVE)
    with pytest.raises(Refused, match="already_reversed"):
        ledger.reverse(transfer, reason="x", **MOVE)
    with pytest.raises(ValueError, match="not reversed again"):
        ledger.reverse(back, reason="x", **MOVE)


def test_what_was_used_meanwhile_cant_be_reversed(accounts):
    transfer = post(accounts, "available", "reserved", 3)
    post(accounts, "reserved", "delivered", 2, kind="deliver")
    with pytest.raises(Refused, match="insufficient_units"):
        ledger.reverse(transfer, reason="x", **MOVE)


def test_opening_an_account_twice_gives_the_same_one(accounts):
    order = accounts["issued"].order
    kwargs = {"order": order, "holding": "flex", "unit": "EUR", "flex_year": 1}
    first = ledger.open_account(bucket="issued", **kwargs)
    assert ledger.open_account(bucket="issued", **kwargs) == first
    both = ledger.open_holding(("issued", "available"), **kwargs)
    assert (both["issued"], list(both)) == (first, ["issued", "available"])


# --- nobody changes a transfer --------------------------------------------------------------


def try_sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workorders_transfer SET amount = amount + 1",
        "DELETE FROM workorders_transfer",
        "UPDATE workorders_transfer SET reason = 'x' WHERE id > 0",
    ],
)
def test_the_database_refuses_to_change_or_remove_transfers(accounts, statement):
    before = list(Transfer.objects.values())
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        try_sql(statement)
    assert list(Transfer.objects.values()) == before


def test_the_orm_is_refused_as_well(accounts):
    transfer = Transfer.objects.first()
    transfer.amount = 1000
    for attempt in (
        transfer.save,
        transfer.delete,
        lambda: Transfer.objects.update(reason="x"),
        Transfer.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            attempt()


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_table(accounts):
    try_sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        try_sql("TRUNCATE workorders_transfer CASCADE")
    assert Transfer.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite")
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_sqlite_refuses_to_replace_a_transfer(accounts, recursive):
    transfer = Transfer.objects.first()
    columns = [field.column for field in Transfer._meta.concrete_fields]
    row = list(Transfer.objects.filter(pk=transfer.pk).values_list(*columns).get())
    row[columns.index("clauses")] = "[]"
    row[columns.index("group")] = transfer.group.hex
    row[columns.index("amount")] = 1000
    marks = ", ".join(["%s"] * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    try_sql(f"PRAGMA recursive_triggers = {recursive}")
    try:
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            try_sql(f"INSERT OR REPLACE INTO workorders_transfer ({names}) VALUES ({marks})", *row)
    finally:
        try_sql("PRAGMA recursive_triggers = ON")
    assert Transfer.objects.get(pk=transfer.pk).amount == transfer.amount


def test_a_missing_trigger_is_told_by_the_check_and_comes_back():
    assert ledger_is_guarded(databases=["default"]) == []
    try_sql(drop_statement(connection, "transfer_unchanged"))
    assert missing_triggers(connection) == ["transfer_unchanged"]
    assert [error.id for error in ledger_is_guarded(databases=["default"])] == ["workorders.E001"]
    install_triggers(connection)
    assert ledger_is_guarded(databases=["default"]) == []


def test_the_check_needs_a_database_to_look_at():
    assert ledger_is_guarded(databases=None) == []


# --- manage.py ledger verify ----------------------------------------------------------------


def test_books_in_order_verify(accounts, capsys):
    post(accounts, "available", "reserved", 3)
    call_command("ledger", "verify")
    assert capsys.readouterr().out == "7 accounts, 2 transfers recomputed.\n"


def test_a_balance_changed_by_hand_is_found(accounts, capsys):
    Account.objects.filter(pk=accounts["available"].pk).update(balance=9)
    found = verify_ledger()
    assert found.differences == (Difference(accounts["available"].key, 9, 4),)
    assert found.imbalances == (Imbalance(accounts["available"].order_id, "each", 4, 9),)
    with pytest.raises(CommandError) as error:
        call_command("ledger", "verify", "--json")
    assert error.value.returncode == 1
    assert '"in_order": false' in capsys.readouterr().out


def test_a_missing_trigger_is_found(capsys):
    try_sql(drop_statement(connection, "transfer_unchanged"))
    with pytest.raises(CommandError):
        call_command("ledger", "verify")
    assert "trigger transfer_unchanged is missing" in capsys.readouterr().out
    install_triggers(connection)


def test_the_database_refuses_a_negative_balance(accounts):
    with pytest.raises(IntegrityError, match="account_not_negative"), transaction.atomic():
        Account.objects.filter(pk=accounts["available"].pk).update(balance=-1)


@pytest.mark.django_db(transaction=True)
def test_a_test_database_can_be_emptied_and_stays_guarded():
    factories.executed()
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert not Transfer.objects.exists()
    assert missing_triggers(connection) == []


def widen_the_reason(limit: int) -> None:
    """What a later migration may do; SQLite makes a new table for it, without triggers."""
    plain = Transfer._meta.get_field("reason")
    wider = plain.clone()
    wider.max_length = limit
    wider.set_attributes_from_name("reason")
    wider.model = Transfer
    with connection.schema_editor() as editor:
        editor.alter_field(Transfer, plain, wider, strict=True)


@pytest.mark.django_db(transaction=True)
def test_the_guards_stand_again_after_a_migration_that_rebuilds_the_table():
    factories.holding()
    widen_the_reason(301)
    assert (missing_triggers(connection) == []) == (connection.vendor == "postgresql")
    assert (missing_triggers(connection) == []) == (connection.vendor == "postgresql")
    call_command("migrate", verbosity=0)
    assert missing_triggers(connection) == []
    kept = list(Transfer.objects.values())
    attempts = ["UPDATE workorders_transfer SET amount = 9", "DELETE FROM workorders_transfer"]
    if connection.vendor == "postgresql":
        attempts.append("TRUNCATE workorders_transfer CASCADE")
    else:
        columns = ", ".join(f'"{field.column}"' for field in Transfer._meta.concrete_fields)
        attempts.append(
            f"INSERT OR REPLACE INTO workorders_transfer ({columns})"
            f" SELECT {columns} FROM workorders_transfer"
        )
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            try_sql(attempt)
    assert list(Transfer.objects.values()) == kept
