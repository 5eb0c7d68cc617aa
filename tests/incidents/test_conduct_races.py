"""Races around an incident: the engineer's last hour, the first assignment, one pause."""

from collections import Counter
from datetime import timedelta

import pytest

from incidents.actions.conduct import pause_duty
from incidents.actions.engineers import assign_person, log_engineer_time
from incidents.actions.progress import ask_customer
from incidents.actions.warnings import warn_of_targets
from incidents.models import DutyPause, EngineerTime, IncidentUpdate
from tests import factories
from tests.incidents.scenes import NOW, REDE, agreement, hold, host_of
from tests.incidents.test_races import at_once
from workorders.models import Account

pytestmark = [
    pytest.mark.race,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


def test_the_engineers_last_hour_is_deducted_once():
    order = agreement()
    line = hold(order, REDE, ("product", "Windows Server"))
    factories.holding(
        order,
        offering=line.offering,
        location=host_of(order),
        unit="minute",
        quantity=60,
        usable_from=order.starts_on,
        usable_until=order.ends_on,
    )
    incident = factories.incident(order, location=host_of(order), severity="A")
    act = {"incident": incident, "minutes": 60, "by": order.created_by, "now": NOW}

    def log(_number: int) -> str:
        log_engineer_time(**act)
        return "deducted"

    assert Counter(at_once(log)) == {"deducted": 1, "insufficient_hours": 11}
    assert EngineerTime.objects.count() == 1
    left = Account.objects.get(bucket="available", entitlement__unit="minute")
    assert left.balance == 0


def test_one_pause_is_written_by_many():
    incident = factories.incident()
    by = incident.opened_by
    duty = incident.duties.get(code="change_control_access")
    duty = ask_customer(incident=incident, duty=duty, text="", by=by, now=NOW)

    def pause(_number: int) -> str:
        pause_duty(incident=incident, duty=duty, reason="Link owed", by=by, now=NOW)
        return "paused"

    assert Counter(at_once(pause)) == {"paused": 1, "already_paused": 11}
    assert DutyPause.objects.count() == 1


def test_a_role_has_one_first_person_and_a_target_one_warning():
    incident = factories.incident(severity="1")
    by = incident.opened_by
    role = incident.assignments.first().role

    def assign(number: int) -> str:
        at = NOW + timedelta(seconds=number)
        assign_person(
            incident=incident,
            role=role,
            person=f"P{number}",
            by=by,
            now=at + timedelta(hours=1),
            at=at,
        )
        return "assigned"

    assert Counter(at_once(assign)) == {"assigned": 12}
    firsts = [one for one in incident.updates.filter(kind="assigned") if not one.data["successor"]]
    assert len(firsts) == 1
    answers = at_once(lambda _number: warn_of_targets(now=incident.due_at))
    assert sum(answers) == 1
    assert incident.updates.filter(kind=IncidentUpdate.Kind.WARNED).count() == 1
