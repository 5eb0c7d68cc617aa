"""What the edition of an order sells, and what of it may be bought under the order."""

from datetime import date

from django.db.models import QuerySet

from services.catalog.models import Offering
from services.catalog.queries import facts_of
from services.catalog.rules.offering import credits_may_buy
from workorders.models import WorkOrder
from workorders.queries.agreement import purchasable_under


def additional_offerings(order: WorkOrder) -> QuerySet[Offering]:
    """What the edition sells besides the base package, in the catalogue's order."""
    return _sold(order).exclude(mark=Offering.Mark.INCLUDED)


def offered_under(order: WorkOrder, on: date) -> QuerySet[Offering]:
    """What the edition sells, in the catalogue's order, on a day.

    Where the order with the base package lists what may be bought, that alone (2.1-B7).
    """
    listed = purchasable_under(order, on)
    return _sold(order).filter(code__in=listed) if listed else _sold(order)


def redeemable(order: WorkOrder, on: date) -> list[Offering]:
    """What credits may buy, by the order's edition and its list (2.3-PC4, 2.1-B7)."""
    rows = offered_under(order, on).prefetch_related("limits")
    return [one for one in rows if credits_may_buy(facts_of(one))]


def _sold(order: WorkOrder) -> QuerySet[Offering]:
    rows: QuerySet[Offering] = Offering.objects.filter(edition=order.edition_id, is_group=False)
    return rows.order_by("position")
