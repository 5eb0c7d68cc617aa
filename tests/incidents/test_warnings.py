"""Targets that come close or pass: the CSAMs are told, once for each target."""

from datetime import date, timedelta

import pytest

from accounts.models import Message
from incidents.actions.conduct import pause_duty, resume_duty
from incidents.actions.engineers import assign_person
from incidents.actions.progress import ask_customer, close_incident, record_first_response
from incidents.actions.severity import change_severity
from incidents.actions.warnings import warn_of_targets
from incidents.models import IncidentUpdate
from tests import factories
from tests.incidents.scenes import NOW, agreement, event, host_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    """Severity B without a response."""
    return factories.incident()


def told(incident) -> list[str]:
    """What CSAMs were told of its target, in order."""
    keys = Message.objects.filter(
        subject_key__startswith=f"incident:{incident.pk}:", channel="inbox"
    ).order_by("created_at")
    return [key.rpartition(":")[2] for key in keys.values_list("subject_key", flat=True)]


def test_at_each_share_and_once_late_people_are_told_once(incident):
    second = timedelta(seconds=1)
    half = incident.clock_from + timedelta(hours=1)
    assert warn_of_targets(now=half - second) == 0
    assert warn_of_targets(now=half) == 1
    assert warn_of_targets(now=incident.near_at - second) == 0
    assert warn_of_targets(now=incident.near_at) == 1
    assert warn_of_targets(now=incident.due_at) == 1
    assert warn_of_targets(now=incident.due_at) == 0
    assert warn_of_targets(now=incident.due_at + second) == 1
    assert warn_of_targets(now=incident.due_at + timedelta(days=9)) == 0
    assert told(incident) == ["near", "near", "near", "late"]
    entries = incident.updates.filter(kind=IncidentUpdate.Kind.WARNED)
    assert [one.data["percent"] for one in entries] == [100, 90, 75, 50]
    assert entries[0].data["people"] == [incident.opened_by.name]


def test_the_lead_of_the_team_hears_of_it_once_it_is_urgent(incident):
    lead = factories.lead(incident.customer.team)
    warn_of_targets(now=incident.near_at)
    assert not Message.objects.filter(recipient=lead).exists()
    warn_of_targets(now=incident.due_at)
    assert Message.objects.filter(recipient=lead, channel="inbox").count() == 1


def test_the_customers_people_hear_of_their_own_time_and_csams_once_it_is_urgent(incident):
    person = factories.customer_administrator(incident.customer)
    contact = factories.location_contact(incident.location)
    duty = incident.duties.get(code="change_control_access")
    ask_customer(incident=incident, duty=duty, text="", by=incident.opened_by, now=NOW)
    record_first_response(incident=incident, channel="phone", by=incident.opened_by, now=NOW)
    duty.refresh_from_db()
    told = []
    for percent in (50, 75, 90, 100):
        now = NOW + timedelta(hours=4) * percent / 100 + timedelta(seconds=percent // 100)
        assert warn_of_targets(now=now) == 1
        rows = Message.objects.filter(created_at=now, channel="inbox")
        told.append({row.recipient for row in rows})
    both = {person, contact}
    assert told == [both, both, both | {incident.opened_by}, both | {incident.opened_by}]


def test_a_paused_duty_warns_nobody_until_it_goes_on(incident):
    duty = incident.duties.get(code="change_control_access")
    by = incident.opened_by
    ask_customer(incident=incident, duty=duty, text="", by=by, now=NOW)
    record_first_response(incident=incident, channel="phone", by=by, now=NOW)
    pause_duty(incident=incident, duty=duty, reason="Link owed", by=by, now=NOW)
    assert warn_of_targets(now=NOW + timedelta(days=3)) == 0
    resume_duty(incident=incident, duty=duty, by=by, now=NOW + timedelta(hours=1))
    assert warn_of_targets(now=NOW + timedelta(hours=3)) == 1


def test_what_is_late_already_is_told_as_late_alone(incident):
    assert warn_of_targets(now=incident.due_at + timedelta(hours=1)) == 1
    assert told(incident) == ["late"]


def test_answered_and_closed_ones_are_left_alone(incident):
    other = factories.incident(incident.order)
    record_first_response(incident=incident, channel="phone", by=incident.opened_by, now=NOW)
    close_incident(incident=other, by=incident.opened_by, now=NOW)
    assert warn_of_targets(now=NOW + timedelta(days=9)) == 0


def test_a_new_target_is_told_of_again(incident):
    assert warn_of_targets(now=incident.near_at) == 1
    change_severity(
        incident=incident, to="C", reason="Calmer", by=incident.opened_by, now=incident.near_at
    )
    incident.refresh_from_db()
    assert warn_of_targets(now=incident.near_at) == 1
    assert told(incident) == ["near", "near"]


def test_the_page_says_who_was_notified(incident, sign_in, at):
    warn_of_targets(now=incident.near_at)
    at(incident.near_at)
    page = sign_in(incident.opened_by).get(f"/incidents/{incident.pk}/").content.decode()
    assert f"75\xa0% of the target used: {incident.opened_by.name} notified" in page


@pytest.fixture
def at_an_event():
    """Severity 1 at an Azure event, answered: only the resource is still to be assigned."""
    order = agreement()
    event(order, date(2026, 11, 22), date(2026, 11, 25))
    incident = factories.incident(
        order,
        severity="1",
        component="Azure Virtual Machines",
        channel="portal",
        title="AEM shop down",
        location=host_of(order),
    )
    record_first_response(incident=incident, channel="phone", by=incident.opened_by, now=NOW)
    return incident


@pytest.mark.clause("A-AE4")
def test_of_the_resource_at_an_event_people_are_warned_by_its_own_half_hour(at_an_event):
    lead = factories.lead(at_an_event.customer.team)
    second = timedelta(seconds=1)
    moments = [timedelta(minutes=15), timedelta(minutes=22, seconds=30), timedelta(minutes=27)]
    for left in moments:
        assert warn_of_targets(now=NOW + left - second) == 0
        assert warn_of_targets(now=NOW + left) == 1
    assert warn_of_targets(now=NOW + timedelta(minutes=30)) == 0
    assert warn_of_targets(now=NOW + timedelta(minutes=30) + second) == 1
    assert warn_of_targets(now=NOW + timedelta(days=9)) == 0
    assert told(at_an_event).count("role_near") == 4  # the CSAM three times, the lead once
    assert told(at_an_event).count("role_late") == 2
    assert Message.objects.filter(recipient=lead, channel="inbox").count() == 2


@pytest.mark.clause("A-AE4")
def test_once_the_resource_is_named_nobody_is_warned_and_the_page_says_who_was(
    at_an_event, sign_in, at
):
    warn_of_targets(now=NOW + timedelta(minutes=15))
    assign_person(
        incident=at_an_event,
        role="critical_situation_resource",
        person="Ada Okafor",
        by=at_an_event.opened_by,
        now=NOW + timedelta(minutes=16),
    )
    assert warn_of_targets(now=NOW + timedelta(hours=2)) == 0
    at(NOW + timedelta(minutes=16))
    page = sign_in(at_an_event.opened_by).get(f"/incidents/{at_an_event.pk}/").content.decode()
    name = at_an_event.opened_by.name
    told_of = f"of the time to assign used, Critical-situation resource: {name} notified"
    assert told_of in page
