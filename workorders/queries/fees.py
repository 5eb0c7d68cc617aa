"""What an order costs: the fee of a line by its tier table, totals by what they belong to."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Location, User
from accounts.rules.calendar_days import ContractYear
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from workorders.models import OrderLocation, SpendTier, WorkOrder, WorkOrderLine
from workorders.models.orders import Funding
from workorders.queries.terms import years_of
from workorders.rules.fees import Tier, tiered_fee
from workorders.rules.shares import shares


def fee_of(
    line: WorkOrderLine, tiers: Sequence[SpendTier], *, order: WorkOrder
) -> Explained[Money]:
    """The fee of a line by its tier table, in the order's currency (2.4-AP4).

    The floor price counts where the customer elected to pay it (2.4-AP6). Refuses
    `spend_required` without an assessed spend, and what `tiered_fee` refuses.
    """
    if line.assessed_spend_usd_minor is None:
        raise Refused("spend_required", clause="2.4-AP4", field="assessed_spend_usd_minor")
    floor = line.floor_price_minor if line.floor_price_paid else None
    return tiered_fee(
        tiers_of(tiers),
        spend=Money(line.assessed_spend_usd_minor, "USD"),
        platform_price=Money(line.platform_price_minor or 0, order.currency),
        floor_price=None if floor is None else Money(floor, order.currency),
        units_per_usd=order.units_per_usd,
    )


def tiers_of(rows: Sequence[SpendTier]) -> tuple[Tier, ...]:
    """The rows of a table as the rule reads them."""
    return tuple(
        Tier(
            None if row.up_to_usd_minor is None else Money(row.up_to_usd_minor, "USD"),
            row.percent,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the total; `tax_noted`: billed where taxes are charged apart (2.6-M9)."""

    key: str
    label: str
    amount: Money
    tax_noted: bool = False


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """What an order costs, three times split; each split adds up to the total."""

    total: Money
    by_location: tuple[Part, ...]
    by_year: tuple[Part, ...]
    by_family: tuple[Part, ...]

    @property
    def splits(self) -> tuple[tuple[str, tuple[Part, ...]], ...]:
        """The three splits with their titles."""
        return (
            (_("By location"), self.by_location),
            (_("By contract year"), self.by_year),
            (_("By family"), self.by_family),
        )

    @property
    def notes_tax(self) -> bool:
        """Whether a location charges taxes on its own."""
        return any(part.tax_noted for part in self.by_location)


def sees_totals(person: User) -> bool:
    """What an order costs as a whole isn't for those who act for one location."""
    return person.role != User.Role.LOCATION_CONTACT


def order_totals(
    order: WorkOrder,
    *,
    lines: Sequence[WorkOrderLine] | None = None,
    listed: Sequence[Location] | None = None,
) -> OrderTotals:
    """The base package and all lines, by location, contract year and product family.

    A line's price is split by its quantities; what has no location (the base package,
    which all designated locations share) stays with the order as a whole. Paid with a
    year's allowance, a line counts in that year; otherwise the price is split by the
    days of the line in each contract year. All splits leave no cent over (2.6-M20).
    Taxes aren't computed. `lines` (with offering and allocations) and `listed` locations
    are read unless they are given.
    """
    if lines is None:
        rows = WorkOrderLine.objects.filter(order=order).select_related("offering")
        lines = list(rows.prefetch_related("allocations__location"))
    if listed is None:
        places = OrderLocation.objects.filter(order=order).select_related("location")
        listed = [place.location for place in places]
    years = years_of(order)
    by_place: dict[int | None, int] = defaultdict(int)
    by_year: dict[int, int] = defaultdict(int)
    by_family: dict[str, int] = defaultdict(int)
    by_place[None] += order.base_price_minor
    if order.base_price_minor:
        by_family[""] += order.base_price_minor
    for year, amount in _by_days(order, None, years):
        by_year[year] += amount
    for line in lines:
        for place, amount in _by_quantity(line):
            by_place[place] += amount
        for year, amount in _by_days(order, line, years):
            by_year[year] += amount
        by_family[line.offering.category] += line.price_minor
    named = _money(order)
    return OrderTotals(
        named(order.base_price_minor + sum(line.price_minor for line in lines)),
        tuple(_places(by_place, listed, lines, named)),
        tuple(_years(by_year, named)),
        tuple(_families(by_family, lines, named)),
    )


def _money(order: WorkOrder) -> Callable[[int], Money]:
    return lambda minor: Money(minor, order.currency)


def _by_quantity(line: WorkOrderLine) -> Iterator[tuple[int | None, int]]:
    """A line's price at each of its locations; at none where it has none."""
    allotted = [(share.location_id, share.quantity) for share in line.allocations.all()]
    if not allotted:
        yield None, line.price_minor
        return
    amounts = shares(line.price_minor, [quantity for _place, quantity in allotted])
    yield from zip((place for place, _quantity in allotted), amounts, strict=True)


def _by_days(
    order: WorkOrder, line: WorkOrderLine | None, years: Sequence[ContractYear]
) -> Iterator[tuple[int, int]]:
    """A line's price, or that of the base package, in each contract year."""
    price = line.price_minor if line else order.base_price_minor
    if line and line.funding == Funding.FLEX and line.flex_year:
        yield line.flex_year, price
        return
    first = max(line.starts_on or order.starts_on, order.starts_on) if line else order.starts_on
    last = min(line.ends_on or order.ends_on, order.ends_on) if line else order.ends_on
    days = [
        max((min(year.last_day, last) - max(year.first_day, first)).days + 1, 0) for year in years
    ]
    if not any(days):  # own dates outside the term: a draft that its check refuses
        days[0] = 1
    yield from zip((year.number for year in years), shares(price, days), strict=True)


def _places(
    amounts: dict[int | None, int],
    listed: Sequence[Location],
    lines: Sequence[WorkOrderLine],
    money: Callable[[int], Money],
) -> Iterator[Part]:
    if amounts.get(None):
        yield Part("", _("All designated locations"), money(amounts[None]))
    places = {place.pk: place for place in listed}
    for line in lines:
        places |= {share.location_id: share.location for share in line.allocations.all()}
    for pk, place in places.items():
        yield Part(str(pk), str(place), money(amounts.get(pk, 0)), place.tax_exception)


def _years(amounts: dict[int, int], money: Callable[[int], Money]) -> Iterator[Part]:
    for number, amount in sorted(amounts.items()):
        yield Part(str(number), _("Year %(n)s") % {"n": number}, money(amount))


def _families(
    amounts: dict[str, int], lines: Sequence[WorkOrderLine], money: Callable[[int], Money]
) -> Iterator[Part]:
    sold = {line.offering.category: line.offering for line in lines}
    for code, amount in amounts.items():
        label = str(sold[code].get_category_display()) if code else _("Base package")
        yield Part(code or "base", label[:1].upper() + label[1:], money(amount))
