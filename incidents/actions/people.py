"""The people and duties that an incident brings along; those of all candidates add up."""

from incidents.actions.warnings import role_warning_after
from incidents.models import Incident, IncidentAssignment, IncidentDuty
from incidents.queries.resolutions import Resolved
from incidents.rules.charts import Assigned
from incidents.rules.clock import resource_due


def set_roles(incident: Incident, resolved: Resolved) -> list[str]:
    """Add the roles that aren't assigned yet; their codes. Nobody is taken off again."""
    known = set(incident.assignments.values_list("role", flat=True))
    added = [role for role in resolved.roles if role.role not in known]
    for role in added:
        wanted = Assigned(role.role, role.automatic, role.within_minutes, role.clauses)
        due = resource_due(wanted, submitted_at=resolved.counted_from)
        row = IncidentAssignment(
            incident=incident,
            role=role.role,
            chart_code=role.chart,
            automatic=role.automatic,
            due_at=due.result if due else None,
            clauses=list(role.clauses),
        )
        row.warn_at = role_warning_after(row, since=resolved.counted_from)
        row.save()
    return [role.role for role in added]


def set_duties(incident: Incident, resolved: Resolved) -> None:
    """The customer's duties at the severity; those asked for or met already stay."""
    wanted = {duty.code: duty for duty in resolved.resolution.duties}
    standing = IncidentDuty.objects.filter(incident=incident)
    standing.filter(asked_at=None, met_at=None).exclude(code__in=wanted).delete()
    known = set(standing.values_list("code", flat=True))
    for code, duty in wanted.items():
        if code not in known:
            IncidentDuty.objects.create(
                incident=incident,
                code=code,
                minutes=duty.minutes,
                clock=duty.clock if duty.minutes is not None else "",
                clauses=list(duty.clauses),
            )
