"""Exchange value: money that a service leaves behind, to be used for another one."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Unpack

from django.db import transaction

from accounts.models import Location, User
from accounts.rules.money import Money
from workorders.actions import ledger
from workorders.actions.holdings.units import Note
from workorders.models import Account, Transfer, WorkOrder
from workorders.queries.spending import Draw

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


@transaction.atomic
def spend_value(
    draws: Iterable[Draw], *, by: User, on: date, now: datetime, group: uuid.UUID
) -> list[Transfer]:
    """Draw from exchange value what lines of an amendment take of it, all or nothing.

    Refused by the ledger where somebody else has spent it a moment ago.
    """
    parts = [(draw, account, amount) for draw in draws for account, amount in draw.parts]
    pots = {account.pk: account for _draw, account, _amount in parts}
    held = {}
    for account in pots.values():
        accounts = ledger.open_holding(
            VALUE_BUCKETS,
            order=account.order,
            holding=Account.Holding.VALUE,
            unit=account.unit,
            location=account.location,
            flex_year=account.flex_year,
        )
        held[account.pk] = accounts
    return [
        ledger.post(
            debit=held[account.pk][Bucket.AVAILABLE],
            credit=held[account.pk][Bucket.EXCHANGED],
            amount=amount,
            kind=Kind.EXCHANGE,
            on=on,
            now=now,
            by=by,
            subject_key=f"line:{draw.line.pk}",
            clauses=("2.7-T22", "2.2-F6", "X-04") if account.flex_year else ("2.7-T22", "X-04"),
            group=group,
        )
        for draw, account, amount in parts
    ]
