"""A work order with everything that its rules ask about, read once for all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain

from django.db.models import Exists, OuterRef, Q

from accounts.models import Customer, Location
from accounts.rules.calendar_days import ContractYear
from accounts.rules.money import Money
from services.catalog.models import Availability, Offering
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import OfferingFacts
from services.catalog.rules.terms import Terms
from workorders.models import (
    FlexYear,
    LineAllocation,
    LineScope,
    OrderLocation,
    Override,
    SpendTier,
    WorkOrder,
    WorkOrderLine,
)
from workorders.models.orders import Funding, WorkOrderQuerySet
from workorders.queries.locations import host_of, is_own_order, support_locations
from workorders.queries.terms import last_day_of, years_of
from workorders.rules.flex import FlexUse
from workorders.rules.locations import SupportLocation
from workorders.rules.term import Period

MCSAP = "mcsap"
UER = "unified-enhanced-response"


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """A line as it would be: saved, changed or new, with its shares and scopes."""

    line: WorkOrderLine
    allocations: tuple[tuple[Location, int], ...] = ()
    scopes: tuple[LineScope, ...] = ()
    tiers: tuple[SpendTier, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line with the facts of its offering.

    `taken_above` is what the lines above take of the same year's allowance, capped and
    other uses each in one sum; `bought_above` how much of the same offering they put at
    a location, by its key.
    """

    line: WorkOrderLine
    facts: OfferingFacts
    allocations: tuple[tuple[Location, int], ...]
    scopes: tuple[LineScope, ...]
    tiers: tuple[SpendTier, ...] = ()
    taken_above: tuple[FlexUse, ...] = ()
    bought_above: Mapping[int, int] = field(default_factory=dict)

    @property
    def quantity(self) -> int:
        """Units at all locations together."""
        return sum(quantity for _location, quantity in self.allocations)

    @property
    def is_mcsap(self) -> bool:
        """MCSAP, or Plus, which includes it."""
        return self.facts.code == MCSAP or MCSAP in self.facts.includes

    @property
    def is_mcsap_plus(self) -> bool:
        """Sold as Plus."""
        return MCSAP in self.facts.includes

    @property
    def is_uer(self) -> bool:
        """Unified enhanced response."""
        return self.facts.code == UER

    @property
    def price_minor(self) -> int:
        """Of the whole line."""
        return self.line.price_minor

    def scopes_of(self, kind: str) -> list[LineScope]:
        """The scopes of one kind that count."""
        return [scope for scope in self.scopes if scope.kind == kind]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the rules need to know of an order, as it would be executed on a day."""

    order: WorkOrder
    on: date
    zone: str
    terms: Terms
    base: Period | None
    purchasable: frozenset[str]
    listed: tuple[Location, ...]
    places: dict[int, SupportLocation]
    rates: dict[int, Decimal | None]
    years: tuple[ContractYear, ...]
    allotments: dict[int, Money]
    lines: tuple[OrderedLine, ...]
    sold: dict[tuple[str, str], Availability]
    owned: dict[tuple[str, int], int]
    overrides: dict[tuple[str, str], Override]

    @property
    def is_own_order(self) -> bool:
        """Of one tax-exception downstream alone (2.6-M9)."""
        return is_own_order(list(self.listed))

    @property
    def purchase_day(self) -> date:
        """The day on which the lines are bought: of execution, but within the term."""
        return max(self.on, self.order.starts_on)

    def money(self, minor: int) -> Money:
        """An amount in the order's currency."""
        return Money(minor, self.order.currency)

    def flex_uses(self, year: int) -> list[FlexUse]:
        """What a year's allowance pays for, line by line."""
        return [
            FlexUse(one.facts, self.money(one.price_minor))
            for one in self.lines
            if one.line.funding == Funding.FLEX and one.line.flex_year == year
        ]


def read_agreement(
    order: WorkOrder,
    *,
    on: date,
    proposal: ProposedLine | None = None,
    more: Sequence[ProposedLine] = (),
) -> Agreement:
    """The order with all its rules ask about, in a fixed number of queries.

    A `proposal` stands in for the line with its key, or comes last when it is new; `more`
    lines come below.
    """
    rows = list(OrderLocation.objects.filter(order=order).select_related("location"))
    listed = tuple(row.location for row in rows)
    lines = tuple(in_sequence([*_proposed(order, proposal), *more], order.currency))
    host = host_of(order.customer)
    base = _base_of(order, [one.line for one in lines], on)
    return Agreement(
        order=order,
        on=on,
        zone=host.time_zone if host else "UTC",
        terms=terms_of(order.edition),
        base=Period(base.starts_on, last_day_of(base)) if base else None,
        purchasable=_list_of(order, base, max(on, order.starts_on)),
        listed=listed,
        places=support_locations(order, list(listed)),
        rates={row.location_id: row.units_per_usd for row in rows},
        years=years_of(order),
        allotments={
            year.number: Money(year.allotment_minor, order.currency)
            for year in FlexYear.objects.filter(order=order)
        },
        lines=lines,
        sold={
            (row.offering_code, row.country): row
            for row in Availability.objects.filter(
                offering_code__in={one.facts.code for one in lines}
            )
            if row.is_sold(max(on, order.starts_on)) is not None
        },
        owned=_owned(order),
        overrides={
            (row.subject_key, row.code): row
            for row in Override.objects.filter(customer=order.customer_id).select_related("by")
        },
    )


