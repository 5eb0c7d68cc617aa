"""An order with its amendments: what was agreed first, what was added since."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.rules.money import Money
from workorders.models import WorkOrder, WorkOrderLine
from workorders.queries.terms import states_of
from workorders.rules.term import OrderState


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment with its state, the number of its lines and what they cost."""

    order: WorkOrder
    state: OrderState
    lines: int
    total: Money


@dataclass(frozen=True, slots=True)
class AsAmended:
    """The price of an order, of its executed amendments, and of all of it."""

    original: Money
    added: Money

    @property
    def total(self) -> Money:
        """As it stands agreed today; drafts don't count."""
        return self.original + self.added


def amendments_of(order: WorkOrder, *, viewer: User, now: datetime) -> list[Amended]:
    """The amendments that the viewer may see, the first one first."""
    rows = list(
        WorkOrder.objects.visible_to(viewer)
        .filter(amends=order)
        .select_related("customer", "created_by", "executed_by")
        .annotate(lines_count=Count("lines"), price=Coalesce(Sum("lines__price_minor"), 0))
        .order_by("amendment_number")
    )
    states = states_of(rows, now=now)
    return [
        Amended(row, states[row.pk], row.lines_count, Money(row.price, row.currency))  # type: ignore[attr-defined] # annotated
        for row in rows
    ]


def as_amended(order: WorkOrder) -> AsAmended:
    """What the order costs as executed, and with its executed amendments; without taxes."""
    amendments = WorkOrder.objects.executed().filter(amends=order)
    return AsAmended(
        Money(order.base_price_minor + _prices(order=order), order.currency),
        Money(_prices(order__in=amendments), order.currency),
    )


def _prices(**lines: object) -> int:
    found = WorkOrderLine.objects.filter(**lines).aggregate(total=Coalesce(Sum("price_minor"), 0))
    return int(found["total"])
