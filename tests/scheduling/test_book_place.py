"""Booking: business hours, place, mode, language and quantity."""

from datetime import date

import pytest

from tests import factories
from tests.scheduling.bookings import berlin, hours, refused

pytestmark = pytest.mark.django_db


# --- hours of the day -----------------------------------------------------------------------


@pytest.mark.clause("2.5-ED10", "0-C6", "2.3-OT5")
@pytest.mark.parametrize("code", ["enhanced-designated-engineering", "designated-engineering"])
def test_a_session_may_end_at_closing_and_not_later(code):
    held, day = hours(code), date(2026, 12, 17)
    times = {"starts_at": berlin(day, 16), "ends_at": berlin(day, 17, 31)}
    late = refused(held, quantity=91, **times)
    assert late.code == "outside_business_hours"
    times["ends_at"] = berlin(day, 17, 30)
    assert factories.booking(held, quantity=90, **times).quantity == 90


@pytest.mark.clause("2.5-ED10")
def test_the_location_s_own_holiday_is_no_business_day():
    held = hours()
    held.location.own_holidays.create(on=date(2026, 12, 17), name="Works outing")
    assert refused(held, quantity=60).code == "outside_business_hours"


@pytest.mark.clause("2.3-RE24")
def test_reactive_management_hours_run_in_the_agreed_zone():
    order = factories.draft(starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    line = factories.line(
        order,
        "reactive-support-management-additional",
        600,
        unit="minute",
        agreed_time_zone="America/New_York",
    )
    held = factories.executed(order).entitlements.get(line=line)
    day = date(2026, 12, 17)
    early = {"starts_at": berlin(day, 10), "ends_at": berlin(day, 11)}
    assert refused(held, quantity=60, **early).code == "outside_business_hours"
    late = {"starts_at": berlin(day, 16), "ends_at": berlin(day, 17)}
    assert factories.booking(held, quantity=60, **late).pk


def test_a_workshop_knows_no_business_hours():
    saturday = date(2026, 12, 19)
    booking = factories.booking(starts_at=berlin(saturday, 20), ends_at=berlin(saturday, 23))
    assert booking.pk


# --- place, mode, language ------------------------------------------------------------------


@pytest.mark.clause("2.6-M8", "2.6-M3")
def test_a_location_that_the_order_does_not_list_is_refused():
    held = factories.holding(factories.season())
    refusal = refused(held, location=factories.location(held.order.customer))
    assert (refusal.code, refusal.field) == ("location_not_listed", "location")


def two_places(code="workshops"):
    customer = factories.host().customer
    other = factories.location(customer)
    order = factories.season(customer, places=[other], multi_country=True)
    host = customer.locations.get(role="host")
    return factories.holding(
        order, offering=factories.offering(code, order.edition), location=host
    ), other


@pytest.mark.clause("2.6-M8")
def test_units_allocated_to_one_location_are_not_delivered_to_another():
    held, other = two_places()
    refusal = refused(held, location=other)
    assert (refusal.code, refusal.clauses) == ("other_location", ("2.6-M8",))


@pytest.mark.clause("2.5-ED12")
def test_a_service_for_one_location_stays_there():
    held, other = two_places("enhanced-designated-engineering")
    refusal = refused(held, location=other)
    assert (refusal.code, refusal.clauses) == ("single_location", ("2.5-ED12",))


def test_a_location_of_another_customer_is_a_bug():
    held = factories.holding(factories.season())
    with pytest.raises(ValueError, match="another customer"):
        factories.booking(held, location=factories.location())


@pytest.mark.clause("2.3-P7", "2.7-T29")
def test_onsite_needs_a_written_agreement_and_a_recorded_fee():
    held = factories.holding(factories.season())
    refusal = refused(held, mode="onsite", fee_recorded=True)
    assert (refusal.code, refusal.field) == ("written_agreement_required", "mode")
    booking = factories.booking(held, mode="onsite", fee_recorded=True, written_agreement=True)
    assert booking.travel_billed


@pytest.mark.clause("2.3-TR5")
def test_briefings_are_remote_only():
    order = factories.season()
    held = factories.holding(
        order, offering=factories.offering("technical-update-briefings", order.edition)
    )
    refusal = refused(held, mode="onsite", fee_recorded=True, written_agreement=True)
    assert refusal.code == "remote_only"


@pytest.mark.clause("2.7-T4")
def test_a_language_that_is_not_offered_becomes_english_and_is_noted():
    booking = factories.booking(language="fr")
    assert (booking.language, booking.language_wanted) == ("en", "fr")


@pytest.mark.clause("2.7-T4")
def test_a_language_agreed_in_writing_is_used():
    booking = factories.booking(language="fr", language_agreed=True)
    assert (booking.language, booking.language_wanted) == ("fr", "")


# --- quantities -----------------------------------------------------------------------------


@pytest.mark.clause("2.6-M8")
def test_no_more_is_booked_than_is_left():
    held = factories.holding(factories.season())
    refusal = refused(held, quantity=5)
    assert (refusal.code, refusal.figures) == (
        "insufficient_units",
        {"left": 4, "asked": 5, "unit": "each"},
    )


@pytest.mark.clause("2.5-ED3")
def test_hours_run_out_too():
    refusal = refused(hours(minutes=60), quantity=120)
    assert (refusal.code, refusal.clauses) == ("insufficient_hours", ("2.5-ED3",))


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_is_positive(quantity):
    assert refused(factories.holding(factories.season()), quantity=quantity).code == (
        "quantity_invalid"
    )


@pytest.mark.clause("2.3-TR8")
def test_no_more_people_take_part_than_seats_are_booked():
    held = factories.holding(factories.season(), unit="attendee", quantity=20)
    assert refused(held, quantity=10, attendees=11).code == "seats_full"
    assert factories.booking(held, quantity=10, attendees=10).attendees == 10


@pytest.mark.clause("2.3-MA5")
def test_assessment_help_is_one_day_remotely_and_two_onsite():
    order = factories.season()
    held = factories.holding(
        order,
        offering=factories.offering("on-demand-assessment-assistance", order.edition),
        unit="day",
    )
    assert refused(held, quantity=2).code == "max_days"
    onsite = {"mode": "onsite", "written_agreement": True, "fee_recorded": True}
    assert factories.booking(held, quantity=2, **onsite).quantity == 2
