"""Races around an incident: the engineer's last hour, the first assignment, one pause."""

from collections import Counter
from datetime import timedelta
from threading import Barrier

import pytest
from django.db.models import Sum

from accounts.queries.calendars import business_hours
from incidents.actions.conduct import pause_duty
from incidents.actions.engineers import assign_person, log_engineer_time
from incidents.actions.progress import ask_customer
from incidents.actions.severity import change_severity
from incidents.actions.warnings import warn_of_targets
from incidents.models import (
    DutyPause,
    EngineerTime,
    Incident,
    IncidentAssignment,
    IncidentUpdate,
)
from incidents.rules.roles import check_engineer_day
from tests import factories
from tests.incidents.scenes import NOW, REDE, agreement, hold, host_of
from tests.incidents.test_races import CLIENTS
from tests.parallel import at_once
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

    assert Counter(at_once(log, CLIENTS)) == {"deducted": 1, "insufficient_hours": 11}
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

    assert Counter(at_once(pause, CLIENTS)) == {"paused": 1, "already_paused": 11}
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

    assert Counter(at_once(assign, CLIENTS)) == {"assigned": 12}
    firsts = [one for one in incident.updates.filter(kind="assigned") if not one.data["successor"]]
    assert len(firsts) == 1
    answers = at_once(lambda _number: warn_of_targets(now=incident.due_at), CLIENTS)
    assert sum(answers) == 1
    assert incident.updates.filter(kind=IncidentUpdate.Kind.WARNED).count() == 1


def test_without_the_condition_every_client_would_be_the_first_person():
    """The twin: what the conditional write of an assignment keeps from happening."""
    incident = factories.incident(severity="1")
    role = incident.assignments.first()
    waiting = Barrier(CLIENTS)

    def assign(number: int) -> int:
        known = IncidentAssignment.objects.get(pk=role.pk).assigned_at
        waiting.wait(timeout=30)
        rows = IncidentAssignment.objects.filter(pk=role.pk)
        return 0 if known else rows.update(assigned_at=NOW, person=f"P{number}")

    assert sum(at_once(assign, CLIENTS)) == CLIENTS


def test_without_the_lock_an_engineers_day_would_have_more_hours_than_a_day():
    """The twin: every client sees an empty day before anybody writes."""
    incident = factories.incident(severity="A")
    waiting = Barrier(CLIENTS)

    def fits(_number: int) -> int:
        recorded = incident.engineer_time.aggregate(total=Sum("minutes"))["total"] or 0
        waiting.wait(timeout=30)
        check_engineer_day(
            business_hours(incident.location), NOW.date(), minutes=300, recorded=recorded
        )
        return 300

    assert sum(at_once(fits, CLIENTS)) > 510


def test_an_engineers_day_is_not_filled_twice_at_once():
    order = agreement()
    line = hold(order, REDE, ("product", "Windows Server"))
    factories.holding(
        order,
        offering=line.offering,
        location=host_of(order),
        unit="minute",
        quantity=6_000,
        usable_from=order.starts_on,
        usable_until=order.ends_on,
    )
    incident = factories.incident(order, location=host_of(order), severity="A")

    def log(_number: int) -> str:
        log_engineer_time(incident=incident, minutes=300, by=order.created_by, now=NOW)
        return "deducted"

    assert Counter(at_once(log, CLIENTS)) == {"deducted": 1, "engineer_day_full": CLIENTS - 1}


def test_two_changes_of_severity_at_once_leave_one_of_them_in_force():
    incident = factories.incident()
    act = {"incident": incident, "reason": "x", "by": incident.opened_by, "now": NOW}

    def change(number: int) -> str:
        change_severity(**act, to="AC"[number % 2], version=incident.version)
        return "AC"[number % 2]

    answers = Counter(at_once(change, CLIENTS))
    assert answers["stale_edit"] == CLIENTS - 1
    (kept,) = answers.keys() - {"stale_edit"}
    incident.refresh_from_db()
    assert incident.severity == kept
    assert incident.updates.filter(kind=IncidentUpdate.Kind.SEVERITY).count() == 1


def test_without_the_version_a_later_change_would_overwrite_the_earlier_unseen():
    """The twin: every client writes over what it never read."""
    incident = factories.incident()
    waiting = Barrier(CLIENTS)

    def change(number: int) -> int:
        waiting.wait(timeout=30)
        return Incident.objects.filter(pk=incident.pk).update(severity="AC"[number % 2])

    assert sum(at_once(change, CLIENTS)) == CLIENTS
