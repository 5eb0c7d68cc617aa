"""Bookings to cancel and to move, and what the ledger says of them then."""

from datetime import UTC, date, datetime, timedelta

from accounts.rules.money import Money
from services.scheduling import actions
from tests import factories
from workorders.models import Account

NOW = factories.NOW  # the booking of 17 December is 24 days ahead
EVENT = date(2026, 12, 17)


def ahead(days: int) -> datetime:
    """Half past ten in Berlin, so many days before the event."""
    return datetime(2026, 12, 17, 9, 30, tzinfo=UTC) - timedelta(days=days)


def exchange_value(order) -> dict:
    accounts = Account.objects.filter(order=order, holding="value", bucket="available")
    return {(a.location_id, a.flex_year, a.unit): a.balance for a in accounts}


def cancel(booking, days=10, **fields):
    values = {
        "party": "customer",
        "reason": "Staff is ill.",
        "by": booking.booked_by,
        "now": ahead(days),
    }
    return actions.cancel_booking(booking=booking, **{**values, **fields})


def hours(minutes=2400):
    order = factories.season()
    return factories.holding(
        order,
        offering=factories.offering("developer-support", order.edition),
        unit="minute",
        quantity=minutes,
        value=Money(800_000, "EUR"),
    )


def booked_with_credits(value="6600.00"):
    order = factories.season()
    factories.credit_value()
    lots = [
        factories.holding(
            order,
            offering=factories.offering("proactive-credits", order.edition),
            unit="credit",
            quantity=quantity,
            value=Money(quantity * 100_000, "EUR"),
            usable_until=until,
        )
        for quantity, until in ((5, date(2027, 3, 31)), (20, date(2027, 6, 30)))
    ]
    booking = actions.book_with_credits(
        order=order,
        offering=factories.offering("workshops", order.edition),
        value=Money.of(value, "EUR"),
        location=lots[0].location,
        starts_at=datetime(2026, 12, 17, 8, tzinfo=UTC),
        ends_at=datetime(2026, 12, 17, 16, tzinfo=UTC),
        by=order.created_by,
        now=NOW,
    )
    return booking, lots
