"""What can be booked or asked for: entitlements and credits with what is left of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from services.catalog.models import Offering
from services.catalog.queries import facts_of
from services.catalog.rules.offering import credits_may_buy
from workorders.models import Account, Entitlement, WorkOrder
from workorders.models.orders import Funding, Unit
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

Category = Offering.Category
# What is there all the time is used, not scheduled.
STANDING = frozenset({Category.SUCCESS_MANAGEMENT, Category.REACTIVE})
STANDING_UNITS = frozenset({Unit.TENANT, Unit.SUBSCRIPTION})


@dataclass(frozen=True, slots=True)
class Bookable:
    """An entitlement, or the credits of a location, with what is left."""

    entitlement: Entitlement
    left: int

    @property
    def is_credits(self) -> bool:
        """Credits buy a service first."""
        return self.entitlement.unit == Unit.CREDIT


def bookables(
    user: "User | AnonymousUser", *, customer: Customer | None, now: datetime
) -> list[Bookable]:
    """What is left and can still be used, the first to lapse first; one query.

    The lots of credits of one order and location are one choice.
    """
    if customer is None:
        return []
    today = local_date(now, zone_of(customer))
    rows = (
        Account.objects.visible_to(user)
        .filter(
            order__customer=customer,
            order__executed_at__isnull=False,
            bucket=Account.Bucket.AVAILABLE,
            balance__gt=0,
            entitlement__usable_until__gte=today,
        )
        .select_related(
            "entitlement__offering",
            "entitlement__location",
            "entitlement__line",
            "entitlement__order__customer",
            "entitlement__order__edition",
        )
        .prefetch_related("entitlement__offering__limits")
        .order_by(
            "entitlement__offering__position",
            "entitlement__location__name",
            "entitlement__usable_until",
            "entitlement_id",
        )
    )
    found: list[Bookable] = []
    lots: dict[tuple[int, int], int] = {}
    for row in rows:
        entitlement = row.entitlement
        if entitlement is None or not is_schedulable(entitlement):
            continue
        if entitlement.unit != Unit.CREDIT:
            found.append(Bookable(entitlement, row.balance))
        elif (key := (entitlement.order_id, entitlement.location_id)) in lots:
            earlier = found[lots[key]]
            found[lots[key]] = Bookable(earlier.entitlement, earlier.left + row.balance)
        else:
            lots[key] = len(found)
            found.append(Bookable(entitlement, row.balance))
    return found


def is_schedulable(entitlement: Entitlement) -> bool:
    """Sessions, deliveries, hours and credits; not what simply stands ready."""
    if entitlement.unit in STANDING_UNITS:
        return False
    return entitlement.unit == Unit.MINUTE or entitlement.offering.category not in STANDING


def services_for_credits(order: WorkOrder) -> list[Offering]:
    """The services of the order's edition that credits can buy (2.3-PC4)."""
    offerings = Offering.objects.filter(edition=order.edition_id, is_group=False)
    return [
        offering
        for offering in offerings.prefetch_related("limits")
        if credits_may_buy(facts_of(offering))
    ]


def prospective(
    lot: Entitlement, *, offering: Offering, value: Money, now: datetime
) -> Entitlement:
    """The entitlement that redeeming credits would make; not saved."""
    order = lot.order
    return Entitlement(
        order=order,
        offering=offering,
        location=lot.location,
        unit=Unit.EACH,
        granted=1,
        value_minor=value.minor,
        currency=value.currency,
        funding=Funding.CREDITS,
        usable_from=local_date(now, zone_of(order.customer)),
        usable_until=last_day_of(order),
        granted_at=now,
    )
