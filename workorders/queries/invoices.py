"""What is to be billed of an order, and when; split into invoices that add up to it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.wording import formats
from services.catalog.models import Offering
from workorders.models import Account, Charge, Transfer, WorkOrder, WorkOrderLine
from workorders.models.orders import STANDING_UNITS, Funding
from workorders.queries.locations import zone_of
from workorders.rules.billing_parts import Billed, billable_day, invoices_of, split_amount

Split = Literal["family", "delivery", "location"]
SPLITS: tuple[Split, ...] = ("family", "delivery", "location")
# What a line is paid with when it is on no invoice of its own, and why.
PAID_OTHERWISE: dict[str, tuple[str, ...]] = {
    Funding.FLEX: ("2.2-F1",),
    Funding.CREDITS: ("2.3-PC1",),
    Funding.VALUE: ("2.7-T22",),
}

_USED = (Account.Bucket.DELIVERED, Account.Bucket.CHARGED, Account.Bucket.REDEEMED)
Weights = tuple[tuple[Hashable, int], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be billed: the base package, a line, or a charge."""

    amount: Money
    billable: Explained[date]
    clauses: tuple[str, ...]
    line: WorkOrderLine | None = None
    charge: Charge | None = None

    @property
    def offering(self) -> Offering | None:
        """The service, none for the base package and general charges."""
        subject = self.line or self.charge
        return subject.offering if subject else None

    @property
    def on(self) -> date:
        """The first day on which it belongs on an invoice."""
        return self.billable.result


@dataclass(frozen=True, slots=True)
class ItemPart:
    """What of an item stands on one invoice."""

    item: Item
    amount: Money

    @property
    def is_whole(self) -> bool:
        """Nothing of it stands on another invoice."""
        return self.amount == self.item.amount


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice: its key, what it is called, its parts and their sum."""

    key: str
    title: str
    parts: tuple[ItemPart, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class Bill:
    """All invoices of an order by one split; `total` is the whole that they add up to."""

    order: WorkOrder
    split: Split
    until: date | None
    items: tuple[Item, ...]
    invoices: tuple[Invoice, ...]
    total: Money
    paid_otherwise: tuple[WorkOrderLine, ...]

    @property
    def otherwise(self) -> Money:
        """What the lines cost that are on no invoice of their own."""
        return Money(sum(one.price_minor for one in self.paid_otherwise), self.order.currency)


def bill_of(
    order: WorkOrder, *, viewer: User, split: Split = "family", until: date | None = None
) -> Bill:
    """What is to be billed of an executed order, by product family, delivery or location.

    `until` leaves out what becomes billable later. Each item is split by itself and the
    parts add up to it, so the invoices add up to the items whatever the split. Taxes
    aren't computed. A constant number of queries.
    """
    rows = WorkOrderLine.objects.filter(order=order).select_related("offering")
    lines = list(rows.prefetch_related("allocations__location"))
    items = [
        item
        for item in (*_of_order(order, lines), *_charged(order, viewer))
        if until is None or item.on <= until
    ]
    keys = _keys(order, split, items)
    zero = Money(0, order.currency)
    parts = [(item, Billed(item.amount, keys(item))) for item in items]
    totals, whole = invoices_of([billed for _item, billed in parts]) if parts else ((), zero)
    placed: dict[Hashable, list[ItemPart]] = defaultdict(list)
    for item, billed in parts:
        for key, amount in split_amount(billed):
            if amount:
                placed[key].append(ItemPart(item, amount))
    invoices = [
        Invoice(_code(one.key), _title(split, one.key), tuple(placed[one.key]), one.total)
        for one in totals
        if placed[one.key]
    ]
    if split == "delivery":
        invoices.sort(key=lambda one: one.key or "9999")
    return Bill(
        order=order,
        split=split,
        until=until,
        items=tuple(items),
        invoices=tuple(invoices),
        total=whole,
        paid_otherwise=tuple(one for one in lines if one.funding in PAID_OTHERWISE),
    )


# --- items ----------------------------------------------------------------------------------


def _of_order(order: WorkOrder, lines: Iterable[WorkOrderLine]) -> Iterable[Item]:
    zone = zone_of(order.customer)
    executed = order.executed_at
    executed_on = local_date(executed, zone) if executed else order.starts_on
    if order.base_price_minor:
        due = billable_day(executed_on=executed_on, order_start=order.starts_on)
        yield Item(Money(order.base_price_minor, order.currency), due, ("2.1-B1", "2.6-M20"))
    for line in lines:
        if line.funding == Funding.MONEY and line.price_minor:
            due = billable_day(
                executed_on=executed_on, order_start=order.starts_on, line_start=line.starts_on
            )
            yield Item(Money(line.price_minor, order.currency), due, ("2.6-M20",), line=line)


def _charged(order: WorkOrder, viewer: User) -> Iterable[Item]:
    charges = Charge.objects.visible_to(viewer).filter(order=order)
    for charge in charges.select_related("offering", "location", "reverses", "by"):
        due = Explained(charge.billable_on, clauses=tuple(charge.clauses))
        amount = Money(charge.amount_minor, charge.currency)
        yield Item(amount, due, tuple(charge.clauses), charge=charge)


# --- keys -----------------------------------------------------------------------------------


def _keys(order: WorkOrder, split: Split, items: Sequence[Item]) -> Callable[[Item], Weights]:
    """By what an item is split, with the weights."""
    if split == "location":
        return _by_location
    if split == "family":
        return _by_family
    delivered = _delivered([item.line for item in items if item.line])
    return lambda item: _by_delivery(order, item, delivered)


def _by_location(item: Item) -> Weights:
    """By the quantities allocated; what all designated locations share isn't split."""
    if item.charge is not None:
        return ((item.charge.location, 1),)
    allotted = item.line.allocations.all() if item.line else ()
    return tuple((one.location, one.quantity) for one in allotted) or ((None, 1),)


