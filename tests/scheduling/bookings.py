"""Bookings and refusals for the tests of booking a service."""

from datetime import UTC, date, datetime

import pytest

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling.models import Booking
from tests import factories
from workorders.models import Account, Deadline

NOW = factories.NOW
Kind = Deadline.Kind


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    """A time in Berlin's winter."""
    return datetime(day.year, day.month, day.day, hour - 1, minute, tzinfo=UTC)


def balances(entitlement) -> dict[str, int]:
    accounts = Account.objects.filter(entitlement=entitlement).exclude(balance=0)
    return dict(accounts.values_list("bucket", "balance"))


def refused(entitlement, **fields) -> Refused:
    """The refusal with which booking answers; nothing has moved."""
    before = balances(entitlement)
    with pytest.raises(Refused) as caught:
        factories.booking(entitlement, **fields)
    assert balances(entitlement) == before
    assert not Booking.objects.exists()
    return caught.value


def hours(code="enhanced-designated-engineering", *, minutes=2400, **fields):
    order = fields.pop("order", None) or factories.season()
    return factories.holding(
        order,
        offering=factories.offering(code, order.edition),
        unit="minute",
        quantity=minutes,
        value=Money(800_000, "EUR"),
        **fields,
    )
