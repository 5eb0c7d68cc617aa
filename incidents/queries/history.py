"""A customer's incidents looked back on: volume, response against target, duties kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Customer
from incidents.models import Incident
from incidents.models.incidents import IncidentQuerySet
from incidents.queries.clocks import RESPONSE
from incidents.rules.charts import SEVERITIES


@dataclass(slots=True)
class Kept:
    """How often a time was kept: decided ones alone count towards the share."""

    met: int = 0
    missed: int = 0
    pending: int = 0

    @property
    def decided(self) -> int:
        """Met or missed."""
        return self.met + self.missed

    @property
    def percent(self) -> int | None:
        """The share that was kept, cut off to a whole percent; None while nothing is decided."""
        return 100 * self.met // self.decided if self.decided else None


@dataclass(slots=True)
class SeverityRow:
    """One severity: how many, and Microsoft's response against the target."""

    severity: str
    opened: int = 0
    response: Kept = field(default_factory=Kept)
    minutes: list[int] = field(default_factory=list)

    @property
    def median_minutes(self) -> int | None:
        """Half of the responses came within so many minutes on the wall; the lower of two."""
        ordered = sorted(self.minutes)
        return ordered[(len(ordered) - 1) // 2] if ordered else None


@dataclass(slots=True)
class ProductRow:
    """One product: how many, by severity in the order of the charts."""

    label: str
    by_severity: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All severities."""
        return sum(self.by_severity.values())

    @property
    def counts(self) -> list[int]:
        """Severity by severity."""
        return [self.by_severity[one] for one in SEVERITIES]


@dataclass(slots=True)
class History:
    """A customer's incidents of a period."""

    severities: list[SeverityRow]
    products: list[ProductRow]
    duties: dict[str, Kept]

    @property
    def total(self) -> int:
        """How many were opened."""
        return sum(row.opened for row in self.severities)

    @property
    def response(self) -> Kept:
        """Microsoft's response over all severities."""
        rows = self.severities
        return Kept(
            sum(row.response.met for row in rows),
            sum(row.response.missed for row in rows),
            sum(row.response.pending for row in rows),
        )

    @property
    def duty(self) -> Kept:
        """The customer's duties with a time of their own, all together."""
        rows = self.duties.values()
        return Kept(
            sum(row.met for row in rows),
            sum(row.missed for row in rows),
            sum(row.pending for row in rows),
        )


def history_of(
    visible: IncidentQuerySet,
    customer: Customer,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> History:
    """The incidents submitted in [since, until) among the `visible` ones, in four queries.

    Counted by the severity at which they were opened. A target missed once is missed,
    whatever followed; a duty counts from Microsoft's request.
    """
    found = (
        visible.filter(customer=customer, submitted_at__gte=since, submitted_at__lt=until)
        .select_related("component")
        .prefetch_related("duties", "missed_targets")
    )
    severities = {one: SeverityRow(one) for one in SEVERITIES}
    products: dict[int, ProductRow] = {}
    duties: defaultdict[str, Kept] = defaultdict(Kept)
    for incident in found:
        row = severities[incident.opened_severity]
        row.opened += 1
        _count(row.response, _response(incident, now))
        if incident.first_response_at is not None:
            waited = incident.first_response_at - incident.submitted_at
            row.minutes.append(int(waited.total_seconds() // 60))
        product = products.setdefault(incident.component_id, ProductRow(incident.component.label))
        product.by_severity[incident.opened_severity] += 1
        for code, kept in _duties(incident, now):
            _count(duties[code], kept)
    by_volume = sorted(products.values(), key=lambda one: (-one.total, one.label))
    return History(list(severities.values()), by_volume, dict(sorted(duties.items())))


def _response(incident: Incident, now: datetime) -> bool | None:
    """Met, missed, or None while it is open whether."""
    if any(one.code == RESPONSE for one in incident.missed_targets.all()):
        return False
    until = incident.first_response_at or incident.closed_at or now
    if until > incident.due_at:
        return False
    return True if incident.first_response_at is not None else None


def _duties(incident: Incident, now: datetime) -> Iterable[tuple[str, bool | None]]:
    """The duties that were asked for and have a time."""
    missed = {one.code for one in incident.missed_targets.all()}
    for duty in incident.duties.all():
        if duty.due_at is None:
            continue
        if duty.code in missed:
            yield duty.code, False
        elif duty.met_at is not None:
            yield duty.code, True
        else:
            late = (incident.closed_at or now) > duty.due_at
            yield duty.code, False if late else None


def _count(kept: Kept, met: bool | None) -> None:
    if met is None:
        kept.pending += 1
    elif met:
        kept.met += 1
    else:
        kept.missed += 1
