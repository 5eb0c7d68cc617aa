"""Many clients on one incident: one effect, and without an error."""

from collections import Counter
from threading import Barrier

import pytest
from django.utils import timezone

from incidents.actions.progress import add_update, close_incident, record_first_response
from incidents.actions.severity import change_severity
from incidents.models import Incident, IncidentUpdate
from tests import factories
from tests.parallel import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]
CLIENTS = 12


@pytest.fixture
def incident():
    """Severity B, without a response."""
    return factories.incident()


def test_parallel_responses_are_counted_once(incident):
    def respond(number: int) -> str:
        record_first_response(
            incident=incident,
            channel=("phone", "email")[number % 2],
            by=incident.opened_by,
            now=timezone.now(),
            at=factories.NOW,
        )
        return "recorded"

    answers = Counter(at_once(respond, CLIENTS))
    assert answers == {"recorded": 1, "already_answered": CLIENTS - 1}
    assert IncidentUpdate.objects.filter(data__first_response=True).count() == 1


def test_without_the_condition_every_client_would_count(incident):
    """The twin: what the conditional write keeps from happening."""

    def respond(number: int) -> int:
        known = Incident.objects.get(pk=incident.pk).first_response_at
        waiting.wait(timeout=30)
        if known is not None:
            return 0
        return Incident.objects.filter(pk=incident.pk).update(first_response_at=factories.NOW)

    waiting = Barrier(CLIENTS)
    assert sum(at_once(respond, CLIENTS)) == CLIENTS


def test_parallel_contacts_all_stand_and_one_stops_the_clock(incident):
    def contact(number: int) -> bool:
        update = add_update(
            incident=incident,
            channel="phone",
            text=str(number),
            by=incident.opened_by,
            now=timezone.now(),
        )
        return bool(update.data.get("first_response"))

    assert Counter(at_once(contact, CLIENTS)) == {True: 1, False: CLIENTS - 1}


def test_a_parallel_change_of_severity_has_one_effect(incident):
    def change(number: int) -> str:
        change_severity(
            incident=incident,
            to="A",
            reason="Hall 3",
            by=incident.opened_by,
            now=timezone.now(),
            version=incident.version,
        )
        return "changed"

    assert Counter(at_once(change, CLIENTS)) == {"changed": 1, "stale_edit": CLIENTS - 1}


def test_it_is_closed_once(incident):
    def close(number: int) -> str:
        close_incident(incident=incident, by=incident.opened_by, now=timezone.now())
        return "closed"

    assert Counter(at_once(close, CLIENTS)) == {"closed": 1, "incident_closed": CLIENTS - 1}


def test_one_key_opens_one_incident_however_many_send_it(incident):
    def submit(number: int) -> int:
        return factories.incident(incident.order, idempotency_key="k").pk

    assert len(set(at_once(submit, CLIENTS))) == 1
    assert Incident.objects.count() == 2
