"""The flex allowance by contract year: what became of it, and what of it will lapse."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from accounts.models import Customer, User
from accounts.rules.money import Money
from services.scheduling.queries.forecast import Item
from workorders.models import Account, FlexYear, WorkOrder, WorkOrderLine
from workorders.models.orders import Funding
from workorders.queries.entitlements import can_be_left, worth
from workorders.queries.terms import flex_year_of

Bucket = Account.Bucket


@dataclass(slots=True)
class Allowance:
    """A contract year's allowance in the order's currency, in minor units.

    `standing` is what pays for services that stand ready and can't be left over. `used` is
    delivered, redeemed or kept as a charge; what was exchanged is left as exchange value.
    """

    order: WorkOrder
    year: int
    last_day: date
    allotted: int
    forfeited: int = 0
    standing: int = 0
    used: int = 0
    booked: int = 0
    left: int = 0
    lapsing: int = 0

    def money(self, name: str) -> Money:
        """One of its amounts."""
        return Money(getattr(self, name), self.order.currency)


@dataclass(frozen=True, slots=True)
class Unallocated:
    """Allowance of a draft that pays for nothing yet: taken back at execution (2.2-F7)."""

    order: WorkOrder
    year: int
    amount: Money


def allowances(
    viewer: User, customer: Customer, items: Iterable[Item], *, today: date
) -> list[Allowance]:
    """The contract years of the customer's executed orders that aren't over.

    Location contacts see parts of an order, so no allowance. Three queries.
    """
    if viewer.role == viewer.Role.LOCATION_CONTACT:
        return []
    years = FlexYear.objects.filter(
        order__in=WorkOrder.objects.visible_to(viewer).executed(), order__customer=customer
    ).select_related("order__edition")
    found: dict[tuple[int, int], Allowance] = {}
    for year in years.order_by("order__starts_on", "order", "number"):
        last_day = flex_year_of(year.order, year.number).last_day
        if last_day >= today and year.allotment_minor:
            found[year.order_id, year.number] = Allowance(
                year.order, year.number, last_day, year.allotment_minor
            )
    _read_books(found)
    for item in items:
        entitlement = item.entitlement
        number = entitlement.flex_year if entitlement else item.account.flex_year
        allowance = found.get((item.order.pk, number or 0))
        if allowance is not None and item.value_lapsing.currency == item.order.currency:
            allowance.lapsing += item.value_lapsing.minor
    return list(found.values())


USED = frozenset({Bucket.DELIVERED, Bucket.REDEEMED, Bucket.CHARGED, Bucket.LAPSED})


def _read_books(found: dict[tuple[int, int], Allowance]) -> None:
    """Where the value of each year's services stands, from the ledger."""
    rows = Account.objects.filter(
        order__in={order for order, _year in found}, balance__gt=0
    ).select_related("entitlement")
    for account in rows.exclude(bucket=Bucket.ISSUED):
        entitlement = account.entitlement
        number = entitlement.flex_year if entitlement else account.flex_year
        allowance = found.get((account.order_id, number or 0))
        if allowance is None:
            continue
        if account.holding == Account.Holding.FLEX:
            allowance.forfeited += account.balance if account.bucket == Bucket.FORFEITED else 0
        elif entitlement is None:
            allowance.left += account.balance if account.bucket == Bucket.AVAILABLE else 0
        elif entitlement.currency != allowance.order.currency:
            continue  # moved to another location: no money of this allowance any more
        elif not can_be_left(entitlement):
            allowance.standing += worth(entitlement, account.balance)
        else:
            _count(allowance, account.bucket, worth(entitlement, account.balance))


def _count(allowance: Allowance, bucket: str, value: int) -> None:
    if bucket == Bucket.AVAILABLE:
        allowance.left += value
    elif bucket == Bucket.RESERVED:
        allowance.booked += value
    elif bucket in USED:
        allowance.used += value


def unallocated(viewer: User, customer: Customer) -> list[Unallocated]:
    """What of the allowance of drafts isn't allotted to services; two queries.

    The text gives no date: it is taken back when the order is executed.
    """
    drafts = (
        WorkOrder.objects.visible_to(viewer)
        .without_scenarios()
        .filter(customer=customer, executed_at=None)
    )
    spent: dict[tuple[int, int], int] = defaultdict(int)
    lines = WorkOrderLine.objects.filter(order__in=drafts, funding=Funding.FLEX).order_by()
    for order, year, price in lines.values_list("order", "flex_year").annotate(Sum("price_minor")):
        spent[order, year or 0] = price
    years = (
        FlexYear.objects.filter(order__in=drafts)
        .select_related("order")
        .order_by("order", "number")
    )
    return [
        Unallocated(year.order, year.number, Money(rest, year.order.currency))
        for year in years
        if (rest := year.allotment_minor - spent[year.order_id, year.number]) > 0
    ]
