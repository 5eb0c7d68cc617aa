"""Asking for exchanges, making them, and what the books then say."""

from datetime import UTC, date, datetime

import pytest

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import holdings
from workorders.models import Account

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ON = date(2026, 3, 2)


def euros(amount) -> Money:
    return Money.of(amount, "EUR")


def ask(held, code="enhanced-designated-engineering", **fields):
    order = held.order
    fields.setdefault("by", order.created_by)
    fields.setdefault("location", held.location)
    fields.setdefault("quantity", 2)
    return holdings.ask_exchange(
        order=order,
        entitlement=held,
        offering=factories.offering(code, order.edition),
        now=fields.pop("now", NOW),
        **fields,
    )


def make(asked, **fields):
    fields.setdefault("by", asked.order.created_by)
    fields.setdefault("now", NOW)
    return holdings.make_exchange(exchange=asked, consent_of="Iris Vogel", **fields)


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as refusal:
        act(*args, **fields)
    return refusal.value


def standing(entitlement):
    rows = Account.objects.filter(entitlement=entitlement).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


def value_left(order):
    rows = Account.objects.filter(order=order, holding="value", bucket="available", balance__gt=0)
    return {(row.flex_year, row.unit): row.balance for row in rows}
