"""Recording a delivery: in time, in part, once."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.refusal import Refused
from services.scheduling import actions
from tests import factories
from tests.scheduling.bookings import balances
from tests.scheduling.cancellations import EVENT, ahead, cancel, hours
from workorders.models import Deadline, Transfer

pytestmark = pytest.mark.django_db


def deliver(booking, **fields):
    values = {"by": booking.booked_by, "now": ahead(-1)}
    return actions.deliver_booking(booking=booking, **{**values, **fields})


@pytest.mark.clause("2.5-ED3")
def test_delivered_hours_are_deducted_and_the_rest_is_released():
    booking = factories.booking(hours(), quantity=480)
    delivered = deliver(booking, quantity=450)
    assert delivered.delivered_quantity == 450
    assert balances(booking.entitlement) == {
        "issued": 2400,
        "available": 1950,
        "delivered": 450,
    }
    moved = Transfer.objects.get(kind="deliver")
    assert (moved.on, moved.subject_key) == (EVENT, f"booking:{booking.pk}")


@pytest.mark.clause("2.5-ED3")
@pytest.mark.parametrize("quantity", [0, -1, 2])
def test_no_more_is_delivered_than_was_booked(quantity):
    booking = factories.booking()
    with pytest.raises(Refused) as caught:
        deliver(booking, quantity=quantity)
    assert (caught.value.code, caught.value.field) == ("more_than_booked", "quantity")
    assert balances(booking.entitlement)["reserved"] == 1


def test_nothing_is_delivered_before_it_begins():
    booking = factories.booking()
    with pytest.raises(Refused) as caught:
        deliver(booking, now=booking.starts_at - timedelta(seconds=1))
    assert caught.value.code == "not_yet_held"
    assert deliver(booking, now=booking.starts_at).delivered_at == booking.starts_at


def test_a_delivery_meets_its_deadline_and_ends_the_others():
    booking = factories.booking()
    deliver(booking)
    current = Deadline.objects.current().filter(subject_key=f"booking:{booking.pk}")
    assert [(due.kind, due.met_at) for due in current] == [("delivery", ahead(-1))]


def test_a_delivery_is_recorded_once_and_not_after_a_cancellation():
    booking, other = factories.booking(), factories.booking()
    deliver(booking)
    with pytest.raises(Refused) as caught:
        deliver(booking)
    assert caught.value.code == "already_delivered"
    cancel(other)
    with pytest.raises(Refused) as caught:
        deliver(other)
    assert caught.value.code == "already_cancelled"


@pytest.mark.clause("2.4-AE13")
def test_an_event_that_nobody_confirmed_is_not_delivered():
    order = factories.season()
    held = factories.holding(
        order, offering=factories.offering("azure-event-mcs", order.edition), unit="event"
    )
    booking = factories.booking(
        held,
        starts_at=datetime(2027, 2, 1, 8, tzinfo=UTC),
        ends_at=datetime(2027, 2, 2, 8, tzinfo=UTC),
        event_cloud="public",
    )
    with pytest.raises(Refused) as caught:
        deliver(booking, now=datetime(2027, 2, 3, 8, tzinfo=UTC))
    assert caught.value.code == "not_confirmed_in_writing"


def test_only_managers_record_deliveries():
    held = factories.holding(factories.season())
    with pytest.raises(Refused) as caught:
        deliver(factories.booking(held), by=factories.customer_administrator(held.order.customer))
    assert caught.value.code == "not_allowed"
