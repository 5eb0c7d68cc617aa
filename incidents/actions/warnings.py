"""Warn the right people of targets that come close or have passed: 50, 75, 90 %, breach."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.queries.calendars import business_hours
from incidents.actions.news import tell_people
from incidents.models import Incident, IncidentAssignment, IncidentDuty, IncidentUpdate
from incidents.queries.clocks import role_since
from incidents.queries.conduct import pauses_of
from incidents.queries.recipients import warned_of_duty, warned_of_response
from incidents.rules.charts import ELAPSED
from incidents.rules.warnings import LATE, next_warning, share_reached

BATCH = 200
INCIDENT = ("customer", "location", "order__edition")


def warn_of_targets(*, now: datetime) -> int:
    """Tell by `now` of every share that was reached, the latest once each; how many warnings.

    Safe to run twice and in many workers at once: who marks the row tells of it.
    """
    incidents = Incident.objects.unanswered().filter(warn_at__lte=now).order_by("warn_at", "pk")
    duties = IncidentDuty.objects.filter(
        met_at=None, warn_at__lte=now, incident__closed_at=None
    ).order_by("warn_at", "pk")
    roles = IncidentAssignment.objects.filter(
        assigned_at=None, warn_at__lte=now, incident__closed_at=None
    ).order_by("warn_at", "pk")
    told = sum(_warn_of_response(pk, now) for pk in _first(incidents))
    told += sum(_warn_of_role(pk, now) for pk in _first(roles))
    return told + sum(_warn_of_duty(pk, now) for pk in _first(duties))


def response_warning_after(incident: Incident, *, told: int = 0) -> datetime | None:
    """When Microsoft's target is looked at next."""
    return next_warning(
        incident.clock,  # type: ignore[arg-type]
        counted_from=incident.clock_from,
        due_at=incident.due_at,
        hours=business_hours(incident.location),
        told=told,
    )


def duty_warning_after(
    incident: Incident, duty: IncidentDuty, *, told: int | None = None
) -> datetime | None:
    """When a duty of the customer is looked at next; never without a time."""
    if duty.asked_at is None or duty.due_at is None:
        return None
    return next_warning(
        duty.clock,  # type: ignore[arg-type]
        counted_from=duty.asked_at,
        due_at=duty.due_at,
        hours=business_hours(incident.location),
        told=duty.told_percent if told is None else told,
        pauses=pauses_of(duty),
    )


def role_warning_after(
    role: IncidentAssignment, *, since: datetime, told: int = 0
) -> datetime | None:
    """When the time to assign a role is looked at next (A-AE4); never without a time."""
    if role.due_at is None:
        return None
    return next_warning(
        ELAPSED,
        counted_from=since,
        due_at=role.due_at,
        hours=business_hours(role.incident.location),
        told=told,
    )


def _first(found: QuerySet[Any]) -> list[int]:
    return list(found.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _warn_of_response(pk: int, now: datetime) -> int:
    rows = Incident.objects.unanswered().select_for_update(of=("self",)).filter(pk=pk)
    incident = rows.select_related(*INCIDENT).first()
    if incident is None:
        return 0
    percent = share_reached(
        incident.clock,  # type: ignore[arg-type]
        counted_from=incident.clock_from,
        due_at=incident.due_at,
        hours=business_hours(incident.location),
        now=now,
    )
    told = max(percent, incident.told_percent)
    marked = Incident.objects.filter(pk=pk, warn_at__lte=now).update(
        told_percent=told, warn_at=response_warning_after(incident, told=told)
    )
    if not marked or percent <= incident.told_percent:
        return 0
    return _told(
        incident,
        "late" if percent == LATE else "near",
        warned_of_response(incident, percent, now),
        percent=percent,
        due_at=incident.due_at,
        now=now,
    )


@transaction.atomic
def _warn_of_duty(pk: int, now: datetime) -> int:
    rows = IncidentDuty.objects.select_for_update(of=("self",)).filter(pk=pk, met_at=None)
    related = (f"incident__{name}" for name in INCIDENT)
    duty = rows.select_related(*related).prefetch_related("pauses").first()
    if duty is None or duty.asked_at is None or duty.due_at is None:
        return 0
    incident = duty.incident
    percent = share_reached(
        duty.clock,  # type: ignore[arg-type]
        counted_from=duty.asked_at,
        due_at=duty.due_at,
        hours=business_hours(incident.location),
        now=now,
        pauses=pauses_of(duty),
    )
    told = max(percent, duty.told_percent)
    marked = IncidentDuty.objects.filter(pk=pk, warn_at__lte=now).update(
        told_percent=told, warn_at=duty_warning_after(incident, duty, told=told)
    )
    if not marked or percent <= duty.told_percent:
        return 0
    return _told(
        incident,
        "duty_late" if percent == LATE else "duty_near",
        warned_of_duty(incident, percent, now),
        percent=percent,
        due_at=duty.due_at,
        now=now,
        duty=duty.code,
    )


@transaction.atomic
def _warn_of_role(pk: int, now: datetime) -> int:
    rows = IncidentAssignment.objects.select_for_update(of=("self",))
    related = (f"incident__{name}" for name in INCIDENT)
    role = rows.filter(pk=pk, assigned_at=None).select_related(*related).first()
    if role is None or role.due_at is None:
        return 0
    incident = role.incident
    since = role_since(incident, role)
    percent = share_reached(
        ELAPSED,
        counted_from=since,
        due_at=role.due_at,
        hours=business_hours(incident.location),
        now=now,
    )
    told = max(percent, role.told_percent)
    marked = IncidentAssignment.objects.filter(pk=pk, warn_at__lte=now).update(
        told_percent=told, warn_at=role_warning_after(role, since=since, told=told)
    )
    if not marked or percent <= role.told_percent:
        return 0
    return _told(
        incident,
        "role_late" if percent == LATE else "role_near",
        warned_of_response(incident, percent, now),
        percent=percent,
        due_at=role.due_at,
        now=now,
        role=role.role,
    )


def _told(
    incident: Incident,
    news: str,
    people: list[User],
    *,
    percent: int,
    due_at: datetime,
    now: datetime,
    duty: str = "",
    role: str = "",
) -> int:
    told = tell_people(
        incident,
        news,
        people,
        now=now,
        offset=":".join(part for part in (duty, role, due_at.isoformat(), str(percent)) if part),
        percent=percent,
        due_at=due_at,
        duty=duty,
        role=role,
    )
    IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=IncidentUpdate.Kind.WARNED,
        data={
            "percent": percent,
            "people": [person.name for person in told],
            "duty": duty,
            "role": role,
        },
    )
    return 1