def _by_family(item: Item) -> Weights:
    if item.offering is not None:
        return ((item.offering.category, 1),)
    return ((item.charge.kind if item.charge else "base", 1),)


def _by_delivery(order: WorkOrder, item: Item, delivered: dict[int, dict[date, int]]) -> Weights:
    """By the month in which units were delivered; None for what is still to come.

    What is served day by day counts from the month in which it begins.
    """
    line = item.line
    quantities = [one.quantity for one in line.allocations.all()] if line else []
    if line is None or not quantities or line.unit in STANDING_UNITS:
        return ((_month(item.on if item.charge else max(item.on, order.starts_on)), 1),)
    months = delivered.get(line.pk, {})
    to_come = max(sum(quantities) - sum(months.values()), 0)
    weights: list[tuple[Hashable, int]] = [(month, months[month]) for month in sorted(months)]
    return tuple([*weights, (None, to_come)] if to_come or not weights else weights)


def _delivered(lines: Sequence[WorkOrderLine]) -> dict[int, dict[date, int]]:
    """Units used by line and month, from the ledger; what came back is taken off again."""
    moved = Q(credit__bucket__in=_USED) | Q(debit__bucket__in=_USED)
    rows = Transfer.objects.filter(moved, debit__entitlement__line__in=lines).order_by("on", "id")
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.select_related("debit__entitlement", "credit"):
        entitlement = row.debit.entitlement
        if entitlement is None or entitlement.line_id is None:
            continue
        months = found[entitlement.line_id]
        if row.credit.bucket in _USED:
            months[_month(row.on)] += row.amount
        if row.debit.bucket in _USED:
            _take_back(months, row.amount)
    return {
        line: {month: units for month, units in months.items() if units}
        for line, months in found.items()
    }


def _take_back(months: dict[date, int], amount: int) -> None:
    """The latest deliveries are undone first."""
    for month in sorted(months, reverse=True):
        part = min(months[month], amount)
        months[month] -= part
        amount -= part


def _month(day: date) -> date:
    return day.replace(day=1)


# --- names ----------------------------------------------------------------------------------


def _code(key: Hashable) -> str:
    """What the API calls an invoice; empty for what has no such key."""
    match key:
        case None:
            return ""
        case Location():
            return str(key.pk)
        case date():
            return f"{key:%Y-%m}"
    return str(key)


def _title(split: Split, key: Hashable) -> str:
    """What people call it, in the reader's language."""
    if isinstance(key, Location):
        return str(key)
    if isinstance(key, date):
        return formats.month(key)
    if key is None:
        return _("Not delivered yet") if split == "delivery" else _("All designated locations")
    if key == "base":
        return _("Base package")
    known = {**dict(Offering.Category.choices), **dict(Charge.Kind.choices)}
    words = str(known.get(str(key), key))
    return words[:1].upper() + words[1:]
