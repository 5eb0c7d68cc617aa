"""The same act on several incidents, each by itself; a person's own views of the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from accounts.actions.checks import written
from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.actions.progress import add_update, close_incident
from incidents.models import Incident, SavedView

FILTERS = ("q", "customer", "location", "severity", "state")
MOST_VIEWS = 30
# How many incidents one answer speaks of.
MOST = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several incidents."""

    incident: Incident
    refusal: Refused | None


def update_several(
    *,
    incidents: Iterable[Incident],
    act: str,
    text: str,
    by: User,
    now: datetime,
    idempotency_key: str = "",
) -> list[Outcome]:
    """Add a note to each, or close each; one that is refused leaves the others alone."""
    return [
        Outcome(one, _refusal(one, act, text, by=by, now=now, key=idempotency_key))
        for one in incidents
    ]


def _refusal(
    incident: Incident, act: str, text: str, *, by: User, now: datetime, key: str
) -> Refused | None:
    try:
        if act == "close":
            close_incident(incident=incident, text=text, by=by, now=now)
        else:
            add_update(
                incident=incident,
                channel="portal",
                text=text,
                by=by,
                now=now,
                idempotency_key=f"{key}:{incident.pk}" if key else "",
            )
    except Refused as refusal:
        return refusal
    return None


@transaction.atomic
def save_view(*, name: str, query: str, by: User) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them."""
    words = written(name, field="name", limit=60, required=True)
    kept = [(key, value) for key, value in parse_qsl(query) if key in FILTERS]
    if by.incident_views.exclude(name=words).count() >= MOST_VIEWS:
        raise Refused("too_many_views", field="name", most=MOST_VIEWS)
    view, _new = SavedView.objects.update_or_create(
        owner=by, name=words, defaults={"query": urlencode(kept)[:500]}
    )
    return view


def delete_view(*, view: SavedView, by: User) -> None:
    """Forget a view; only its owner may."""
    if view.owner_id != by.pk:
        raise ValueError("a view belongs to its owner")
    view.delete()
