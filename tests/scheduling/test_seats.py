"""Seats of workshops: nobody takes one that isn't there."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from icalendar import Calendar

from accounts.models import Message
from services.scheduling import actions
from services.scheduling.models import Attendee, Workshop
from tests import factories
from tests.scheduling.workshops import (
    NOW,
    balances,
    change,
    enrol,
    mails,
    refused,
    standing,
    withdraw,
    workshop,
)
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db


# --- enrolling ------------------------------------------------------------------------------


@pytest.mark.clause("2.3-TR8")
def test_seats_are_set_aside_with_the_booking_and_no_more_people_are_enrolled():
    booking = workshop(2)
    enrol(booking, "ada", "ben")
    refusal = refused(enrol, booking, "cho")
    assert (refusal.code, refusal.figures) == ("seats_full", {"seats": 2})
    assert standing(booking) == [("Ada", "enrolled"), ("Ben", "enrolled")]
    assert balances(booking) == {"issued": 20, "available": 18, "reserved": 2}
    assert mails("enrolled") == ["ada", "ben"]


def test_a_dedicated_delivery_without_a_capacity_enrols_everybody():
    booking = factories.booking()
    enrol(booking, *(f"person{n}" for n in range(30)))
    assert Workshop.objects.get().taken == 30


def test_a_dedicated_delivery_holds_as_many_as_were_planned():
    booking = factories.booking(attendees=1)
    enrol(booking, "ada")
    assert refused(enrol, booking, "ben").code == "workshop_full"


def test_who_may_wait_gets_a_place_on_the_list_and_is_told():
    booking = workshop(1)
    enrol(booking, "ada", "ben", may_wait=True)
    assert standing(booking) == [("Ada", "enrolled"), ("Ben", "waiting")]
    assert mails("waiting") == ["ben"]


def test_several_are_enrolled_together_or_nobody_is():
    booking = workshop(3)
    enrol(booking, "cho")
    refusal = refused(enrol, booking, "ada", "CHO", "ben")
    assert (refusal.code, refusal.figures["row"]) == ("already_enrolled", 2)
    assert standing(booking) == [("Cho", "enrolled")]
    assert Workshop.objects.get().taken == 1


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (actions.Person("Ada", "nowhere"), "email_malformed"),
        (actions.Person(" ", "ada@contoso.example"), "name_missing"),
        (actions.Person("A" * 121, "ada@contoso.example"), "too_long"),
    ],
)
def test_people_without_a_name_or_an_address_are_refused(person, code):
    booking = workshop()
    given = {"booking": booking, "people": [person], "by": booking.booked_by, "now": NOW}
    assert refused(actions.enrol_attendees, **given).code == code
    assert not Attendee.objects.exists()


def test_nobody_is_enrolled_once_it_has_begun():
    booking = workshop()
    (ada,) = enrol(booking, "ada")
    assert refused(enrol, booking, "ben", now=booking.starts_at).code == "workshop_begun"
    late = {"attendee": ada, "by": booking.booked_by, "now": booking.starts_at}
    assert refused(actions.withdraw_attendee, **late).code == "workshop_begun"
    assert refused(enrol, booking).code == "nobody_named"


def test_what_enrols_nobody_has_no_enrolment():
    order = factories.season()
    service = factories.offering("technical-update-briefings", order.edition)
    booking = factories.booking(factories.holding(order, offering=service))
    with pytest.raises(ValueError, match="enrols nobody"):
        enrol(booking, "ada")


def test_customers_enrol_their_people_and_viewers_look_on():
    booking = workshop()
    enrol(booking, "ada", by=factories.location_contact(booking.location))
    viewer = factories.viewer(booking.customer)
    assert refused(enrol, booking, "ben", by=viewer).code == "not_allowed"


# --- withdrawing ----------------------------------------------------------------------------


def test_a_seat_that_becomes_free_goes_to_the_first_who_waits_and_both_sides_hear_of_it():
    booking = workshop(1)
    contact = factories.location_contact(booking.location)
    (ada,) = enrol(booking, "ada")
    enrol(booking, "ben", "cho", may_wait=True, by=contact)
    withdraw(ada)
    assert standing(booking) == [("Ada", "withdrawn"), ("Ben", "enrolled"), ("Cho", "waiting")]
    assert Workshop.objects.get().taken == 1
    assert (mails("promoted"), mails("withdrawn")) == (["ben"], ["ada"])
    told = Message.objects.filter(subject_key__endswith=":promoted", channel="inbox")
    assert {row.recipient for row in told} == {booking.booked_by, contact}
    # The seat stays set aside for the session.
    assert balances(booking)["reserved"] == 1


def test_who_waits_gives_up_a_place_and_no_seat():
    booking = workshop(1)
    _ada, ben, cho = enrol(booking, "ada", "ben", "cho", may_wait=True)
    withdraw(ben)
    assert (cho.state, Workshop.objects.get().taken) == ("waiting", 1)
    assert refused(withdraw, ben).code == "attendee_withdrawn"


def test_who_withdrew_can_be_entered_again_at_the_end_of_the_list():
    booking = workshop(1)
    _ada, ben, _cho = enrol(booking, "ada", "ben", "cho", may_wait=True)
    withdraw(ben)
    enrol(booking, "ben", may_wait=True)
    waiting = [row.name for row in Attendee.objects.waiting()]
    assert waiting == ["Cho", "Ben"]


def entries(name: str) -> list[tuple[str, int, str]]:
    """UID, sequence and status of the calendar entries that somebody got, in order."""
    found = []
    for mail in Message.objects.filter(address=f"{name}@contoso.example").order_by("pk"):
        for event in Calendar.from_ical(mail.calendar).walk("VEVENT") if mail.calendar else ():
            assert "URL" not in event
            found.append((str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])))
    return found


def test_a_seat_comes_with_a_calendar_entry_that_goes_with_it():
    booking = workshop(1)
    (ada,) = enrol(booking, "ada")
    enrol(booking, "ben", may_wait=True)
    assert entries("ben") == []
    withdraw(ada)
    first, last = entries("ada")
    assert (first[0], first[2], last[2]) == (last[0], "CONFIRMED", "CANCELLED")
    assert last[1] > first[1]
    assert [status for _uid, _sequence, status in entries("ben")] == ["CONFIRMED"]
    given = {"party": "microsoft", "reason": "Ill.", "by": booking.booked_by, "now": NOW}
    actions.cancel_booking(booking=booking, **given)
    uids, sequences, states = zip(*entries("ben"), strict=True)
    assert (len(set(uids)), states) == (1, ("CONFIRMED", "CANCELLED"))
    assert sequences[1] > sequences[0]


# --- more and fewer seats -------------------------------------------------------------------


def test_more_seats_are_reserved_and_go_to_those_who_wait():
    booking = workshop(1)
    enrol(booking, "ada", "ben", "cho", may_wait=True)
    change(booking, 2)
    assert [state for _name, state in standing(booking)] == ["enrolled", "enrolled", "waiting"]
    assert balances(booking) == {"issued": 20, "available": 18, "reserved": 2}
    booking.refresh_from_db()
    assert (booking.quantity, booking.fee_minor, booking.attendees) == (2, 20_000, 2)
    assert verify_ledger().in_order


def test_more_seats_than_bought_are_refused_and_nothing_is_written():
    booking = workshop(19)
    refusal = refused(change, booking, 21)
    assert refusal.code == "insufficient_units"
    assert balances(booking) == {"issued": 20, "available": 1, "reserved": 19}
    assert Workshop.objects.get().capacity == 19


@pytest.mark.clause("2.7-T17")
def test_seats_are_given_back_while_cancelling_is_free_and_not_after_it():
    booking = workshop(5)
    last_free = factories.berlin_moment(date(2026, 12, 3), 23, 59)
    change(booking, 4, now=last_free)
    assert balances(booking)["reserved"] == 4
    refusal = refused(change, booking, 3, now=last_free + timedelta(minutes=1))
    assert (refusal.code, refusal.figures["last_day"]) == ("seats_fixed", date(2026, 12, 3))
    change(booking, 6, now=last_free + timedelta(days=3))
    assert balances(booking)["reserved"] == 6


def test_the_capacity_is_never_below_what_is_taken_and_by_seat_never_open():
    booking = workshop(3)
    enrol(booking, "ada", "ben")
    assert refused(change, booking, 1).code == "seats_in_use"
    assert refused(change, booking, None).code == "capacity_required"
    dedicated = factories.booking(attendees=2)
    assert change(dedicated, None).capacity is None
    assert dedicated.entitlement.accounts.get(bucket="reserved").balance == 1


# --- what the database itself keeps ---------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "changes", "constraint"),
    [
        (Workshop, {"taken": 4}, "workshop_no_more_than_its_seats"),
        (Workshop, {"decision": "hold"}, "workshop_decided_by_somebody"),
        (Workshop, {"recorded_since": NOW}, "workshop_recorded_after_notice"),
        (Attendee, {"state": "withdrawn"}, "attendee_withdrawn_at_some_time"),
        (Attendee, {"consent_at": NOW}, "attendee_consent_recorded_by_somebody"),
        (Attendee, {"email": "ada@contoso.example"}, "attendee_once_in_a_workshop"),
    ],
)
def test_the_database_keeps_an_enrolment_sound(model, changes, constraint):
    booking = workshop(3)
    enrol(booking, "ada", "ben")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        model.objects.update(**changes)
    if connection.vendor == "postgresql":
        assert constraint in str(caught.value)
