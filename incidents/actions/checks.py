"""What every write of an incident asks first: does it still stand."""

from datetime import datetime
from typing import TypeVar

from django.db import models

from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.models import Incident, IncidentDuty

Row = TypeVar("Row", bound=models.Model)


def take(incident: Incident, *, version: int | None = None) -> Incident:
    """The open incident, kept until the transaction ends.

    Refused when it is closed, or when `version` isn't the one that it has now.
    """
    locked = Incident.objects.select_for_update(of=("self",)).filter(pk=incident.pk)
    list(locked.values_list("pk"))
    current = reread(incident)
    if current.closed_at is not None:
        raise Refused("incident_closed", clause="2.3-RE12", at=current.closed_at)
    if version is not None and version != current.version:
        raise Refused("stale_edit", field="version", yours=version, current=current.version)
    return current


def reread(incident: Incident) -> Incident:
    """The incident as it stands, with all that its acts need."""
    return Incident.objects.select_related(
        "customer", "location", "contact", "component", "cloud", "chart", "order__edition"
    ).get(pk=incident.pk)


def moment(at: datetime | None, *, incident: Incident, now: datetime) -> datetime:
    """When something happened: not before submission, not in the future; `now` by default."""
    if at is None:
        return now
    if at.tzinfo is None:
        raise ValueError("an instant without an offset")
    if at > now:
        raise Refused("in_the_future", field="at", at=at, now=now)
    if at < incident.submitted_at:
        raise Refused("before_submission", field="at", submitted_at=incident.submitted_at)
    return at


def duty_again(incident: Incident, duty: IncidentDuty) -> IncidentDuty:
    """The duty as it stands, with its pauses."""
    if duty.incident_id != incident.pk:
        raise ValueError("the duty belongs to another incident")
    return IncidentDuty.objects.prefetch_related("pauses").get(pk=duty.pk)


def key_of(by: User, idempotency_key: str) -> str | None:
    """Under what an act is written once; everybody's keys are their own."""
    return f"{by.pk}:{idempotency_key}" if idempotency_key else None


def written_under(key: str | None, model: type[Row]) -> Row | None:
    """What was written under this key before."""
    return model._default_manager.filter(submission_key=key).first() if key else None
