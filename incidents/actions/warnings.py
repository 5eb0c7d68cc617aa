"""Tell the CSAMs of targets that come close or have passed without a first response."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from incidents.actions.news import tell_account_managers
from incidents.models import Incident, IncidentUpdate
from incidents.queries.resolutions import NEAR_PERCENT

LATE = 100
BATCH = 200


def warn_of_targets(*, now: datetime) -> int:
    """Write what CSAMs have to know by `now`, once for each target; how many incidents.

    Safe to run twice and in many workers at once: who marks the incident tells of it.
    """
    near = Q(near_at__lte=now, told_percent__lt=NEAR_PERCENT)
    late = Q(due_at__lt=now, told_percent__lt=LATE)
    found = Incident.objects.unanswered().filter(near | late).order_by("due_at", "pk")
    return sum(_warn(pk, now) for pk in list(found.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _warn(pk: int, now: datetime) -> int:
    rows = Incident.objects.unanswered().select_for_update(of=("self",)).filter(pk=pk)
    incident = rows.select_related("customer", "location").first()
    if incident is None:
        return 0
    percent = LATE if incident.due_at < now else NEAR_PERCENT
    marked = Incident.objects.filter(pk=pk, told_percent__lt=percent).update(told_percent=percent)
    if not marked:
        return 0
    told = tell_account_managers(
        incident,
        "late" if percent == LATE else "near",
        now=now,
        offset=incident.due_at.isoformat(),
    )
    IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=IncidentUpdate.Kind.WARNED,
        data={"percent": percent, "people": [person.name for person in told]},
    )
    return 1
