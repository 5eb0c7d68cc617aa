"""Workshops for the tests of their enrolment: on Thursday 17 December 2026 in Berlin."""

from typing import Any

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.actions import Person
from services.scheduling.models import Attendee, Booking
from tests import factories
from workorders.models import Account, Entitlement, WorkOrder

NOW = factories.NOW


def seats_held(quantity: int = 20, order: WorkOrder | None = None) -> Entitlement:
    """Seats of one attendee each, worth 100 each."""
    return factories.holding(
        order or factories.season(),
        unit="attendee",
        quantity=quantity,
        value=Money(10_000 * quantity, "EUR"),
    )


def workshop(seats: int = 3, *, held: Entitlement | None = None, **fields: Any) -> Booking:
    """A workshop sold by attendee, with so many seats set aside."""
    return factories.booking(held or seats_held(), quantity=seats, **fields)


def people(*names: str) -> list[Person]:
    """Somebody for each name."""
    return [Person(name.title(), f"{name}@contoso.example") for name in names]


def enrol(booking: Booking, *names: str, **fields: Any) -> list[Attendee]:
    """Enrol somebody for each name."""
    values = {"by": booking.booked_by, "now": NOW, **fields}
    return actions.enrol_attendees(booking=booking, people=people(*names), **values)


def standing(booking: Booking) -> list[tuple[str, str]]:
    """Name and state of everybody who was ever on the list, in order."""
    rows = Attendee.objects.filter(workshop=booking.pk).order_by("pk")
    return [(row.name, row.state) for row in rows]


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **fields)
    return caught.value


def balances(booking) -> dict[str, int]:
    rows = Account.objects.filter(entitlement=booking.entitlement).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


def mails(news: str) -> list[str]:
    rows = Message.objects.filter(recipient=None, subject_key__endswith=f":{news}")
    return sorted(row.address.partition("@")[0] for row in rows)


def withdraw(attendee, **fields):
    values = {"by": attendee.entered_by, "now": NOW, **fields}
    return actions.withdraw_attendee(attendee=attendee, **values)


def change(booking, capacity, minimum=None, **fields):
    values = {"by": booking.booked_by, "now": NOW, **fields}
    return actions.change_seats(booking=booking, capacity=capacity, minimum=minimum, **values)


def consent(booking, attendees, given=True, **fields):
    values = {"by": booking.booked_by, "now": NOW, **fields}
    return actions.record_consents(booking=booking, attendees=attendees, given=given, **values)
