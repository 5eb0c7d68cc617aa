"""Booking under MCSAP, and Azure events with their notice."""

from datetime import date, timedelta

import pytest

from accounts.rules.refusal import Refused
from services.scheduling import actions
from tests import factories
from tests.scheduling.bookings import NOW, Kind, berlin, hours, refused
from workorders.models import Deadline

pytestmark = pytest.mark.django_db


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
