"""Write down a target that passed unmet: a fact that no later change takes back."""

from datetime import datetime

from incidents.models import Incident, IncidentDuty, MissedTarget
from incidents.queries.clocks import RESPONSE, response_clauses

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
