"""Who holds an offering now: entitlements in force with what is left of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from services.scheduling.queries.choices import is_schedulable
from workorders.models import Account, Entitlement
from workorders.models.orders import Unit
from workorders.queries.terms import last_day_of

Bucket = Account.Bucket


@dataclass(frozen=True, slots=True)
class Held:
    """An entitlement in force, with units left and units booked."""

    entitlement: Entitlement
    left: int
    booked: int

    @property
    def is_credits(self) -> bool:
        """Credits are redeemed for a service, not booked."""
        return self.entitlement.unit == Unit.CREDIT

    @property
    def can_be_asked_for(self) -> bool:
        """Whether something of it can still be put on a date."""
        return bool(self.left) and not self.is_credits and is_schedulable(self.entitlement)


def held_of(codes: Collection[str], *, viewer: User, now: datetime) -> list[Held]:
    """Entitlements to offerings with these codes, of any edition, that `viewer` may see.

    In force are those whose days of use, both included, hold today's date at the customer's
    host, while the order isn't terminated. By customer, then the first to end first; two
    queries whatever the size.

    Clause: 2.7-T10, 0-C13
    """
    around = now.date()
    rows = (
        Account.objects.visible_to(viewer)
        .filter(
            holding=Account.Holding.ENTITLEMENT,
            bucket__in=[Bucket.AVAILABLE, Bucket.RESERVED],
            order__executed_at__isnull=False,
            entitlement__offering__code__in=codes,
            entitlement__usable_from__lte=around + timedelta(days=1),
            entitlement__usable_until__gte=around - timedelta(days=1),
        )
        .select_related(
            "entitlement__offering", "entitlement__location", "entitlement__order__customer"
        )
        .order_by(
            "entitlement__order__customer__name",
            "entitlement__usable_until",
            "entitlement__location__name",
            "entitlement_id",
        )
    )
    balances: dict[int, dict[str, int]] = {}
    entitlements: dict[int, Entitlement] = {}
    for row in rows:
        if row.entitlement is not None:
            entitlements[row.entitlement.pk] = row.entitlement
            balances.setdefault(row.entitlement.pk, {})[row.bucket] = row.balance
    zones = _zones(entitlements.values())
    return [
        Held(one, balances[pk].get(Bucket.AVAILABLE, 0), balances[pk].get(Bucket.RESERVED, 0))
        for pk, one in entitlements.items()
        if _is_in_force(one, now=now, zone=zones.get(one.order.customer_id, "UTC"))
    ]


def _zones(entitlements: Collection[Entitlement]) -> dict[int, str]:
    """The zone of each customer's host; one query where there is anything to ask."""
    if not entitlements:
        return {}
    customers = {one.order.customer_id for one in entitlements}
    hosts = Location.objects.filter(customer__in=customers, role=Location.Role.HOST)
    return dict(hosts.values_list("customer", "time_zone"))


def _is_in_force(entitlement: Entitlement, *, now: datetime, zone: str) -> bool:
    today = local_date(now, zone)
    last_day = min(entitlement.usable_until, last_day_of(entitlement.order))
    return entitlement.usable_from <= today <= last_day
