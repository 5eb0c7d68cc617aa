"""The decision on a workshop's enrolment, and a move that takes it along."""

from datetime import date, timedelta

import pytest

from services.scheduling import actions
from services.scheduling.models import Attendee, Booking, Workshop
from tests import factories
from tests.scheduling.workshops import (
    NOW,
    balances,
    change,
    consent,
    enrol,
    mails,
    refused,
    seats_held,
    standing,
    workshop,
)
from workorders.models import Deadline
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db


def decision_date(booking) -> Deadline:
    return Deadline.objects.current().get(
        kind="minimum_enrolment", subject_key=f"booking:{booking.pk}"
    )


def decide(booking, **fields):
    values = {"hold": False, "reason": "Too few.", "by": booking.booked_by, "now": NOW, **fields}
    return actions.decide_enrolment(booking=booking, **values)


@pytest.mark.clause("2.7-T12")
def test_the_decision_is_due_on_the_last_free_day_or_on_the_chosen_one():
    booking = workshop(5, minimum_attendees=3)
    due = decision_date(booking)
    assert (due.due_on, due.owner, due.clauses) == (date(2026, 12, 3), "csam", ["2.7-T12"])
    chosen = workshop(5, minimum_attendees=3, decide_on=date(2026, 12, 10))
    assert decision_date(chosen).due_on == date(2026, 12, 10)
    change(chosen, 5, 3, decide_on=date(2026, 12, 11))
    assert decision_date(chosen).due_on == date(2026, 12, 11)
    change(chosen, 5, None)
    assert not Deadline.objects.current().filter(
        kind="minimum_enrolment", subject_key=f"booking:{chosen.pk}"
    )


def test_a_minimum_that_does_not_fit_and_a_decision_after_the_start_are_not_booked():
    held = seats_held()
    assert refused(workshop, 2, held=held, minimum_attendees=3).code == "minimum_above_capacity"
    late = {"minimum_attendees": 2, "decide_on": date(2026, 12, 17)}
    assert refused(workshop, 2, held=held, **late).code == "decision_too_late"
    assert not Booking.objects.exists()


@pytest.mark.clause("2.7-T12")
def test_a_workshop_that_falls_short_is_cancelled_for_nothing_and_everybody_is_told():
    booking = workshop(5, minimum_attendees=3)
    enrol(booking, "ada", "ben")
    late = booking.starts_at - timedelta(days=2)
    assert decide(booking, now=late).decision == "cancel"
    booking.refresh_from_db()
    assert (booking.cancelled_for, booking.charge_minor) == ("microsoft", 0)
    assert balances(booking) == {"issued": 20, "available": 20}
    assert decision_date(booking).met_at == late
    assert mails("cancelled") == ["ada", "ben"]
    assert verify_ledger().in_order


@pytest.mark.clause("2.7-T12")
def test_a_workshop_that_reaches_its_minimum_is_not_cancelled_for_low_enrolment():
    booking = workshop(5, minimum_attendees=2)
    enrol(booking, "ada", "ben")
    assert refused(decide, booking).code == "enrolment_reached"
    assert decision_date(booking).met_at is None


def test_it_can_be_held_below_its_minimum_and_is_decided_once():
    booking = workshop(5, minimum_attendees=3)
    enrol(booking, "ada")
    assert decide(booking, hold=True, reason="").decision == "hold"
    assert decision_date(booking).met_at == NOW
    assert mails("held") == ["ada"]
    assert refused(decide, booking).code == "workshop_decided"
    customer = factories.customer_administrator(booking.customer)
    assert refused(decide, booking, by=customer).code == "not_allowed"
    # Enrolment goes on; other sizes ask for no second decision.
    change(booking, 6, 4)
    assert decision_date(booking).met_at == NOW


def test_a_move_takes_attendees_places_and_consents_along():
    booking = workshop(2, minimum_attendees=2)
    ada, _ben, _cho = enrol(booking, "ada", "ben", "cho", may_wait=True)
    consent(booking, [ada])
    new = actions.move_booking(
        booking=booking,
        starts_at=booking.starts_at + timedelta(days=7),
        ends_at=booking.ends_at + timedelta(days=7),
        reason="Room.",
        by=booking.booked_by,
        now=NOW,
    )
    assert [state for _name, state in standing(new)] == ["enrolled", "enrolled", "waiting"]
    assert [Workshop.objects.get(pk=one.pk).taken for one in (new, booking)] == [2, 0]
    assert Attendee.objects.with_consent().count() == 1
    assert decision_date(new).due_on == date(2026, 12, 10)
    assert (mails("moved"), mails("cancelled")) == (["ada", "ben", "cho"], [])


def test_a_move_to_fewer_seats_than_are_taken_is_refused():
    booking = factories.booking(attendees=2)
    enrol(booking, "ada", "ben")
    times = {
        "starts_at": booking.starts_at + timedelta(days=7),
        "ends_at": booking.ends_at + timedelta(days=7),
    }
    given = {"booking": booking, "reason": "Room.", "by": booking.booked_by, "now": NOW}
    refusal = refused(actions.move_booking, **given, **times, attendees=1)
    assert refusal.code == "seats_in_use"
