"""What a customer has in force at a moment: the base agreement, programmes, their scopes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Customer, Location
from accounts.rules.calendar_days import local_date
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import OfferingFacts
from workorders.models import WorkOrder, WorkOrderLine
from workorders.models.orders import Funding
from workorders.queries.agreement import MCSAP, base_order
from workorders.queries.locations import support_locations, zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.locations import SupportLocation, coverage
from workorders.rules.mcsap import mcsap_gate
from workorders.rules.term import Period, ServiceState, effective_end, service_state


@dataclass(frozen=True, slots=True)
class ScopeFact:
    """What a line covers: a product, subscription, tenant or solution."""

    kind: str
    identifier: str
    affiliate: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A line of an executed order, with what incidents ask about it.

    `in_force` are its days, both included; `state` is that of the moment asked for.
    `gate_open`: the intake document of MCSAP is complete (2.4-AP11); True for all else.
    `bought_at` are the locations it is allocated to.
    """

    code: str
    facts: OfferingFacts
    order: WorkOrder
    line: WorkOrderLine
    in_force: Period
    state: ServiceState
    gate_open: bool
    bought_at: tuple[Location, ...]
    scopes: tuple[ScopeFact, ...]

    @property
    def intake_completed_at(self) -> datetime | None:
        """When the MCSAP intake document was complete."""
        return self.line.intake_completed_at


def order_in_force(customer: Customer, on: date) -> WorkOrder | None:
    """The order whose base package is in force on a day, the latest to begin.

    Where no order sells a base package, any order in force.
    """
    base = base_order(customer, on)
    if base is not None:
        return base
    covering = WorkOrder.objects.executed().filter(
        amends=None, customer=customer, starts_on__lte=on, ends_on__gte=on
    )
    return next((one for one in covering if on <= last_day_of(one)), None)


def programmes_of(
    customer: Customer, *, location: Location | None, instant: datetime
) -> list[Programme]:
    """Every line of the customer's executed orders that serves `location`, in force or not.

    A day counts at the host location (0-C13). The queries grow with the orders alone.
    """
    zone = zone_of(customer)
    on = local_date(instant, zone)
    orders = list(
        WorkOrder.objects.executed()
        .filter(customer=customer, executed_at__lte=instant)
        .select_related("edition", "customer")
        .prefetch_related(
            "order_locations__location",
            "lines__offering__limits",
            "lines__allocations__location",
            "lines__scopes",
        )
        .order_by("-starts_on", "-pk")
    )
    bases = [Period(one.starts_on, last_day_of(one)) for one in orders if _sells_base(one)]
    found: list[Programme] = []
    for order in orders:
        found.extend(_programmes(order, bases, on=on, instant=instant, zone=zone, at=location))
    return found


def programmes_in_force(
    customer: Customer, location: Location | None, instant: datetime
) -> list[Programme]:
    """Those in force at an instant; MCSAP without base cover is told as suspended."""
    return [
        one
        for one in programmes_of(customer, location=location, instant=instant)
        if one.state in {"active", "suspended"}
    ]


def _programmes(
    order: WorkOrder,
    bases: list[Period],
    *,
    on: date,
    instant: datetime,
    zone: str,
    at: Location | None,
) -> Iterator[Programme]:
    listed = [row.location for row in order.order_locations.all()]
    places = support_locations(order, listed)
    base = _base_of(order, bases)
    for line in order.lines.all():
        facts = facts_of(line.offering)
        bought_at = tuple(share.location for share in line.allocations.all()) or tuple(listed)
        if at is not None and not _serves(facts, bought_at, places, at):
            continue
        own = Period(line.starts_on or order.starts_on, line.ends_on)
        end = effective_end(facts, own_end=line.ends_on, base_end=base.last or order.ends_on)
        yield Programme(
            code=line.offering.code,
            facts=facts,
            order=order,
            line=line,
            in_force=Period(own.first, end.result),
            state=service_state(
                facts, on=on, own=own, base=base, renewals=[b for b in bases if b != base]
            ),
            gate_open=_gate_open(facts, order, line, instant, zone),
            bought_at=bought_at,
            scopes=tuple(
                ScopeFact(scope.kind, scope.identifier, scope.affiliate)
                for scope in line.scopes.all()
            ),
        )


def _sells_base(order: WorkOrder) -> bool:
    included = any(line.funding == Funding.INCLUDED for line in order.lines.all())
    return included or order.base_price_minor > 0


def _base_of(order: WorkOrder, bases: list[Period]) -> Period:
    """The agreement under which the order's services exist: its own, or the one it began in."""
    own = Period(order.starts_on, last_day_of(order))
    if _sells_base(order):
        return own
    other = next((one for one in bases if order.starts_on in one), own)
    last = min(own.last or order.ends_on, other.last or order.ends_on)
    return Period(order.starts_on, last)


def _serves(
    facts: OfferingFacts,
    bought_at: tuple[Location, ...],
    places: dict[int, SupportLocation],
    at: Location,
) -> bool:
    there = coverage(
        facts,
        bought_at=[places[place.pk] for place in bought_at],
        incident_location=places[at.pk],
    )
    return there is not None


def _gate_open(
    facts: OfferingFacts, order: WorkOrder, line: WorkOrderLine, instant: datetime, zone: str
) -> bool:
    is_mcsap = facts.code == MCSAP or MCSAP in facts.includes
    if not is_mcsap or order.executed_at is None:
        return True
    return mcsap_gate(
        terms_of(order.edition).mcsap,
        executed_on=local_date(order.executed_at, zone),
        intake_completed_at=line.intake_completed_at,
        at=instant,
        zone=zone,
    ).open


def intake_in_time(line: WorkOrderLine | None, now: datetime) -> bool:
    """Whether the MCSAP intake document of an executed line was complete in time (2.4-AP10)."""
    if line is None or line.order.executed_at is None:
        return False
    zone = zone_of(line.order.customer)
    gate = mcsap_gate(
        terms_of(line.order.edition).mcsap,
        executed_on=local_date(line.order.executed_at, zone),
        intake_completed_at=line.intake_completed_at,
        at=now,
        zone=zone,
    )
    return bool(gate.intake_on_time)
