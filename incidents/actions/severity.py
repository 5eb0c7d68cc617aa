"""Change of severity: the customer asks, Microsoft assigns."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.actions.checks import require_acting_person, written
from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.actions.checks import take
from incidents.actions.misses import note_missed_response
from incidents.actions.news import tell_account_managers
from incidents.actions.people import set_duties, set_roles
from incidents.models import Chart, Incident, IncidentUpdate, Severity
from incidents.queries.resolutions import NEAR_PERCENT, Resolved, resolve_submission
from incidents.queries.situations import submission_of
from incidents.rules.clock import share_instant, target_after_change
from incidents.rules.opening import severity_change_applies
from incidents.rules.warnings import next_warning

Kind = IncidentUpdate.Kind


@transaction.atomic
def change_severity(
    *,
    incident: Incident,
    to: str,
    reason: str,
    by: User,
    now: datetime,
    version: int | None = None,
) -> IncidentUpdate:
    """Ask for another severity, or assign it when staff act for Microsoft (2.3-RE11).

    An asked change is pending until staff change or keep it. An assigned one takes effect
    at once: people and duties of the new severity join, and before the first response the
    target follows 0-C15. What was resolved before stays in the update.
    """
    require_acting_person(by)
    current = take(incident, version=version)
    words = written(reason, field="reason", limit=2_000, required=True)
    if Severity(to) == current.severity:
        raise Refused("severity_unchanged", clause="2.3-RE12", field="severity", severity=to)
    party = "microsoft" if by.manages_agreements else "customer"
    if not severity_change_applies(party, is_open=True):  # type: ignore[arg-type]
        return _asked(current, to, words, by=by, now=now)
    return _assigned(current, to, words, by=by, now=now)


def _asked(incident: Incident, to: str, reason: str, *, by: User, now: datetime) -> IncidentUpdate:
    update = IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=Kind.SEVERITY_ASKED,
        by=by,
        author=by.name,
        text=reason,
        data={"from": incident.severity, "to": to},
        clauses=["2.3-RE11", "2.3-RE12"],
    )
    tell_account_managers(
        incident, "severity_asked", by=by, now=now, offset=str(update.pk), to=to, reason=reason
    )
    return update


def _assigned(
    incident: Incident, to: str, reason: str, *, by: User, now: datetime
) -> IncidentUpdate:
    resolved = resolve_submission(submission_of(incident, severity=to), counted_from=now)
    if resolved is None:
        raise Refused("base_required", clause="2.1-B1")
    before = {
        "from": incident.severity,
        "to": to,
        "old_due": incident.due_at.isoformat(),
        "old_resolution": incident.resolution,
        "old_explained": incident.explained,
    }
    if incident.first_response_at is None:
        note_missed_response(incident, until=now, now=now)
    changes = {"severity": to, **_target(incident, resolved, to=to, now=now)}
    changed = Incident.objects.filter(pk=incident.pk, version=incident.version).update(
        **changes, version=F("version") + 1
    )
    if not changed:
        raise Refused("stale_edit", field="version")
    added = set_roles(incident, resolved)
    set_duties(incident, resolved)
    due_at = changes.get("due_at", incident.due_at)
    update = IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=Kind.SEVERITY,
        by=by,
        author=by.name,
        text=reason,
        data={**before, "new_due": due_at.isoformat(), "roles": added},
        clauses=["2.3-RE12", "0-C15"],
    )
    tell_account_managers(
        incident,
        "severity",
        by=by,
        now=now,
        offset=str(update.pk),
        to=to,
        reason=reason,
        due_at=due_at,
    )
    return update


def _target(incident: Incident, resolved: Resolved, *, to: str, now: datetime) -> dict[str, Any]:
    """The columns of the new target; without first response alone there is a new one."""
    resolution = resolved.as_data()
    due = target_after_change(
        incident.due_at,
        resolved.resolution.target,
        resolved.resolution.clock,
        old_severity=incident.severity,
        new_severity=to,
        changed_at=now,
        first_response_at=incident.first_response_at,
        hours=resolved.hours,
    )
    if due is None or due.result != resolved.due.result:
        # The earlier target stands (or was answered already); the new row governs the rest.
        kept = {"resolution": {**resolution, "set_by": _setter(incident)}}
        return kept if due is None else {**kept, "explained": due.as_data()}
    return {
        "resolution": resolution,
        "explained": due.as_data(),
        "chart": Chart.objects.get(
            edition=incident.order.edition_id, code=resolved.resolution.chart
        ),
        "target_minutes": resolved.resolution.minutes,
        "clock": resolved.resolution.clock,
        "clock_from": now,
        "told_percent": 0,
        "warn_at": next_warning(
            resolved.resolution.clock,
            counted_from=now,
            due_at=due.result,
            hours=resolved.hours,
            told=0,
        ),
        "due_at": due.result,
        "near_at": share_instant(
            resolved.resolution.clock,
            NEAR_PERCENT,
            counted_from=now,
            due_at=due.result,
            hours=resolved.hours,
        ),
    }


def _setter(incident: Incident) -> dict[str, Any]:
    """The row that set the target which stands."""
    earlier: dict[str, Any] | None = incident.resolution.get("set_by")
    if earlier:
        return earlier
    resolution = incident.resolution
    winner = next(line for line in resolution["table"] if line["outcome"] == "wins")
    return {
        "chart": resolution["chart"],
        "severity": resolution["severity"],
        "minutes": resolution["minutes"],
        "clock": resolution["clock"],
        "due_at": winner["due_at"],
        "clauses": winner["clauses"],
    }
