from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking
from tests import factories
from workorders.models import Account, Deadline, Override

pytestmark = pytest.mark.django_db
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
    assert due.get(kind=Kind.FREE_CANCELLATION).clauses == ["2.7-T17"]


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


@pytest.mark.clause("2.8-C20")
def test_mission_critical_services_know_no_cutoff():
    order = late_order()
    held = hours("mcsap", order=order)
    assert factories.booking(held, work="acceleration").pk


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


# --- MCSAP and events -----------------------------------------------------------------------


@pytest.mark.clause("2.4-AP12", "0-C3")
def test_acceleration_work_waits_for_day_sixty_one():
    order = factories.season(starts_on=date(2026, 11, 1), ends_on=date(2027, 10, 31))
    held = hours("mcsap", order=order)
    last = {
        "starts_at": berlin(date(2026, 12, 30), 9),
        "ends_at": berlin(date(2026, 12, 30), 10),
    }
    refusal = refused(held, work="acceleration", **last)
    assert (refusal.code, refusal.figures["first_day"]) == (
        "onboarding_period",
        date(2026, 12, 31),
    )
    assert factories.booking(held, work="onboarding", **last).work == "onboarding"
    after = {name: at + timedelta(days=1) for name, at in last.items()}
    assert factories.booking(held, work="acceleration", **after).pk


def event(**fields):
    order = factories.season()
    return factories.holding(
        order,
        offering=factories.offering("azure-event-mcs", order.edition),
        unit="event",
        quantity=3,
        **fields,
    )


def window(first: date, days: int) -> dict:
    return {
        "starts_at": berlin(first, 1),
        "ends_at": berlin(first, 1) + timedelta(days=days),
        "event_cloud": "public",
        "event_solution": "Shop",
    }


@pytest.mark.clause("2.4-AE10", "2.4-AE11")
def test_one_event_covers_five_consecutive_days():
    held = event()
    refusal = refused(held, **window(date(2027, 2, 1), 5))  # begins at one, so it touches six
    assert (refusal.code, refusal.figures) == ("event_too_long", {"maximum": 5, "needed": 2})
    assert factories.booking(held, quantity=2, **window(date(2027, 2, 1), 5)).quantity == 2


@pytest.mark.clause("2.4-AE17", "2.4-AE18")
def test_events_run_in_the_public_cloud_without_restricted_staff():
    held, days = event(), window(date(2027, 2, 1), 2)
    assert refused(held, **{**days, "event_cloud": "azure_government"}).code == "cloud_not_public"
    assert refused(held, **days, restricted_staff=True).code == "restricted_staff"


@pytest.mark.clause("2.4-AE13", "0-C5")
def test_an_event_can_be_booked_before_its_confirmation_while_there_is_time():
    held = event()
    booking = factories.booking(held, **window(date(2027, 1, 4), 2))
    due = Deadline.objects.get(subject_key=f"booking:{booking.pk}", kind=Kind.EVENT_CONFIRMATION)
    assert due.due_on == date(2026, 11, 23)
    assert refused_late(held).code == "not_confirmed_in_writing"


def refused_late(held, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        factories.booking(held, **{**window(date(2027, 1, 3), 2), **fields})
    return caught.value


@pytest.mark.clause("2.4-AE13", "2.4-AE14")
def test_short_notice_needs_microsoft_s_consent():
    held = event()
    confirmed = {"event_confirmed_on": date(2026, 11, 23)}
    refusal = refused_late(held, **confirmed)
    assert (refusal.code, refusal.figures["last_day"]) == ("short_notice", date(2026, 11, 22))
    booking = factories.booking(
        held, **window(date(2027, 1, 3), 2), **confirmed, short_notice_agreed=True
    )
    assert booking.short_notice_agreed


def test_a_confirmation_does_not_lie_ahead():
    refusal = refused_late(event(), event_confirmed_on=date(2026, 11, 24))
    assert refusal.code == "in_the_future"


@pytest.mark.clause("2.4-AE13")
def test_a_confirmation_is_recorded_later_and_meets_its_deadline():
    booking = factories.booking(event(), **window(date(2027, 2, 1), 2))
    by = booking.booked_by
    with pytest.raises(Refused) as caught:
        actions.confirm_event(booking=booking, confirmed_on=date(2026, 12, 22), by=by, now=NOW)
    assert caught.value.code == "in_the_future"
    later = NOW + timedelta(days=30)
    with pytest.raises(Refused) as caught:
        actions.confirm_event(booking=booking, confirmed_on=date(2026, 12, 22), by=by, now=later)
    assert caught.value.code == "short_notice"
    confirmed = actions.confirm_event(
        booking=booking, confirmed_on=date(2026, 12, 21), by=by, now=later
    )
    assert confirmed.event_confirmed_on == date(2026, 12, 21)
    due = Deadline.objects.get(kind=Kind.EVENT_CONFIRMATION)
    assert due.met_at == later


def test_only_events_are_confirmed():
    booking = factories.booking()
    with pytest.raises(ValueError, match="no Azure event"):
        actions.confirm_event(
            booking=booking, confirmed_on=date(2026, 11, 20), by=booking.booked_by, now=NOW
        )


# --- credits --------------------------------------------------------------------------------


def credits_held(quantity=10):
    order = factories.season()
    factories.credit_value()
    lot = factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=quantity,
        value=Money(quantity * 100_000, "EUR"),
    )
    return order, lot


def with_credits(order, value="4600.00", **fields) -> Booking:
    values = {
        "offering": factories.offering("workshops", order.edition),
        "value": Money.of(value, "EUR"),
        "location": order.order_locations.first().location,
        "starts_at": datetime(2026, 12, 17, 8, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 17, 16, tzinfo=UTC),
        "by": order.created_by,
        "now": NOW,
    }
    return actions.book_with_credits(order=order, **{**values, **fields})


@pytest.mark.clause("2.3-PC3")
def test_credits_buy_a_service_and_book_it_in_one_act():
    order, lot = credits_held()
    booking = with_credits(order)
    assert balances(lot) == {"issued": 10, "available": 5, "redeemed": 5}
    assert balances(booking.entitlement) == {"issued": 1, "reserved": 1}
    assert booking.fee_minor == 460_000


def test_a_refused_booking_redeems_nothing():
    order, lot = credits_held()
    with pytest.raises(Refused) as caught:
        with_credits(order, mode="onsite")
    assert caught.value.code == "written_agreement_required"
    assert balances(lot) == {"issued": 10, "available": 10}


@pytest.mark.clause("2.3-PC3")
def test_too_few_credits_book_nothing():
    order, lot = credits_held(4)
    with pytest.raises(Refused) as caught:
        with_credits(order)
    assert caught.value.code == "insufficient_credits"
    assert not Booking.objects.exists()
    assert balances(lot) == {"issued": 4, "available": 4}


def test_the_same_key_books_once():
    order, lot = credits_held()
    first = with_credits(order, idempotency_key="k1")
    assert with_credits(order, idempotency_key="k1") == first
    assert balances(lot) == {"issued": 10, "available": 5, "redeemed": 5}
    held = factories.holding(order)
    again = factories.booking(held, idempotency_key="k2")
    assert factories.booking(held, idempotency_key="k2") == again
    assert balances(held)["reserved"] == 1


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
