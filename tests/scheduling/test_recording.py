"""Recording a workshop: notice, consent of everybody, and what turns it off."""

import pytest

from services.scheduling import actions
from services.scheduling.models import Attendee, Workshop
from tests import factories
from tests.scheduling.workshops import NOW, change, consent, enrol, refused, withdraw, workshop

pytestmark = pytest.mark.django_db


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
