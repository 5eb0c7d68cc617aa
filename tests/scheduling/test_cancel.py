"""Cancelling: what is kept by the frozen terms, once, by whom and why."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking
from services.scheduling.queries.cancellations import quote
from tests import factories
from tests.scheduling.bookings import balances
from tests.scheduling.cancellations import ahead, booked_with_credits, cancel, exchange_value, hours
from workorders.models import Deadline, Transfer

pytestmark = pytest.mark.django_db


# --- what is kept ---------------------------------------------------------------------------


@pytest.mark.clause("2.7-T17")
def test_fourteen_days_ahead_everything_comes_back():
    booking = factories.booking()
    cancelled = cancel(booking, 14)
    assert balances(booking.entitlement) == {"issued": 4, "available": 4}
    assert (cancelled.charge_minor, cancelled.cancelled_for) == (0, "customer")
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T18", "2.2-F6", "2.7-T22")
def test_half_of_one_delivery_is_a_unit_kept_and_value_for_another_service():
    booking = factories.booking()
    cancelled = cancel(booking, 13)
    assert cancelled.charge_minor == 50_000
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "charged": 1}
    place = booking.entitlement.location_id
    assert exchange_value(booking.order) == {(place, None, "EUR"): 50_000}


@pytest.mark.clause("2.7-T18", "2.2-F4")
def test_value_of_a_flex_funded_service_stays_in_its_contract_year():
    held = factories.holding(factories.season(), funding="flex", flex_year=1)
    booking = factories.booking(held)
    cancel(booking, 6)
    assert exchange_value(booking.order) == {(held.location_id, 1, "EUR"): 50_000}


@pytest.mark.clause("2.7-T18")
def test_of_three_deliveries_two_are_kept_and_the_rest_comes_back_as_unit_and_value():
    booking = factories.booking(quantity=3)
    cancelled = cancel(booking, 10)
    assert cancelled.charge_minor == 150_000
    assert balances(booking.entitlement) == {"issued": 4, "available": 2, "charged": 2}
    assert list(exchange_value(booking.order).values()) == [50_000]


@pytest.mark.clause("2.7-T19")
@pytest.mark.parametrize("days", [5, 0, -1])
def test_five_days_ahead_or_later_all_is_kept(days):
    booking = factories.booking()
    assert cancel(booking, days).charge_minor == 100_000
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "charged": 1}
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T18", "0-C10")
def test_hours_are_split_to_the_minute_and_leave_no_value():
    booking = factories.booking(hours(), quantity=61)
    cancelled = cancel(booking, 10)
    assert balances(booking.entitlement) == {"issued": 2400, "available": 2369, "charged": 31}
    assert cancelled.charge_minor == 10_167
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T18", "2.7-T17")
def test_a_service_without_a_fee_leaves_no_value():
    booking = factories.booking(factories.holding(factories.season(), value=Money(0, "EUR")))
    assert cancel(booking, 10).charge_minor == 0
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "charged": 1}
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T17", "2.3-PC1")
def test_credits_come_back_to_their_lots_and_the_service_goes():
    booking, (first, second) = booked_with_credits()
    assert (balances(first), balances(second)) == (
        {"issued": 5, "redeemed": 5},
        {"issued": 20, "available": 18, "redeemed": 2},
    )
    cancel(booking, 20)
    assert (balances(first), balances(second)) == (
        {"issued": 5, "available": 5},
        {"issued": 20, "available": 20},
    )
    assert balances(booking.entitlement) == {}


@pytest.mark.clause("2.7-T18", "0-C10")
def test_of_seven_credits_four_are_kept_and_three_come_back():
    booking, (first, second) = booked_with_credits()
    cancel(booking, 8)
    assert (balances(first), balances(second)) == (
        {"issued": 5, "available": 1, "redeemed": 4},
        {"issued": 20, "available": 20},
    )
    assert balances(booking.entitlement) == {"issued": 1, "charged": 1}
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T12")
def test_microsoft_s_cancellation_costs_nothing():
    booking = factories.booking()
    cancelled = cancel(booking, 3, party="microsoft", reason="Too few participants.")
    assert (cancelled.charge_minor, cancelled.cancelled_for) == (0, "microsoft")
    assert balances(booking.entitlement) == {"issued": 4, "available": 4}


@pytest.mark.clause("0-C13", "2.7-T17")
def test_days_count_at_the_delivery_location():
    held = factories.holding(factories.season())
    held.location.time_zone = "America/Los_Angeles"
    held.location.save()
    booking = factories.booking(
        held,
        starts_at=datetime(2026, 12, 17, 17, tzinfo=UTC),
        ends_at=datetime(2026, 12, 17, 20, tzinfo=UTC),
    )
    late_evening = datetime(2026, 12, 4, 7, 59, tzinfo=UTC)  # 3 December there
    assert quote(booking, now=late_evening).lead_days == 14
    assert quote(booking, now=late_evening + timedelta(minutes=1)).lead_days == 13


@pytest.mark.clause("1-A1")
def test_the_terms_are_those_of_the_booking_whatever_the_zone_becomes():
    booking = factories.booking()
    booking.location.time_zone = "Asia/Tokyo"
    booking.location.save()
    booking.terms["tiers"][0]["percent"] = 10
    booking.save()
    fresh = Booking.objects.get(pk=booking.pk)
    quoted = quote(fresh, now=ahead(20))
    assert (quoted.percent, quoted.explained.zone) == (10, "Europe/Berlin")


# --- once -----------------------------------------------------------------------------------


def test_cancelling_twice_is_refused_and_moves_nothing_more():
    booking = factories.booking()
    cancel(booking)
    transfers = Transfer.objects.count()
    with pytest.raises(Refused) as caught:
        cancel(booking)
    assert caught.value.code == "already_cancelled"
    assert Transfer.objects.count() == transfers


def test_what_was_delivered_cannot_be_cancelled():
    booking = factories.booking()
    actions.deliver_booking(booking=booking, by=booking.booked_by, now=ahead(-1))
    with pytest.raises(Refused) as caught:
        cancel(booking, -1)
    assert caught.value.code == "already_delivered"


def test_the_same_key_answers_with_the_same_cancellation():
    booking = factories.booking()
    first = cancel(booking, idempotency_key="once")
    again = cancel(booking, idempotency_key="once")
    assert (again.pk, again.cancelled_at) == (first.pk, first.cancelled_at)
    assert balances(booking.entitlement)["charged"] == 1


def test_a_loss_other_than_the_one_agreed_to_is_refused():
    booking = factories.booking()
    with pytest.raises(Refused) as caught:
        cancel(booking, 13, agreed_loss=0)
    assert caught.value.code == "quote_changed"
    assert Booking.objects.get(pk=booking.pk).cancelled_at is None
    assert cancel(booking, 13, agreed_loss=50_000).charge_minor == 50_000


# --- who and why ----------------------------------------------------------------------------


def test_a_reason_is_written():
    booking = factories.booking()
    for reason, code in (("  ", "reason_required"), ("x" * 301, "too_long")):
        with pytest.raises(Refused) as caught:
            cancel(booking, reason=reason)
        assert (caught.value.code, caught.value.field) == (code, "reason")


def test_customers_cancel_their_bookings_but_viewers_do_not():
    held = factories.holding(factories.season())
    customer = held.order.customer
    booking = factories.booking(held)
    with pytest.raises(Refused) as caught:
        cancel(booking, by=factories.viewer(customer))
    assert caught.value.code == "not_allowed"
    administrator = factories.customer_administrator(customer)
    with pytest.raises(Refused) as caught:
        cancel(booking, by=administrator, party="microsoft")
    assert caught.value.code == "not_allowed"
    assert cancel(booking, by=administrator).cancelled_by == administrator


def test_an_unknown_party_is_a_bug():
    with pytest.raises(ValueError, match="somebody"):
        cancel(factories.booking(), party="somebody")


def test_people_are_told_with_the_charge():
    held = factories.holding(factories.season())
    administrator = factories.customer_administrator(held.order.customer)
    booking = factories.booking(held)
    cancel(booking)
    told = Message.objects.get(
        subject_key=f"booking:{booking.pk}:cancelled", channel="inbox", recipient=administrator
    )
    assert "Staff is ill." in told.text
    assert "€500" in told.text


def test_its_deadlines_are_withdrawn():
    booking = factories.booking()
    cancel(booking)
    assert not Deadline.objects.current().filter(subject_key=f"booking:{booking.pk}").exists()


def test_the_charge_is_kept_with_its_explanation():
    charge = cancel(factories.booking()).charge
    assert charge["result"] == {"amount": "500.00", "currency": "EUR"}
    assert charge["clauses"] == ["2.7-T18"]
    assert ["lead_days", 10] in charge["steps"]
