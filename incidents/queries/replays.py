"""Last year's incidents of a customer under programmes that its work order doesn't hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Prefetch

from accounts.models import Customer
from incidents.models import Incident, IncidentUpdate
from incidents.queries.charts import charts_of, components_of
from incidents.rules.candidacy import Situation
from incidents.rules.replay import Replayed, replay

if TYPE_CHECKING:
    from accounts.models import User

YEAR = timedelta(days=365)
# An event's chart holds on its days alone, the base chart always.
NOT_OFFERED = frozenset({"azure_event", "base"})


@dataclass(frozen=True, slots=True)
class Replay:
    """One incident: the target that held when it was opened, and what others would have been."""

    incident: Incident
    severity: str
    minutes: int
    held: frozenset[str]
    answered_after: timedelta | None
    replayed: tuple[Replayed, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A programme over all incidents.

    `kept` of the `changed` ones were answered within the tighter target as it is;
    `by_portal` more would have changed, had they been submitted in the portal. `held`
    counts incidents at which the programme was in force already.
    """

    chart: str
    changed: int
    saved: int
    kept: int
    by_portal: int
    held: int


@dataclass(frozen=True, slots=True)
class Year:
    """The incidents of a year, the latest first, and every option, the best first."""

    since: datetime
    until: datetime
    rows: tuple[Replay, ...]
    options: tuple[Option, ...]


def replay_year(customer: Customer, *, viewer: "User", now: datetime) -> Year:
    """What `viewer` may see of the customer's year up to `now`; a fixed number of queries.

    Targets are those as opened: a later change of severity is another target. Nothing that
    is kept with an incident changes.
    """
    changes = IncidentUpdate.objects.filter(kind=IncidentUpdate.Kind.SEVERITY).order_by("at", "pk")
    incidents = (
        Incident.objects.visible_to(viewer)
        .filter(customer=customer, submitted_at__gt=now - YEAR, submitted_at__lte=now)
        .select_related("component", "cloud", "location", "order__edition")
        .prefetch_related(Prefetch("updates", changes, to_attr="changes"))
        .order_by("-submitted_at", "-pk")
    )
    rows = tuple(_replay(incident) for incident in incidents)
    return Year(now - YEAR, now, rows, tuple(sorted(_options(rows), key=_worth)))


def _replay(incident: Incident) -> Replay:
    edition = incident.order.edition
    charts, catalogue = charts_of(edition), components_of(edition)
    resolution = _as_opened(incident)
    situation = Situation(
        severity=incident.opened_severity,
        component=catalogue.find(incident.component.name),
        programmes={},
        channel=incident.channel,  # type: ignore[arg-type]
        description=f"{incident.title}\n{incident.description}",
        cloud=catalogue.find(incident.cloud.name) if incident.cloud else None,
    )
    held = frozenset(
        line["chart"]
        for line in resolution["table"]
        if line.get("reason") not in {"not_held", "not_in_force"}
    )
    answered = incident.first_response_at
    minutes: int = resolution["minutes"]
    return Replay(
        incident=incident,
        severity=incident.opened_severity,
        minutes=minutes,
        held=held,
        answered_after=answered - incident.submitted_at if answered else None,
        replayed=tuple(
            replay(charts, situation, chart=chart.code, baseline=minutes)
            for chart in charts
            if chart.code not in NOT_OFFERED
        ),
    )


def _as_opened(incident: Incident) -> Mapping[str, Any]:
    """The charts as they were compared when it was opened."""
    changes = cast(list[IncidentUpdate], incident.changes)  # type: ignore[attr-defined]
    first = next(iter(changes), None)
    kept: Mapping[str, Any] | None = first.data.get("old_resolution") if first else None
    return kept or cast(Mapping[str, Any], incident.resolution)


def _options(rows: Iterable[Replay]) -> Iterator[Option]:
    found: dict[str, list[tuple[Replay, Replayed]]] = {}
    for row in rows:
        for one in row.replayed:
            found.setdefault(one.chart, []).append((row, one))
    for chart, pairs in found.items():
        changed = [(row, one) for row, one in pairs if one.is_changed]
        yield Option(
            chart=chart,
            changed=len(changed),
            saved=sum(one.saved for _row, one in changed),
            kept=sum(_is_kept(row, one) for row, one in changed),
            by_portal=sum(one.by_portal is not None for _row, one in pairs),
            held=sum(chart in row.held for row, _one in pairs),
        )


def _is_kept(row: Replay, one: Replayed) -> bool:
    """Targets that change run around the clock, so elapsed minutes tell (0-C7, 0-C8)."""
    return row.answered_after is not None and row.answered_after <= timedelta(minutes=one.minutes)


def _worth(option: Option) -> tuple[int, int, str]:
    return -option.saved, -option.by_portal, option.chart