def with_base(orders: WorkOrderQuerySet) -> WorkOrderQuerySet:
    """Those that sell the base package: at a price, or with included lines."""
    included = WorkOrderLine.objects.filter(order=OuterRef("pk"), funding=Funding.INCLUDED)
    return orders.filter(Q(base_price_minor__gt=0) | Exists(included))


def base_order(customer: Customer, on: date) -> WorkOrder | None:
    """The executed order whose base package is in force on a day, the latest to begin."""
    executed = WorkOrder.objects.executed().filter(
        Q(terminated_on=None) | Q(terminated_on__gte=on),
        customer=customer,
        starts_on__lte=on,
        ends_on__gte=on,
    )
    return with_base(executed).order_by("-starts_on", "-pk").first()


def purchasable_under(order: WorkOrder, on: date) -> frozenset[str]:
    """What may be bought under the order on a day, by code; empty: everything.

    The list stands on the order that sells the base package (2.1-B7): this one, the one
    that it amends, or the customer's of that day. Its amendments add to it.
    """
    return _list_of(order, _base_of(order, order.lines.all(), on), on)


def _list_of(order: WorkOrder, base: WorkOrder | None, on: date) -> frozenset[str]:
    """The list of the order with the base package and what amendments added by that day.

    A draft amendment counts what it adds itself.
    """
    sells = base or order
    head = sells.amends or sells
    if not head.purchasable:
        return frozenset()
    added = WorkOrder.objects.executed().filter(amends=head, starts_on__lte=on)
    own = order.purchasable if order.amends_id == head.pk else []
    return frozenset(chain(head.purchasable, own, *added.values_list("purchasable", flat=True)))


def _base_of(order: WorkOrder, lines: Iterable[WorkOrderLine], on: date) -> WorkOrder | None:
    """The order whose base package the lines are bought under: this one, or another."""
    if order.base_price_minor > 0 or any(line.funding == Funding.INCLUDED for line in lines):
        return order
    if order.amends is not None and with_base(WorkOrder.objects.filter(pk=order.amends.pk)):
        return order.amends
    return base_order(order.customer, max(on, order.starts_on))


def _saved(order: WorkOrder) -> list[ProposedLine]:
    """The lines with all that hangs on them, grouped here: an order can have thousands.

    The lines are read first: one that is added meanwhile isn't met without its offering.
    """
    lines = list(WorkOrderLine.objects.filter(order=order))
    sold = Offering.objects.filter(pk__in={line.offering_id for line in lines})
    offerings = {one.pk: one for one in sold.prefetch_related("limits")}
    places: dict[int, list[tuple[Location, int]]] = defaultdict(list)
    for share in LineAllocation.objects.filter(line__order=order).select_related("location"):
        places[share.line_id].append((share.location, share.quantity))
    scopes: dict[int, list[LineScope]] = defaultdict(list)
    for scope in LineScope.objects.filter(line__order=order):
        scopes[scope.line_id].append(scope)
    tiers: dict[int, list[SpendTier]] = defaultdict(list)
    for tier in SpendTier.objects.filter(line__order=order):
        tiers[tier.line_id].append(tier)
    found = []
    for line in lines:
        line.offering, key = offerings[line.offering_id], line.pk
        found.append(ProposedLine(line, tuple(places[key]), tuple(scopes[key]), tuple(tiers[key])))
    return found


def _proposed(order: WorkOrder, proposal: ProposedLine | None) -> list[ProposedLine]:
    lines = _saved(order)
    if proposal is None:
        return lines
    if proposal.line._state.adding:
        return [*lines, proposal]
    return [proposal if one.line.pk == proposal.line.pk else one for one in lines]


def in_sequence(
    lines: Iterable[ProposedLine], currency: str, *, without: Collection[int] = ()
) -> Iterator[OrderedLine]:
    """The lines with their facts, each with what those above it take; one pass over all.

    A line whose `id` is put into `without` before the next is asked for takes nothing.
    """
    facts: dict[int, OfferingFacts] = {}
    taken: dict[int, dict[bool, FlexUse]] = defaultdict(dict)
    bought: dict[str, dict[int, int]] = defaultdict(dict)
    for one in lines:
        line = one.line
        if line.offering_id not in facts:
            facts[line.offering_id] = facts_of(line.offering)
        known = facts[line.offering_id]
        uses = taken[line.flex_year or 0]
        yield OrderedLine(
            line,
            known,
            one.allocations,
            one.scopes,
            one.tiers,
            tuple(uses.values()),
            dict(bought[known.code]),
        )
        if id(line) in without:
            continue
        if line.funding == Funding.FLEX and line.price_minor > 0:
            use = FlexUse(known, Money(line.price_minor, currency))
            earlier = uses.get(use.capped)
            uses[use.capped] = FlexUse(known, earlier.amount + use.amount) if earlier else use
        for location, quantity in one.allocations:
            at = bought[known.code]
            at[location.pk] = at.get(location.pk, 0) + quantity


def _owned(order: WorkOrder) -> dict[tuple[str, int], int]:
    """Limited services that the customer bought by other orders of the same time."""
    shares = (
        LineAllocation.objects.filter(
            Q(line__order__terminated_on=None) | Q(line__order__terminated_on__gte=order.starts_on),
            line__order__customer=order.customer_id,
            line__order__executed_at__isnull=False,
            line__order__starts_on__lte=order.ends_on,
            line__order__ends_on__gte=order.starts_on,
            line__offering__mark="additional_limited",
        )
        .exclude(line__order=order.pk)
        .values_list("line__offering__code", "location", "quantity")
    )
    owned: dict[tuple[str, int], int] = defaultdict(int)
    for code, location, quantity in shares:
        owned[code, location] += quantity
    return owned
