"""Exchange value: money that a service leaves behind, to be used for another one."""

from datetime import date, datetime
from typing import Unpack

from django.db import transaction

from accounts.models import Location, User
from accounts.rules.money import Money
from workorders.actions import ledger
from workorders.actions.holdings.units import Note
from workorders.models import Account, Transfer, WorkOrder

Bucket = Account.Bucket
Kind = Transfer.Kind

VALUE_BUCKETS = (Bucket.ISSUED, Bucket.AVAILABLE, Bucket.LAPSED, Bucket.EXCHANGED)


@transaction.atomic
def add_exchange_value(
    *,
    order: WorkOrder,
    location: Location,
    value: Money,
    flex_year: int | None,
    subject_key: str,
    by: User | None,
    on: date,
    now: datetime,
    **note: Unpack[Note],
) -> Transfer:
    """Credit money that a cancelled or exchanged service leaves to be used again.

    Value of a flex-funded service stays in its contract year and lapses with it
    (2.2-F6); other value lasts as long as the order.
    """
    accounts = ledger.open_holding(
        VALUE_BUCKETS,
        order=order,
        holding=Account.Holding.VALUE,
        unit=value.currency,
        location=location,
        flex_year=flex_year,
    )
    return ledger.post(
        debit=accounts[Bucket.ISSUED],
        credit=accounts[Bucket.AVAILABLE],
        amount=value.minor,
        kind=Kind.EXCHANGE,
        on=on,
        now=now,
        by=by,
        subject_key=subject_key,
        **note,
    )
