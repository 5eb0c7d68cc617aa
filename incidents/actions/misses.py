"""Write down a target that passed unmet: a fact that no later change takes back."""

from datetime import datetime

from incidents.models import Clock, Incident, IncidentAssignment, IncidentDuty, MissedTarget
from incidents.queries.clocks import RESPONSE, response_clauses, role_since

Side = MissedTarget.Side


def note_missed_response(incident: Incident, *, until: datetime, now: datetime) -> None:
    """Keep it if nobody had responded when `until` came, and that was past the target."""
    if until <= incident.due_at:
        return
    MissedTarget.objects.get_or_create(
        incident=incident,
        code=RESPONSE,
        due_at=incident.due_at,
        defaults={
            "side": Side.MICROSOFT,
            "severity": incident.severity,
            "clock": incident.clock,
            "since": incident.clock_from,
            "noted_at": max(now, until),
            "clauses": list(response_clauses(incident)),
        },
    )


def note_missed_duty(
    incident: Incident, duty: IncidentDuty, *, until: datetime, now: datetime
) -> None:
    """Keep it if the duty stood unmet past its time when `until` came."""
    if duty.due_at is None or duty.asked_at is None or until <= duty.due_at:
        return
    MissedTarget.objects.get_or_create(
        incident=incident,
        code=duty.code,
        due_at=duty.due_at,
        defaults={
            "side": Side.CUSTOMER,
            "severity": incident.severity,
            "clock": duty.clock,
            "since": duty.asked_at,
            "noted_at": max(now, until),
            "clauses": duty.clauses,
        },
    )


def note_missed_role(
    incident: Incident, role: IncidentAssignment, *, until: datetime, now: datetime
) -> None:
    """Keep it if nobody was assigned by the time that the chart prints (A-AE4)."""
    if role.due_at is None or until <= role.due_at:
        return
    MissedTarget.objects.get_or_create(
        incident=incident,
        code=role.role,
        due_at=role.due_at,
        defaults={
            "side": Side.MICROSOFT,
            "severity": incident.severity,
            "clock": Clock.ELAPSED,
            "since": role_since(incident, role),
            "noted_at": max(now, until),
            "clauses": role.clauses,
        },
    )
