"""Enrolment: seats that are bought, a list of those who wait, the decision, the recording."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from icalendar import Calendar

from accounts.models import Message
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Attendee, Booking, Workshop
from tests import factories
from tests.scheduling.workshops import NOW, enrol, seats_held, standing, workshop
from workorders.models import Account, Deadline
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db


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


def decision_date(booking) -> Deadline:
    return Deadline.objects.current().get(
        kind="minimum_enrolment", subject_key=f"booking:{booking.pk}"
    )


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


def withdraw(attendee, **fields):
    values = {"by": attendee.entered_by, "now": NOW, **fields}
    return actions.withdraw_attendee(attendee=attendee, **values)


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


def change(booking, capacity, minimum=None, **fields):
    values = {"by": booking.booked_by, "now": NOW, **fields}
    return actions.change_seats(booking=booking, capacity=capacity, minimum=minimum, **values)


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


# --- the decision ---------------------------------------------------------------------------


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


# --- recording ------------------------------------------------------------------------------


def consent(booking, attendees, given=True, **fields):
    values = {"by": booking.booked_by, "now": NOW, **fields}
    return actions.record_consents(booking=booking, attendees=attendees, given=given, **values)


def prepare(booking, **fields):
    values = {
        "notice_given": True,
        "permission_needed": False,
        "permission_given": False,
        "by": booking.booked_by,
        "now": NOW,
        **fields,
    }
    return actions.prepare_recording(booking=booking, **values)


def switch(booking, on=True):
    return actions.switch_recording(booking=booking, on=on, by=booking.booked_by, now=NOW)


@pytest.fixture
def recorded(db):
    """A workshop of two who agree, recorded; one more seat is free."""
    booking = workshop(3)
    everybody = enrol(booking, "ada", "ben")
    prepare(booking)
    consent(booking, everybody)
    switch(booking)
    return booking


def is_recorded(booking) -> bool:
    return Workshop.objects.get(pk=booking.pk).recorded_since is not None


@pytest.mark.clause("2.3-TR9")
def test_it_is_recorded_only_after_notice_and_with_the_consent_of_everybody():
    booking = workshop(3)
    ada, ben = enrol(booking, "ada", "ben")
    assert refused(switch, booking).code == "notice_missing"
    prepare(booking)
    consent(booking, [ada])
    assert refused(switch, booking).code == "consent_missing"
    consent(booking, [ben])
    prepare(booking, permission_needed=True)
    assert refused(switch, booking).code == "permission_missing"
    prepare(booking, permission_needed=True, permission_given=True)
    switched = switch(booking)
    assert (switched.recorded_since, switched.recorded_by) == (NOW, booking.booked_by)
    ada.refresh_from_db()
    assert (ada.consent_at, ada.consent_by) == (NOW, booking.booked_by)


@pytest.mark.clause("2.3-TR9")
def test_a_consent_that_is_withdrawn_turns_the_recording_off(recorded):
    ada = Attendee.objects.get(name="Ada")
    assert consent(recorded, [ada], given=False) == 1
    assert not is_recorded(recorded)
    ada.refresh_from_db()
    assert (ada.consent_at, ada.consent_withdrawn_at) == (NOW, NOW)
    # A second time changes nothing; agreeing again doesn't start it by itself.
    assert consent(recorded, [ada], given=False) == 0
    consent(recorded, [ada])
    assert not is_recorded(recorded)


def test_one_more_attendee_who_has_not_agreed_turns_it_off(recorded):
    enrol(recorded, "cho")
    assert not is_recorded(recorded)


def test_somebody_who_waits_turns_it_off_with_the_seat(recorded):
    change(recorded, 2)
    enrol(recorded, "cho", may_wait=True)
    assert is_recorded(recorded)
    withdraw(Attendee.objects.get(name="Ada"))
    assert not is_recorded(recorded)


def test_notice_that_is_taken_back_turns_it_off_and_so_does_the_switch(recorded):
    switch(recorded, on=False)
    assert not is_recorded(recorded)
    switch(recorded)
    prepare(recorded, notice_given=False)
    assert not is_recorded(recorded)
    assert Workshop.objects.get().notice_by is None


def test_consents_of_another_workshop_stay_as_they_are(recorded):
    other = factories.booking()
    (eve,) = enrol(other, "eve")
    assert consent(recorded, [eve]) == 0


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
