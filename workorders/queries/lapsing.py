"""What is lost, in money, when a deadline passes unused; what is over and has something left."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q

from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from services.catalog.queries import facts_of
from services.catalog.rules.offering import request_deadline_binds
from workorders.models import Account, Deadline, WorkOrder
from workorders.models.orders import STANDING_UNITS
from workorders.queries.entitlements import worth
from workorders.queries.terms import flex_year_of, last_day_of

Bucket = Account.Bucket
Kind = Deadline.Kind


def lapsing_with(deadline: Deadline, *, at: Location | None = None) -> list[Money]:
    """What is left and not booked and can't be used after the deadline, one amount a currency.

    With the request cut-off what has to be requested by then, with the end of a contract
    year what its allowance paid for, with the expiry everything; exchange value too, as
    what it buys has to be requested (2.2-F6). Not credits with the cut-off, which binds what
    they buy (2.8-C20, decision 0018). `at` looks at one location alone.
    """
    if deadline.order_id is None or deadline.kind not in LOSSES:
        return []
    rows = Account.objects.filter(
        Q(holding=Account.Holding.ENTITLEMENT) | Q(holding=Account.Holding.VALUE),
        order=deadline.order_id,
        bucket=Bucket.AVAILABLE,
        balance__gt=0,
    ).exclude(unit__in=STANDING_UNITS)
    if at is not None:
        rows = rows.filter(location=at)
    sums: dict[str, int] = defaultdict(int)
    rows = rows.select_related("order", "entitlement__offering")
    for account in rows.prefetch_related("entitlement__offering__limits"):
        if not _is_lost_with(deadline, account):
            continue
        if account.entitlement is None:
            sums[account.unit] += account.balance
        else:
            sums[account.entitlement.currency] += worth(account.entitlement, account.balance)
    return [Money(minor, currency) for currency, minor in sorted(sums.items()) if minor]


def _is_lost_with(deadline: Deadline, account: Account) -> bool:
    entitlement = account.entitlement
    if deadline.kind == Kind.CONTRACT_YEAR_END:
        if entitlement is None:
            return account.flex_year is not None and last_day_of_use(account) == deadline.due_on
        return entitlement.flex_year is not None and entitlement.usable_until == deadline.due_on
    if deadline.kind == Kind.REQUEST_CUTOFF and entitlement is not None:
        return request_deadline_binds(facts_of(entitlement.offering))
    return True


LOSSES = frozenset({Kind.REQUEST_CUTOFF, Kind.CONTRACT_YEAR_END, Kind.EXPIRY})

# A day is over first where clocks are fourteen hours ahead of UTC.
EARLIEST = timedelta(hours=14)


def holdings_over(*, now: datetime) -> list[Account]:
    """What is left of everything whose last usable day is over at the host (0-C13).

    Two queries: what may be over somewhere on earth with something left, and the zones.
    """
    latest = (now + EARLIEST).date()
    ended = Q(order__ends_on__lt=latest) | Q(order__terminated_on__lt=latest)
    entitled = Q(holding=Account.Holding.ENTITLEMENT)
    value = Q(holding=Account.Holding.VALUE)
    rows = (
        Account.objects.filter(
            entitled & (Q(entitlement__usable_until__lt=latest) | ended)
            | value & (Q(flex_year__isnull=False, order__starts_on__lt=latest) | ended),
            bucket=Bucket.AVAILABLE,
            balance__gt=0,
        )
        .select_related("order__customer", "order__edition", "entitlement")
        .order_by("pk")
    )
    accounts = list(rows)
    zones = zones_of(account.order.customer_id for account in accounts)
    return [
        account
        for account in accounts
        if local_date(now, zones.get(account.order.customer_id, "UTC")) > last_day_of_use(account)
    ]


def year_of(account: Account) -> int | None:
    """The contract year whose allowance paid for what it holds (2.2-F4)."""
    return account.entitlement.flex_year if account.entitlement else account.flex_year


def last_day_of_use(account: Account) -> date:
    """The last day on which the holding can be used; the order's own end comes first (X-29)."""
    order_end = last_day_of(account.order)
    if account.entitlement is not None:
        return min(account.entitlement.usable_until, order_end)
    if account.flex_year is not None:
        return flex_year_of(account.order, account.flex_year).last_day
    return order_end


def zones_of(customers: Iterable[int]) -> dict[int, str]:
    """The time zones of the customers' hosts, in which contract dates count (0-C13)."""
    hosts = Location.objects.filter(customer__in=set(customers), role=Location.Role.HOST)
    return dict(hosts.values_list("customer", "time_zone"))


def exchange_value(order: WorkOrder, *, viewer: User | None = None) -> list[Account]:
    """Exchange value of the order that is there, by location and contract year."""
    accounts = Account.objects.visible_to(viewer) if viewer else Account.objects.all()
    rows = accounts.filter(
        order=order, holding=Account.Holding.VALUE, bucket=Bucket.AVAILABLE, balance__gt=0
    )
    return list(rows.select_related("location", "order__edition").order_by("flex_year", "pk"))
