"""What every write of an incident asks first: may this person, does it still stand."""

from datetime import datetime

from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.models import Incident, IncidentDuty


def require_acting_person(by: User) -> None:
    """Everybody with customers but the viewer."""
    if not by.may_act_for_customer:
        raise Refused("not_allowed", role=by.role)


def require_account_manager(by: User) -> None:
    """What Microsoft did is recorded by CSAMs and their leads."""
    if not by.manages_agreements:
        raise Refused("not_allowed", role=by.role)


def written(text: str, *, field: str, limit: int, required: bool = False) -> str:
    """`text` without blanks around it; refused when it is missing or too long."""
    words = text.strip()
    if required and not words:
        raise Refused("reason_required", field=field)
    if len(words) > limit:
        raise Refused("too_long", field=field, limit=limit)
    return words


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
