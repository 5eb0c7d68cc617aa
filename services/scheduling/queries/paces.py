"""How fast services were used so far: by customer, service, location and unit."""

from collections import defaultdict
from datetime import date
from typing import TypeAlias

from django.db.models import Count, Sum

from accounts.models import User
from services.scheduling.rules import forecast as rules
from workorders.models import Account, Entitlement, Transfer

Kind = Transfer.Kind
# What shares a pace: a customer's service at a location, in its unit.
Key: TypeAlias = tuple[int, str, int, str]
# What counts as use. Credits given back were not used.
USES: dict[str, int] = {Kind.DELIVER: 1, Kind.REDEEM: 1, Kind.RETURN: -1}


def pace_key(account: Account) -> Key | None:
    """What it shares its pace with; exchange value has none, it is spent by decision."""
    entitlement = account.entitlement
    if entitlement is None:
        return None
    code = entitlement.offering.code
    return account.order.customer_id, code, entitlement.location_id, entitlement.unit


def histories_of(viewer: User, days: dict[int, date]) -> dict[Key, rules.History]:
    """The pace of each service at each location; two queries for all of them.

    `days` is today by customer.
    """
    if not days:
        return {}
    since = rules.counted_since(min(days.values()))
    periods: dict[Key, list[tuple[date, date]]] = defaultdict(list)
    rows = Entitlement.objects.visible_to(viewer).filter(
        order__customer__in=days, usable_until__gte=since
    )
    for *key, first, last, terminated in rows.order_by().values_list(
        "order__customer", "offering__code", "location", "unit",
        "usable_from", "usable_until", "order__terminated_on",
    ):  # fmt: skip
        periods[_as_key(key)].append((first, min(last, terminated) if terminated else last))
    used = _used(viewer, days, since)
    return {
        key: rules.History(
            units=max(used.get(key, (0, 0))[0], 0),
            uses=used.get(key, (0, 0))[1],
            days=rules.days_seen(several, today=days[key[0]]),
        )
        for key, several in periods.items()
    }


def _used(viewer: User, days: dict[int, date], since: date) -> dict[Key, tuple[int, int]]:
    """Units and acts of use by what shares a pace, each up to its customer's yesterday."""
    moved = (
        Transfer.objects.visible_to(viewer)
        .filter(order__customer__in=days, kind__in=USES, on__gte=since, reversed_by=None)
        .exclude(debit__entitlement=None)
        .order_by()
        .values_list(
            "order__customer",
            "debit__entitlement__offering__code",
            "debit__entitlement__location",
            "debit__entitlement__unit",
            "kind",
            "on",
        )
        .annotate(Sum("amount"), Count("group", distinct=True))
    )
    found: dict[Key, tuple[int, int]] = {}
    for *parts, kind, on, amount, acts in moved:
        key = _as_key(parts)
        today = days[key[0]]
        if not rules.counted_since(today) <= on < today:
            continue
        units, uses = found.get(key, (0, 0))
        sign = USES[kind]
        found[key] = (units + sign * amount, max(uses + sign * acts, 0))
    return found


def _as_key(parts: list[object]) -> Key:
    customer, code, location, unit = parts
    return int(str(customer)), str(code), int(str(location)), str(unit)
