"""Open an incident: resolve its chart, set its target, its people and its duties."""

import uuid
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from accounts.models import Contact, Customer, Location, User
from accounts.rules.refusal import Refused
from incidents.actions.checks import key_of, written_under
from incidents.actions.news import tell_account_managers
from incidents.actions.people import set_duties, set_roles
from incidents.actions.warnings import response_warning_after
from incidents.models import Chart, Component, Incident, IncidentUpdate
from incidents.queries.objections import objections
from incidents.queries.resolutions import Resolved, resolve_submission
from incidents.queries.situations import Submission, agreement_of
from workorders.actions.orders import override_refusal


class Details(TypedDict, total=False):
    """What an incident may say beyond what its target depends on."""

    component_detail: str
    cloud: Component | None
    scope_identifier: str
    production: bool
    isolated: bool
    designated_wanted: bool


@transaction.atomic
def open_incident(
    *,
    customer: Customer,
    location: Location,
    component: Component,
    severity: str,
    title: str,
    description: str,
    impact: str,
    channel: str,
    by: User,
    now: datetime,
    contact: Contact | None = None,
    submitted_at: datetime | None = None,
    override_reason: str = "",
    idempotency_key: str = "",
    **details: Unpack[Details],
) -> Incident:
    """Write down a request for problem resolution with its target, people and duties.

    Refused for the first of `objections`; what is overridable staff may open with a
    written `override_reason`, which is kept (0-C17). The chart, minutes, clock and due
    instant are those of the preview, stored with their explanation. The same
    `idempotency_key` again answers with the incident of that time.
    """
    key = key_of(by, idempotency_key)
    earlier = written_under(key, Incident)
    if earlier is not None:
        return earlier
    submission = Submission(
        customer=customer,
        location=location,
        contact=contact,
        component=component,
        severity=severity,
        channel=channel,
        submitted_at=submitted_at or now,
        title=title.strip(),
        description=description.strip(),
        impact=impact.strip(),
        **details,
    )
    agreement = agreement_of(submission)
    overridden = _refuse(
        objections(submission, agreement, by=by, now=now), by=by, reason=override_reason
    )
    resolved = resolve_submission(submission, agreement)
    if resolved is None:
        raise ValueError("objections let a submission pass that has no agreement")
    try:
        with transaction.atomic():
            incident = _written_down(resolved, by=by, key=key)
    except IntegrityError:
        winner = written_under(key, Incident)
        if winner is None:
            raise
        return winner
    set_roles(incident, resolved)
    set_duties(incident, resolved)
    _first_update(incident, by=by, now=now)
    if overridden is not None:
        override_refusal(
            customer=customer,
            subject_key=f"incident:{incident.pk}",
            code=overridden.code,
            reason=override_reason,
            by=by,
            now=now,
        )
    tell_account_managers(incident, "opened", by=by, now=now)
    return incident


def _refuse(found: list[Refused], *, by: User, reason: str) -> Refused | None:
    """Raise the first refusal that stands; the one that staff overrode."""
    overridden = None
    for refusal in found:
        if not (refusal.overridable and by.manages_agreements and reason.strip()):
            raise refusal
        overridden = refusal
    return overridden


def _written_down(resolved: Resolved, *, by: User, key: str | None) -> Incident:
    submission, order = resolved.submission, resolved.agreement.order
    incident = Incident.objects.create(
        # Taken until the primary key is known; the number is made of it.
        number=uuid.uuid4().hex[:20],
        customer=submission.customer,
        order=order,
        location=submission.location,
        contact=submission.contact,
        component=submission.component,
        component_detail=submission.component_detail.strip(),
        cloud=submission.cloud,
        scope_identifier=submission.scope_identifier.strip(),
        title=submission.title,
        description=submission.description,
        impact=submission.impact,
        production=submission.production,
        isolated=submission.isolated,
        designated_wanted=submission.designated_wanted,
        channel=submission.channel,
        severity=submission.severity,
        opened_severity=submission.severity,
        submitted_at=submission.submitted_at,
        opened_by=by,
        chart=Chart.objects.get(edition=order.edition_id, code=resolved.resolution.chart),
        target_minutes=resolved.resolution.minutes,
        clock=resolved.resolution.clock,
        clock_from=resolved.counted_from,
        due_at=resolved.due.result,
        near_at=resolved.near_at,
        resolution=resolved.as_data(),
        explained=resolved.due.as_data(),
        submission_key=key,
    )
    incident.number = f"INC-{incident.pk:05d}"
    incident.warn_at = response_warning_after(incident)
    incident.save(update_fields=["number", "warn_at"])
    return incident


def _first_update(incident: Incident, *, by: User, now: datetime) -> None:
    IncidentUpdate.objects.create(
        incident=incident,
        at=incident.submitted_at,
        kind=IncidentUpdate.Kind.OPENED,
        channel=incident.channel,
        by=by,
        author=incident.contact.name if incident.contact else "",
        data={"severity": incident.severity, "logged_at": now.isoformat()},
        clauses=["2.3-RE11"],
    )
