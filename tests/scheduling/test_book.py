"""Booking a service: what it reserves and writes, when it can be, until when it is asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message
from accounts.rules.refusal import Refused
from tests import factories
from tests.scheduling.bookings import NOW, Kind, balances, berlin, hours, refused
from workorders.models import Deadline, Override

pytestmark = pytest.mark.django_db


def test_booking_reserves_units_and_freezes_the_terms():
    held = factories.holding(factories.season())
    booking = factories.booking(held, title="Identity hardening", language="de")
    assert balances(held) == {"issued": 4, "available": 3, "reserved": 1}
    assert (booking.fee_minor, booking.currency) == (100_000, "EUR")
    assert booking.reference == f"BK-{booking.pk:04d}"
    assert booking.terms == {
        "edition": "small",
        "zone": "Europe/Berlin",
        "tiers": [
            {"min_lead_days": 14, "percent": 0, "clause": "2.7-T17"},
            {"min_lead_days": 6, "percent": 50, "clause": "2.7-T18"},
            {"min_lead_days": None, "percent": 100, "clause": "2.7-T19"},
        ],
    }


@pytest.mark.clause("2.7-T17", "2.3-P4")
def test_booking_writes_the_last_free_day_and_the_delivery():
    booking = factories.booking()
    due = Deadline.objects.filter(subject_key=f"booking:{booking.pk}")
    assert dict(due.values_list("kind", "due_on")) == {
        Kind.FREE_CANCELLATION: date(2026, 12, 3),
        Kind.DELIVERY: date(2026, 12, 17),
    }
    free = due.get(kind=Kind.FREE_CANCELLATION)
    assert free.clauses == ["2.7-T17"]
    # One workshop for 1,000 euros: half of it from the next day on.
    assert dict(free.explained["inputs"])["charge_from_next_day"] == {
        "amount": "500.00",
        "currency": "EUR",
    }


def test_no_free_day_is_written_when_it_has_passed():
    booking = factories.booking(
        starts_at=berlin(date(2026, 12, 1), 9), ends_at=berlin(date(2026, 12, 1), 17)
    )
    due = Deadline.objects.filter(subject_key=f"booking:{booking.pk}")
    assert list(due.values_list("kind", flat=True)) == [Kind.DELIVERY]


def test_everybody_concerned_but_the_author_is_told_in_their_language():
    held = factories.holding(factories.season())
    customer = held.order.customer
    Message.objects.all().delete()
    administrator = factories.customer_administrator(customer, language="zh-hans")
    contact = factories.location_contact(held.location)
    factories.location_contact(factories.location(customer))
    factories.viewer(customer)
    booking = factories.booking(held, title="Identity")
    told = Message.objects.filter(subject_key=f"booking:{booking.pk}:booked", channel="email")
    assert set(told.values_list("recipient", "language")) == {
        (administrator.pk, "zh-hans"),
        (contact.pk, "en"),
    }
    assert "Thu 17 Dec 2026, 09:00 CET" in told.get(recipient=contact).text
    assert "Thu 3 Dec 2026" in told.get(recipient=contact).text


def test_only_those_who_manage_agreements_book():
    held = factories.holding(factories.season())
    refusal = refused(held, by=factories.customer_administrator(held.order.customer))
    assert refusal.code == "not_allowed"


# --- time -----------------------------------------------------------------------------------


def test_the_end_comes_after_the_start():
    held = factories.holding(factories.season())
    at = berlin(date(2026, 12, 17), 9)
    refusal = refused(held, starts_at=at, ends_at=at)
    assert (refusal.code, refusal.field) == ("ends_before_start", "ends_at")


def test_nothing_is_booked_in_the_past():
    held = factories.holding(factories.season())
    refusal = refused(held, starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    assert (refusal.code, refusal.field) == ("in_the_past", "starts_at")


@pytest.mark.clause("2.7-T10", "2.3-P4", "0-C16")
def test_the_last_day_in_force_can_be_booked_and_the_next_can_not():
    held = factories.holding(factories.season())
    last = date(2027, 6, 30)
    evening = datetime(2027, 6, 30, 22, tzinfo=UTC)  # midnight in Berlin's summer
    factories.booking(held, starts_at=datetime(2027, 6, 30, 12, tzinfo=UTC), ends_at=evening)
    with pytest.raises(Refused) as caught:
        factories.booking(held, starts_at=evening, ends_at=evening + timedelta(hours=1))
    assert caught.value.code == "order_ended"
    assert caught.value.figures["last_day"] == last


@pytest.mark.clause("2.3-P4")
def test_nothing_is_booked_before_the_order_begins():
    order = factories.season(starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    refusal = refused(factories.holding(order))
    assert (refusal.code, refusal.figures["first_day"]) == (
        "order_not_begun",
        date(2027, 1, 1),
    )


@pytest.mark.clause("2.2-F4", "0-C12")
def test_what_a_contract_year_pays_for_is_delivered_within_it():
    order = factories.season(ends_on=date(2028, 6, 30))
    first = factories.holding(order, funding="flex", flex_year=1, usable_until=date(2027, 6, 30))
    second = factories.holding(
        order,
        funding="flex",
        flex_year=2,
        usable_from=date(2027, 7, 1),
        usable_until=date(2028, 6, 30),
    )
    after = {
        "starts_at": datetime(2027, 7, 1, 7, tzinfo=UTC),
        "ends_at": datetime(2027, 7, 1, 15, tzinfo=UTC),
    }
    late, early = refused(first, **after), refused(second)
    assert (late.code, late.clauses, late.figures["last_day"]) == (
        "too_late",
        ("2.2-F4",),
        date(2027, 6, 30),
    )
    assert (early.code, early.figures["first_day"]) == ("too_early", date(2027, 7, 1))
    assert factories.booking(second, **after).entitlement == second


def test_an_entitlement_has_its_own_days():
    held = factories.holding(
        factories.season(), usable_from=date(2026, 12, 18), usable_until=date(2027, 1, 15)
    )
    early = refused(held)
    late = refused(
        held,
        starts_at=berlin(date(2027, 1, 16), 9),
        ends_at=berlin(date(2027, 1, 16), 10),
    )
    assert (early.code, early.clauses) == ("too_early", ("2.3-P4",))
    assert (late.code, late.clauses) == ("too_late", ("2.7-T10",))


# --- the cut-off ----------------------------------------------------------------------------


def late_order():
    """An order whose last day for requests was yesterday: 22 November."""
    return factories.season(ends_on=date(2027, 1, 21))


@pytest.mark.clause("2.8-C20", "0-C4")
def test_a_request_on_the_last_day_is_in_time():
    held = factories.holding(factories.season(ends_on=date(2027, 1, 22)))
    assert factories.booking(held).pk


@pytest.mark.clause("2.8-C20", "0-C13")
def test_a_late_request_is_refused_with_its_last_day():
    refusal = refused(factories.holding(late_order()))
    assert (refusal.code, refusal.clauses) == ("too_late", ("2.8-C20",))
    assert refusal.figures["last_day"] == date(2026, 11, 22)


@pytest.mark.clause("2.8-C20")
def test_staff_accept_a_late_request_with_a_reason_that_is_kept():
    held = factories.holding(late_order())
    booking = factories.booking(held, late_reason="Asked for in June by phone.")
    override = Override.objects.get(subject_key=f"booking:{booking.pk}")
    assert (override.code, override.clauses, override.reason) == (
        "late_request",
        ["2.8-C20"],
        "Asked for in June by phone.",
    )


@pytest.mark.clause("2.8-C20")
def test_a_reason_answers_no_other_refusal():
    held = factories.holding(late_order(), quantity=1)
    factories.booking(held, late_reason="Agreed.")
    with pytest.raises(Refused) as caught:
        factories.booking(held, late_reason="Agreed.")
    assert caught.value.code == "insufficient_units"


@pytest.mark.clause("2.8-C20", "X-41")
def test_mission_critical_services_know_no_cutoff():
    order = late_order()
    held = hours("mcsap", order=order)
    assert factories.booking(held, work="acceleration").pk


# --- credits --------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "limit"), [("title", 160), ("note", 500)])
def test_text_fits_its_field(field, limit):
    held = factories.holding(factories.season())
    refusal = refused(held, **{field: "x" * (limit + 1)})
    assert (refusal.code, refusal.field, refusal.figures) == ("too_long", field, {"limit": limit})
    assert getattr(factories.booking(held, **{field: "🙂 مرحبا"}), field) == "🙂 مرحبا"


def test_an_instant_without_an_offset_is_a_bug():
    held = factories.holding(factories.season())
    with pytest.raises(ValueError, match="offset"):
        factories.booking(held, starts_at=datetime(2026, 12, 17, 9))
