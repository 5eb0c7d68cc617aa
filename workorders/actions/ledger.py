"""The only place that moves an amount: accounts are opened, transfers posted and reversed.

A balance changes only with its transfer: in one statement on PostgreSQL (`posting`), by
conditional UPDATEs in one transaction elsewhere. Accounts are touched in the order of their
primary keys, so two acts can't wait for each other; an act of several transfers first takes
all its accounts with `take`.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import F, QuerySet

from accounts.models import Location, User
from accounts.rules.refusal import Refused
from workorders.actions.posting import move_at_once
from workorders.models import Account, Entitlement, Transfer, WorkOrder
from workorders.models.orders import Unit

Bucket = Account.Bucket
Holding = Account.Holding
Kind = Transfer.Kind

# Which refusal says that a balance doesn't suffice, and the clause it rests on.
SHORTAGES: dict[str, tuple[str, str]] = {
    Unit.CREDIT: ("insufficient_credits", "2.3-PC3"),
    Unit.MINUTE: ("insufficient_hours", "2.5-ED3"),
}
UNITS = frozenset(Unit.values)

T = TypeVar("T")


def account_key(
    *,
    order: WorkOrder,
    holding: str,
    bucket: str,
    unit: str,
    location: Location | None = None,
    entitlement: Entitlement | None = None,
    flex_year: int | None = None,
) -> str:
    """The one name of an account; what makes opening it twice harmless."""
    if entitlement is not None:
        return f"entitlement:{entitlement.pk}:{bucket}"
    where = location.pk if location else "-"
    return f"{holding}:{order.pk}:{where}:{flex_year or '-'}:{unit}:{bucket}"


def open_account(
    *,
    order: WorkOrder,
    holding: str,
    bucket: str,
    unit: str,
    location: Location | None = None,
    entitlement: Entitlement | None = None,
    flex_year: int | None = None,
) -> Account:
    """The account of this bucket; made when it isn't there, empty."""
    key = account_key(
        order=order,
        holding=holding,
        bucket=bucket,
        unit=unit,
        location=location,
        entitlement=entitlement,
        flex_year=flex_year,
    )
    account, _made = Account.objects.get_or_create(
        key=key,
        defaults={
            "order": order,
            "holding": holding,
            "bucket": bucket,
            "unit": unit,
            "location": location,
            "entitlement": entitlement,
            "flex_year": flex_year,
        },
    )
    return account


def open_holding(
    buckets: Sequence[str],
    *,
    order: WorkOrder,
    holding: str,
    unit: str,
    location: Location | None = None,
    entitlement: Entitlement | None = None,
    flex_year: int | None = None,
) -> dict[str, Account]:
    """The accounts of a holding by bucket, in this order, opened in one statement."""
    accounts = {
        bucket: Account(
            key=account_key(
                order=order,
                holding=holding,
                bucket=bucket,
                unit=unit,
                location=location,
                entitlement=entitlement,
                flex_year=flex_year,
            ),
            order=order,
            holding=holding,
            bucket=bucket,
            unit=unit,
            location=location,
            entitlement=entitlement,
            flex_year=flex_year,
        )
        for bucket in buckets
    }
    Account.objects.bulk_create(accounts.values(), ignore_conflicts=True)
    keys = [account.key for account in accounts.values()]
    return {account.bucket: account for account in take(Account.objects.filter(key__in=keys))}


def take(accounts: QuerySet[Account]) -> list[Account]:
    """Lock these accounts until the transaction ends, in the order of their keys.

    SQLite has one writer at a time and needs no row locks.
    """
    return list(accounts.order_by("pk").select_for_update(of=("self",), no_key=True))


def post(
    *,
    debit: Account,
    credit: Account,
    amount: int,
    kind: str,
    on: date,
    now: datetime,
    by: User | None,
    subject_key: str = "",
    reason: str = "",
    clauses: Iterable[str] = (),
    group: uuid.UUID | None = None,
    idempotency_key: str | None = None,
    reverses: Transfer | None = None,
) -> Transfer:
    """Move `amount` from `debit` to `credit`; refused when less than that is there.

    With an `idempotency_key` that was used before, the transfer of that time is the
    answer and nothing moves; the same key for another movement is a caller's bug.
    """
    _check_movement(debit, credit, amount)
    row = Transfer(
        order_id=debit.order_id,
        debit=debit,
        credit=credit,
        amount=amount,
        kind=kind,
        on=on,
        at=now,
        by=by,
        subject_key=subject_key,
        reason=reason,
        clauses=list(clauses),
        group=group or uuid.uuid4(),
        idempotency_key=idempotency_key,
        reverses=reverses,
    )
    return once(idempotency_key, act=lambda: _record(row), earlier=lambda there: _same(there, row))


