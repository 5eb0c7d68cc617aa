"""Moving, delivering and confirming by page."""

from datetime import UTC, date, datetime

import pytest

from services.scheduling.models import Booking
from tests import factories
from tests.scheduling.forms import text_of, url
from workorders.models import Account

pytestmark = pytest.mark.django_db


def moving(**fields):
    return {"starts_on": "2027-01-14", "starts_time": "09:00", "ends_on": "", "ends_time": "17:00",
            "reason": "Room.", "agreed_loss": "50000", "key": "m-1", **fields}  # fmt: skip


def test_a_booking_is_moved_for_its_price(client, late):
    assert "Move and give up €500" in text_of(client.get(url("booking-move", late.pk)))
    answer = client.post(url("booking-move", late.pk), moving())
    late.refresh_from_db()
    assert answer["Location"] == url("booking-detail", late.moved_to.pk)
    again = client.post(url("booking-move", late.pk), moving())
    assert again["Location"] == answer["Location"]
    assert client.post(url("booking-move", late.pk), moving(key="m-2")).status_code == 409
    assert Booking.objects.count() == 2


def test_waiving_a_move_needs_its_reason(client, late):
    answer = client.post(url("booking-move", late.pk), moving(waive="on"))
    assert answer.status_code == 422
    client.post(url("booking-move", late.pk), moving(waive="on", waive_reason="Our fault."))
    late.refresh_from_db()
    assert late.charge_minor == 0


def test_a_refused_move_keeps_what_was_typed(client, late):
    answer = client.post(url("booking-move", late.pk), moving(starts_on="2027-07-05"))
    assert answer.status_code == 422
    assert 'data-code="order_ended"' in answer.content.decode()
    assert 'value="2027-07-05"' in answer.content.decode()
    late.refresh_from_db()
    assert late.cancelled_at is None


def test_a_delivery_is_recorded_in_part(client, held, manager, sign_in, at):
    booking = factories.booking(held, quantity=3)
    early = client.post(url("booking-deliver", booking.pk), {"quantity": "2", "key": "d-1"})
    assert early.status_code == 422
    at(booking.ends_at)
    client = sign_in(manager)
    client.post(url("booking-deliver", booking.pk), {"quantity": "2", "key": "d-2"})
    booking.refresh_from_db()
    assert booking.delivered_quantity == 2
    assert Account.objects.get(entitlement=held, bucket="available").balance == 2
    assert "2 deliveries" in text_of(client.get(url("booking-detail", booking.pk)))


def test_an_event_s_confirmation_is_recorded(client, held):
    order = held.order
    event = factories.holding(
        order, offering=factories.offering("azure-event-mcs", order.edition), unit="event"
    )
    booking = factories.booking(
        event,
        starts_at=datetime(2027, 2, 1, 8, tzinfo=UTC),
        ends_at=datetime(2027, 2, 2, 8, tzinfo=UTC),
        event_cloud="public",
    )
    assert client.get(url("event-confirm", booking.pk)).status_code == 200
    client.post(url("event-confirm", booking.pk), {"event_confirmed_on": "2026-11-20"})
    booking.refresh_from_db()
    assert booking.event_confirmed_on == date(2026, 11, 20)
    assert client.get(url("event-confirm", factories.booking(held).pk)).status_code == 404
