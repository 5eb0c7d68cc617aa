"""The sides of an exchange: what may be given up, what may be wanted instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Location, User
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from services.catalog.queries import facts_of
from workorders.models import Account, Entitlement, WorkOrder
from workorders.models.orders import STANDING_UNITS, Funding, Unit
from workorders.queries.entitlements import worth
from workorders.queries.lapsing import last_day_of_use
from workorders.queries.line_findings import units_for
from workorders.queries.offered import offered_under
from workorders.rules.rescue import needs_a_line

Bucket = Account.Bucket
Holding = Account.Holding

# In which of its units a service is exchanged for where it could be counted in several.
PREFERRED_UNITS = (
    Unit.EACH, Unit.DAY, Unit.CREDIT, Unit.EVENT, Unit.MINUTE, Unit.ATTENDEE,
    Unit.TENANT, Unit.SUBSCRIPTION,
)  # fmt: skip
SHORT: dict[str, tuple[str, str]] = {
    Unit.CREDIT: ("insufficient_credits", "2.3-PC3"),
    Unit.MINUTE: ("insufficient_hours", "2.5-ED3"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What is given up: so many units of the holding, and what they are worth."""

    account: Account
    quantity: int
    value: Money

    @property
    def entitlement(self) -> Entitlement | None:
        """None: exchange value that another service left behind."""
        return self.account.entitlement

    @property
    def flex_year(self) -> int | None:
        """The contract year whose allowance paid for it, which the new service keeps."""
        entitlement = self.account.entitlement
        return entitlement.flex_year if entitlement else self.account.flex_year


class Wish(NamedTuple):
    """What is wanted instead, at its current price for all of it."""

    offering: Offering
    location: Location
    quantity: int
    price: Money


def unit_of(offering: Offering) -> str:
    """In what a service is counted when it is exchanged for: deliveries before hours."""
    possible = units_for(offering)
    return str(next(unit for unit in PREFERRED_UNITS if unit in possible))


def wanted_offerings(order: WorkOrder, on: date) -> list[Offering]:
    """What can be exchanged for under the order's edition on a day, in the catalogue's order.

    Where the order with the base package lists what may be bought, that alone (2.1-B7).
    """
    return [
        one
        for one in offered_under(order, on).prefetch_related("limits")
        if (facts := facts_of(one)).is_additional and not needs_a_line(facts)
    ]


def holdings_to_give(order: WorkOrder, *, viewer: User, on: date) -> list[Account]:
    """Where the viewer sees something that could be given up on a day, first to lapse first."""
    rows = (
        Account.objects.visible_to(viewer)
        .filter(Q(holding=Holding.ENTITLEMENT) | Q(holding=Holding.VALUE))
        .filter(order=order, bucket=Bucket.AVAILABLE, balance__gt=0)
        .exclude(entitlement__value_minor=0)
        .select_related("order__edition", "location", "entitlement__offering")
        .prefetch_related("entitlement__offering__limits")
    )
    if viewer.role == User.Role.LOCATION_CONTACT:
        rows = rows.filter(holding=Holding.ENTITLEMENT)  # value is the order's own
    found = [
        (last, account)
        for account in rows
        if on <= (last := last_day_of_use(account)) and not _runs(account.entitlement, on)
    ]
    return [account for _last, account in sorted(found, key=lambda one: (one[0], one[1].pk))]


def account_of(
    order: WorkOrder,
    *,
    entitlement: Entitlement | None,
    location: Location,
    flex_year: int | None,
    currency: str,
) -> Account:
    """What is left of an entitlement; or the exchange value of a location and contract year.

    Refuses `insufficient_value` where there never was any.
    """
    rows = Account.objects.select_related(
        "order__edition", "order__customer", "location", "entitlement__offering"
    ).filter(order=order, bucket=Bucket.AVAILABLE)
    if entitlement is not None:
        return rows.get(entitlement=entitlement)
    held = rows.filter(
        holding=Holding.VALUE, location=location, flex_year=flex_year, unit=currency
    ).first()
    if held is None:
        raise Refused(
            "insufficient_value",
            clause="2.2-F6, 2.7-T22",
            field="quantity",
            left=Money(0, currency),
            asked=location.name,
        )
    return held


def give_up(
    account: Account, quantity: int | None, *, price: Money | None = None, on: date
) -> Given:
    """So much of a holding with its value at the price originally paid (2.7-T22).

    Parts of an entitlement given up one after another are worth the whole together.
    Exchange value is taken as far as the `price` asks for it. Without a quantity: all.

    Refuses `already_used`, `nothing_to_exchange`, and a quantity that isn't there.
    """
    entitlement, left = account.entitlement, account.balance
    if entitlement is None:
        asked = left if quantity is None else quantity
        asked = min(asked, price.minor) if price else asked
        _check_left(account, asked)
        return Given(account, asked, Money(asked, account.unit))
    if not left or _runs(entitlement, on):
        raise Refused("already_used", clause="2.7-T22", field="source")
    asked = left if quantity is None else quantity
    _check_left(account, asked)
    minor = worth(entitlement, left) - worth(entitlement, left - asked)
    if minor <= 0:
        raise Refused("nothing_to_exchange", clause="2.7-T22", field="source")
    return Given(account, asked, Money(minor, entitlement.currency))


def _check_left(account: Account, asked: int) -> None:
    if 0 < asked <= account.balance:
        return
    if asked <= 0:
        raise Refused(
            "quantity_invalid",
            clause="2.7-T22",
            field="quantity",
            quantity=asked,
            unit=account.unit,
        )
    if account.entitlement is None:
        raise Refused(
            "insufficient_value",
            clause="2.2-F6, 2.7-T22",
            field="quantity",
            left=Money(account.balance, account.unit),
            asked=Money(asked, account.unit),
        )
    code, clause = SHORT.get(account.unit, ("insufficient_units", "2.6-M8"))
    raise Refused(
        code, clause=clause, field="quantity", left=account.balance, asked=asked, unit=account.unit
    )


def _runs(entitlement: Entitlement | None, on: date) -> bool:
    """A standing subscription that has begun is being used: nothing of it is left to give."""
    return (
        entitlement is not None
        and entitlement.unit in STANDING_UNITS
        and on >= entitlement.usable_from
    )


def unit_prices(order: WorkOrder, offerings: Iterable[Offering]) -> dict[str, tuple[int, int]]:
    """What the customer paid for an offering in the order's currency: value and units, newest.

    By code, for units in which it would be exchanged; deliveries of credits don't count.
    """
    units = {one.code: unit_of(one) for one in offerings}
    rows = (
        Entitlement.objects.filter(
            order__customer=order.customer_id, currency=order.currency, offering__code__in=units
        )
        .exclude(Q(value_minor=0) | Q(funding=Funding.CREDITS))
        .order_by("granted_at", "pk")
        .values_list("offering__code", "unit", "value_minor", "granted")
    )
    return {code: (value, number) for code, unit, value, number in rows if units[code] == unit}
