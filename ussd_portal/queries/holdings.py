"""What the customers of a portfolio hold, read at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from accounts.models import Customer, User
from accounts.rules.calendar_days import ContractYear, contract_years
from accounts.rules.money import Money, half_up
from workorders.models import Account, Entitlement, WorkOrder
from workorders.models.orders import STANDING_UNITS, Funding, Unit
from workorders.queries.entitlements import EntitlementStanding, Standing


@dataclass(frozen=True, slots=True)
class Pace:
    """How far the contract year is, and how far its value is used; whole percents."""

    year: ContractYear
    elapsed: int
    used: int
    booked: int

    @property
    def left(self) -> int:
        """Neither delivered nor booked."""
        return max(0, 100 - self.used - self.booked)

    @property
    def behind(self) -> int:
        """Percentage points that use and bookings lag behind time; negative when ahead."""
        return self.elapsed - self.used - self.booked


@dataclass(frozen=True, slots=True)
class Worth:
    """What can be used today and is called off piece by piece, in one currency."""

    granted: Money
    booked: Money
    left: Money

    @property
    def used(self) -> Money:
        """Neither booked nor left: delivered, kept as a charge, or lapsed."""
        minor = self.granted.minor - self.booked.minor - self.left.minor
        return Money(max(0, minor), self.granted.currency)


def orders_in_force(customers: Iterable[Customer], *, today: date) -> dict[int, list[WorkOrder]]:
    """Executed orders in force today by customer, the leading one first; one query.

    The newest base package leads; amendments come last, they are part of their order.
    """
    found = defaultdict(list)
    rows = WorkOrder.objects.executed().filter(
        customer__in=[one.pk for one in customers], starts_on__lte=today, ends_on__gte=today
    )
    for order in rows.select_related("edition").order_by("-starts_on"):
        if order.terminated_on is None or order.terminated_on >= today:
            found[order.customer_id].append(order)
    for several in found.values():
        several.sort(key=lambda one: (one.amends_id is not None, one.base_price_minor == 0))
    return found


def held_under(
    leading: WorkOrder,
    orders: Iterable[WorkOrder],
    held: Mapping[int, list[EntitlementStanding]],
) -> list[EntitlementStanding]:
    """What the leading order grants together with its amendments."""
    return [
        one
        for order in orders
        if leading.pk in (order.pk, order.amends_id)
        for one in held.get(order.pk, [])
    ]


def standings_by_order(
    orders: Iterable[WorkOrder], *, viewer: User
) -> dict[int, list[EntitlementStanding]]:
    """Every entitlement of the orders that `viewer` may see, with balances; one query."""
    accounts = (
        Account.objects.visible_to(viewer)
        .filter(order__in=[one.pk for one in orders], holding=Account.Holding.ENTITLEMENT)
        .select_related("entitlement__offering", "entitlement__location")
        .order_by(
            "entitlement__offering__position", "entitlement__usable_until", "entitlement", "pk"
        )
    )
    balances: dict[int, dict[str, int]] = defaultdict(dict)
    entitlements: dict[int, Entitlement] = {}
    for account in accounts:
        if account.entitlement is not None:
            entitlements[account.entitlement.pk] = account.entitlement
            balances[account.entitlement.pk][account.bucket] = account.balance
    found = defaultdict(list)
    for pk, entitlement in entitlements.items():
        standing = Standing()
        standing.add(entitlement, balances[pk])
        found[entitlement.order_id].append(EntitlementStanding(entitlement, standing))
    return found


def pace_of(order: WorkOrder, held: Iterable[EntitlementStanding], *, today: date) -> Pace:
    """Time against use in the contract year that runs today, counted by `worth_of`."""
    year = next(y for y in contract_years(order.starts_on, order.ends_on) if today in y)
    days = (year.last_day - year.first_day).days + 1
    worth = worth_of(held, currency=order.currency, today=today)
    return Pace(
        year,
        elapsed=_percent((today - year.first_day).days + 1, days),
        used=_percent(worth.used.minor, worth.granted.minor),
        booked=_percent(worth.booked.minor, worth.granted.minor),
    )


def worth_of(held: Iterable[EntitlementStanding], *, currency: str, today: date) -> Worth:
    """What was bought in `currency`, summed; what was bought in another one is left out.

    Credits that bought a service are granted once, and used when the service is; with a service
    in another currency they count as used, since the two don't add up.
    """
    granted = booked = left = 0
    for one in held:
        entitlement = one.entitlement
        if entitlement.currency != currency or not counts_today(entitlement, today):
            continue
        if entitlement.funding != Funding.CREDITS:
            granted += one.standing.value_granted_minor
        booked += one.standing.value_reserved_minor
        left += one.standing.value_left_minor
    return Worth(Money(granted, currency), Money(booked, currency), Money(left, currency))


def counts_today(entitlement: Entitlement, today: date) -> bool:
    """Whether it can be used today and something of it can be left over."""
    is_usable = entitlement.usable_from <= today <= entitlement.usable_until
    return is_usable and entitlement.unit not in STANDING_UNITS


def credits_left(held: Iterable[EntitlementStanding], *, today: date) -> int:
    """Whole credits that can be used today and are neither used nor booked."""
    return sum(
        one.standing.left
        for one in held
        if one.entitlement.unit == Unit.CREDIT and counts_today(one.entitlement, today)
    )


def _percent(part: int, whole: int) -> int:
    return min(100, half_up(Fraction(part * 100, whole))) if whole else 0
