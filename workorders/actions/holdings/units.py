"""Units of an entitlement: granted, booked, delivered, kept, lapsed.

Each function moves one amount of one entitlement in the ledger. It first takes the
entitlement's accounts, so an act that calls several of them on one entitlement can't
deadlock with another; an act on two entitlements starts with the lower key.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction

from accounts.models import Location, User
from accounts.rules.money import Money
from services.catalog.models import Offering
from workorders.actions import ledger
from workorders.models import Account, Entitlement, Transfer, WorkOrder, WorkOrderLine
from workorders.models.orders import Unit

Bucket = Account.Bucket
Kind = Transfer.Kind

SERVICE_BUCKETS = (
    Bucket.ISSUED,
    Bucket.AVAILABLE,
    Bucket.RESERVED,
    Bucket.DELIVERED,
    Bucket.CHARGED,
    Bucket.LAPSED,
    Bucket.EXCHANGED,
)
CREDIT_BUCKETS = (
    Bucket.ISSUED,
    Bucket.AVAILABLE,
    Bucket.REDEEMED,
    Bucket.TRANSFERRED,
    Bucket.CHARGED,
    Bucket.LAPSED,
    Bucket.EXCHANGED,
)


class Note(TypedDict, total=False):
    """What every transfer may carry besides its amount."""

    reason: str
    clauses: Iterable[str]
    group: uuid.UUID | None
    idempotency_key: str | None


@transaction.atomic
def grant(
    *,
    order: WorkOrder,
    offering: Offering,
    location: Location,
    unit: str,
    quantity: int,
    value: Money,
    funding: str,
    usable_from: date,
    usable_until: date,
    by: User | None,
    on: date,
    now: datetime,
    subject_key: str = "",
    line: WorkOrderLine | None = None,
    flex_year: int | None = None,
    kind: str = Kind.GRANT,
    **note: Unpack[Note],
) -> Entitlement:
    """Owe `quantity` of a service at a location, worth `value` altogether."""
    entitlement = Entitlement.objects.create(
        order=order,
        line=line,
        offering=offering,
        location=location,
        unit=unit,
        granted=quantity,
        value_minor=value.minor,
        currency=value.currency,
        funding=funding,
        flex_year=flex_year,
        usable_from=usable_from,
        usable_until=usable_until,
        granted_at=now,
    )
    accounts = ledger.open_holding(
        CREDIT_BUCKETS if unit == Unit.CREDIT else SERVICE_BUCKETS,
        order=order,
        holding=Account.Holding.ENTITLEMENT,
        unit=unit,
        location=location,
        entitlement=entitlement,
    )
    ledger.post(
        debit=accounts[Bucket.ISSUED],
        credit=accounts[Bucket.AVAILABLE],
        amount=quantity,
        kind=kind,
        on=on,
        now=now,
        by=by,
        subject_key=subject_key or f"entitlement:{entitlement.pk}",
        **note,
    )
    return entitlement


def reserve_units(
    *,
    entitlement: Entitlement,
    quantity: int,
    subject_key: str,
    by: User | None,
    on: date,
    now: datetime,
    **note: Unpack[Note],
) -> Transfer:
    """Set `quantity` aside for a booking; refused when less is left."""
    return move_units(
        entitlement=entitlement,
        source=Bucket.AVAILABLE,
        target=Bucket.RESERVED,
        kind=Kind.RESERVE,
        quantity=quantity,
        subject_key=subject_key,
        by=by,
        on=on,
        now=now,
        **note,
    )


def release_units(
    *,
    entitlement: Entitlement,
    quantity: int,
    subject_key: str,
    by: User | None,
    on: date,
    now: datetime,
    **note: Unpack[Note],
) -> Transfer:
    """Give back what was set aside for a booking that doesn't take place."""
    return move_units(
        entitlement=entitlement,
        source=Bucket.RESERVED,
        target=Bucket.AVAILABLE,
        kind=Kind.RELEASE,
        quantity=quantity,
        subject_key=subject_key,
        by=by,
        on=on,
        now=now,
        **note,
    )


def deliver_units(
    *,
    entitlement: Entitlement,
    quantity: int,
    subject_key: str,
    by: User | None,
    on: date,
    now: datetime,
    **note: Unpack[Note],
) -> Transfer:
    """Record that what was set aside has been delivered."""
    return move_units(
        entitlement=entitlement,
        source=Bucket.RESERVED,
        target=Bucket.DELIVERED,
        kind=Kind.DELIVER,
        quantity=quantity,
        subject_key=subject_key,
        by=by,
        on=on,
        now=now,
        **note,
    )


def charge_units(
    *,
    entitlement: Entitlement,
    quantity: int,
    subject_key: str,
    by: User | None,
    on: date,
    now: datetime,
    **note: Unpack[Note],
) -> Transfer:
    """Keep what was set aside as the charge of a late cancellation."""
    return move_units(
        entitlement=entitlement,
        source=Bucket.RESERVED,
        target=Bucket.CHARGED,
        kind=Kind.CHARGE,
        quantity=quantity,
        subject_key=subject_key,
        by=by,
        on=on,
        now=now,
        **note,
    )


def lapse_units(
    *,
    entitlement: Entitlement,
    quantity: int,
    subject_key: str,
    by: User | None,
    on: date,
    now: datetime,
    **note: Unpack[Note],
) -> Transfer:
    """Let what is left lapse; `lapse_entitlements` does so on the day after the last."""
    return move_units(
        entitlement=entitlement,
        source=Bucket.AVAILABLE,
        target=Bucket.LAPSED,
        kind=Kind.LAPSE,
        quantity=quantity,
        subject_key=subject_key,
        by=by,
        on=on,
        now=now,
        **note,
    )


@transaction.atomic
def move_units(
    *,
    entitlement: Entitlement,
    source: str,
    target: str,
    kind: str,
    quantity: int,
    subject_key: str,
    by: User | None,
    on: date,
    now: datetime,
    **note: Unpack[Note],
) -> Transfer:
    """Move `quantity` from one bucket of the entitlement to another."""
    accounts = accounts_of(entitlement)
    return ledger.post(
        debit=accounts[source],
        credit=accounts[target],
        amount=quantity,
        kind=kind,
        on=on,
        now=now,
        by=by,
        subject_key=subject_key,
        **note,
    )


def accounts_of(entitlement: Entitlement) -> dict[str, Account]:
    """The entitlement's accounts by bucket, locked until the transaction ends."""
    taken = ledger.take(Account.objects.filter(entitlement=entitlement))
    return {account.bucket: account for account in taken}
