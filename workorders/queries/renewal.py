"""The renewal of an order: what goes along, what was withdrawn, what changed since."""

from dataclasses import dataclass

from accounts.models import User
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Edition, Offering
from services.catalog.queries import Change, Comparison, compare, current_edition
from workorders.models import WorkOrder, WorkOrderLine
from workorders.queries.ending import unused_at_end
from workorders.queries.terms import last_day_of
from workorders.rules.renewal import RenewedTerm, renewed_term


@dataclass(frozen=True, slots=True)
class RenewedLine:
    """A line of the order or of an amendment, with its service in the new edition."""

    line: WorkOrderLine
    offering: Offering
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class RenewalPlan:
    """What drafting the renewal does; `lapsing` is what isn't carried over.

    `purchasable` is the list of what may be bought, without what was withdrawn (2.1-B7).
    """

    order: WorkOrder
    edition: Edition
    term: Explained[RenewedTerm]
    lines: tuple[RenewedLine, ...]
    withdrawn: tuple[WorkOrderLine, ...]
    lapsing: tuple[Money, ...]
    purchasable: list[str]
    comparison: Comparison | None

    @property
    def concerned(self) -> tuple[Change, ...]:
        """Changes of services that the order sells."""
        return tuple(one.change for one in self._first_lines() if one.change is not None)

    @property
    def others(self) -> tuple[Change, ...]:
        """All other changes of services: new ones, and those that the order doesn't sell."""
        if self.comparison is None:
            return ()
        sold = {one.line.offering.code for one in self.lines}
        sold |= {line.offering.code for line in self.withdrawn}
        return tuple(one for one in self.comparison.offerings if one.code not in sold)

    def _first_lines(self) -> list[RenewedLine]:
        """One line for each service."""
        return list({one.offering.code: one for one in reversed(self.lines)}.values())[::-1]


def renewal_of(order: WorkOrder, *, viewer: User | None = None) -> WorkOrder | None:
    """The order that renews this one, drafted or executed; as far as the viewer may see it."""
    rows = WorkOrder.objects.visible_to(viewer) if viewer else WorkOrder.objects.all()
    found = rows.without_scenarios().filter(renews=order).select_related("edition")
    return found.order_by("pk").first()


def renewal_plan(order: WorkOrder, *, edition: Edition | None = None) -> RenewalPlan:
    """What drafting a renewal on the newest published edition, or on `edition`, takes over.

    Lines of the order and of the amendments that lasted as long; a service that the
    edition doesn't have is withdrawn. Refused while no edition is published.

    Clause: 1-A1, 2.7-T10
    """
    edition = edition or current_edition()
    if edition is None:
        raise Refused("edition_not_published", clause="1-A1", field="edition")
    last = last_day_of(order)
    term = renewed_term(starts_on=order.starts_on, ends_on=order.ends_on, last_day=last)
    comparison = compare(order.edition, edition) if edition != order.edition else None
    changes = {one.code: one for one in comparison.offerings} if comparison else {}
    offered = {row.code: row for row in Offering.objects.filter(edition=edition)}
    agreed = _as_amended(order)
    lines = _lines(agreed)
    return RenewalPlan(
        order=order,
        edition=edition,
        term=term,
        lines=tuple(
            RenewedLine(line, offered[code], changes.get(code))
            for line in lines
            if (code := line.offering.code) in offered
        ),
        withdrawn=tuple(line for line in lines if line.offering.code not in offered),
        lapsing=tuple(unused_at_end(agreed, last)),
        purchasable=[code for code in _listed(agreed) if code in offered],
        comparison=comparison,
    )


def _listed(agreed: list[WorkOrder]) -> list[str]:
    """What may be bought under the order, with what its amendments added, each once."""
    return list(dict.fromkeys(code for one in agreed for code in one.purchasable))


def _as_amended(order: WorkOrder) -> list[WorkOrder]:
    """The order with the amendments that last as long as it does."""
    amendments = WorkOrder.objects.executed().filter(amends=order).select_related("edition")
    last = last_day_of(order)
    return [
        order,
        *(one for one in amendments.order_by("amendment_number") if last_day_of(one) == last),
    ]


def _lines(agreed: list[WorkOrder]) -> list[WorkOrderLine]:
    rows = (
        WorkOrderLine.objects.filter(order__in=agreed)
        .select_related("offering", "order")
        .prefetch_related("allocations__location", "scopes", "tiers")
    )
    place = {one.pk: number for number, one in enumerate(agreed)}
    return sorted(rows, key=lambda line: (place[line.order_id], line.position, line.pk))