def once(key: str | None, *, act: Callable[[], T], earlier: Callable[[Transfer], T]) -> T:
    """Do `act`, whose first transfer carries `key`, unless that was done before.

    Then `earlier` makes the answer from the transfer of that time. Of two processes at
    the same moment one waits for the other's transaction, and finds its transfer. An act
    within an act may ask under the same key.
    """
    if key is None:
        return act()
    with transaction.atomic():
        _hold(key)
        there = Transfer.objects.filter(idempotency_key=key).first()
        return act() if there is None else earlier(there)


def _hold(key: str) -> None:
    """Let nobody else act under `key` until the transaction ends.

    A lock of PostgreSQL on the key's hash: two keys of one hash wait for one another and
    nothing worse. SQLite has one writer at a time and needs none.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@transaction.atomic
def reverse(
    transfer: Transfer,
    *,
    on: date,
    now: datetime,
    by: User | None,
    reason: str,
    group: uuid.UUID | None = None,
) -> Transfer:
    """Undo a transfer by a new one the other way round; once, and while the amount is there."""
    if transfer.kind == Kind.REVERSE:
        raise ValueError("a reversal is corrected by a new transfer, not reversed again")
    debit, credit = transfer.credit, transfer.debit
    take(Account.objects.filter(pk__in=[debit.pk, credit.pk]))
    if earlier := Transfer.objects.filter(reverses=transfer).first():
        raise Refused("already_reversed", transfer=transfer.pk, at=earlier.at)
    return post(
        debit=debit,
        credit=credit,
        amount=transfer.amount,
        kind=Kind.REVERSE,
        on=on,
        now=now,
        by=by,
        subject_key=transfer.subject_key,
        reason=reason,
        clauses=transfer.clauses,
        group=group,
        reverses=transfer,
    )


def shortage(account: Account, asked: int) -> Refused:
    """The refusal for `asked` of a balance that is smaller, with what is left by now."""
    left = Account.objects.values_list("balance", flat=True).get(pk=account.pk)
    if account.unit not in UNITS:
        return Refused("insufficient_value", left=left, asked=asked, unit=account.unit)
    code, clause = SHORTAGES.get(account.unit, ("insufficient_units", "2.6-M8"))
    return Refused(
        code, clause=clause, field="quantity", left=left, asked=asked, unit=str(account.unit)
    )


def _check_movement(debit: Account, credit: Account, amount: int) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        raise ValueError(f"a transfer moves a positive whole amount, not {amount!r}")
    if debit.pk == credit.pk:
        raise ValueError("a transfer needs two accounts")
    if (debit.order_id, debit.unit) != (credit.order_id, credit.unit):
        raise ValueError("a transfer stays within one order and one unit")


def _record(row: Transfer) -> Transfer:
    """Change both balances, the lower key first, and write the transfer."""
    # What was put into the books is counted upwards, against the other buckets.
    taken = row.amount if row.debit.bucket == Bucket.ISSUED else -row.amount
    given = -row.amount if row.credit.bucket == Bucket.ISSUED else row.amount
    if connection.vendor == "postgresql":
        if not move_at_once(row, debit_change=taken, credit_change=given):
            raise shortage(row.debit, row.amount)
        return row
    return _record_in_steps(row, taken, given)


@transaction.atomic
def _record_in_steps(row: Transfer, taken: int, given: int) -> Transfer:
    """The same for an engine with one writer at a time."""
    if not (_shift(row.debit, taken) and _shift(row.credit, given)):
        raise shortage(row.debit, row.amount)
    row.save(force_insert=True)
    return row


def _shift(account: Account, change: int) -> bool:
    """Change the balance as it stands in the database; False when it would go below zero."""
    there = Account.objects.filter(pk=account.pk)
    if change < 0:
        there = there.filter(balance__gte=-change)
    return there.update(balance=F("balance") + change) == 1


def _same(there: Transfer, row: Transfer) -> Transfer:
    """The transfer of that time, if it is the movement that is asked for again."""
    before = (there.debit_id, there.credit_id, there.amount, there.kind)
    if before != (row.debit_id, row.credit_id, row.amount, row.kind):
        raise ValueError(f"the key {row.idempotency_key!r} belongs to another movement")
    return there
