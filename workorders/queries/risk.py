"""What will lapse unused, in money, and how an agreement's use keeps pace with its term."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from django.db.models import Q

from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money, half_up
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import request_deadline_binds
from workorders.models import Account, Entitlement, WorkOrder
from workorders.models.orders import STANDING_UNITS, Funding
from workorders.queries.entitlements import can_be_left, worth
from workorders.queries.lapsing import last_day_of_use, zones_of
from workorders.queries.terms import last_day_of
from workorders.rules.milestones import request_cutoff

Bucket = Account.Bucket
Urgency: TypeAlias = Literal["past_cutoff", "within_90_days", "later"]
SOON = timedelta(days=90)
# What a bucket counts towards. Credits moved away were granted once and arrived elsewhere.
COUNTED: dict[str, tuple[tuple[str, int], ...]] = {
    Bucket.ISSUED: (("granted", 1),),
    Bucket.TRANSFERRED: (("granted", -1),),
    Bucket.DELIVERED: (("used", 1),),
    Bucket.CHARGED: (("used", 1),),
    Bucket.REDEEMED: (("used", 1),),
    Bucket.RESERVED: (("booked", 1),),
}


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Something left and not booked: until when it can be used, and what it is worth.

    `usd_minor` is None where the order states no rate to the dollar.
    """

    account: Account
    last_day: date
    value: Money
    usd_minor: int | None
    urgency: Urgency

    @property
    def entitlement(self) -> Entitlement | None:
        """What would lapse; None for exchange value."""
        return self.account.entitlement


@dataclass(slots=True)
class RiskMonth:
    """What lapses in one calendar month, in US cents by urgency."""

    month: date
    usd_minor: dict[Urgency, int] = field(
        default_factory=lambda: {"past_cutoff": 0, "within_90_days": 0, "later": 0}
    )
    items: list[AtRisk] = field(default_factory=list)

    @property
    def total_usd_minor(self) -> int:
        """All urgencies together."""
        return sum(self.usd_minor.values())


@dataclass(frozen=True, slots=True)
class Pace:
    """Shares of the term that is over and of the value that is used, in whole percent.

    Used is delivered, redeemed, or kept as a charge;
    `booked_percent` comes on top. None: nothing was granted.
    """

    order: WorkOrder
    term_percent: int
    used_percent: int | None
    booked_percent: int | None


def value_at_risk(
    viewer: User,
    *,
    now: datetime,
    customer: Customer | None = None,
    order: WorkOrder | None = None,
) -> list[AtRisk]:
    """What the viewer's customers can still use and nobody has booked, the first to lapse first.

    Past cut-off: the last day to request it is over at the host location (2.8-C20).
    Standing subscriptions aren't called off, so nothing of them is left. The number of
    queries doesn't grow with the customers.
    """
    rows = (
        Account.objects.visible_to(viewer)
        .filter(
            Q(holding=Account.Holding.ENTITLEMENT) | Q(holding=Account.Holding.VALUE),
            bucket=Bucket.AVAILABLE,
            balance__gt=0,
            order__executed_at__isnull=False,
            order__ends_on__gte=(now - timedelta(days=1)).date(),
        )
        .exclude(entitlement__unit__in=STANDING_UNITS)
        .select_related("order__customer", "order__edition", "location", "entitlement__offering")
        .prefetch_related("entitlement__offering__limits", "order__order_locations__location")
    )
    if customer is not None:
        rows = rows.filter(order__customer=customer)
    if order is not None:
        rows = rows.filter(order=order)
    accounts = list(rows)
    zones = zones_of({account.order.customer_id for account in accounts})
    found = []
    for account in accounts:
        today = local_date(now, zones.get(account.order.customer_id, "UTC"))
        one = _at_risk(account, today)
        if today <= one.last_day:
            found.append(one)
    return sorted(found, key=lambda one: (one.last_day, one.account.pk))


def risk_by_month(items: Iterable[AtRisk]) -> list[RiskMonth]:
    """The same by month of lapse; what has no rate to the dollar counts as nothing there."""
    months: dict[date, RiskMonth] = {}
    for one in items:
        first = one.last_day.replace(day=1)
        month = months.setdefault(first, RiskMonth(first))
        month.usd_minor[one.urgency] += one.usd_minor or 0
        month.items.append(one)
    return [months[first] for first in sorted(months)]


def paces(orders: Iterable[WorkOrder], *, now: datetime) -> list[Pace]:
    """How use keeps pace with the term, for several executed orders in two queries."""
    orders = list(orders)
    zones = zones_of({order.customer_id for order in orders})
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for account in Account.objects.filter(
        order__in=orders, holding=Account.Holding.ENTITLEMENT, balance__gt=0
    ).select_related("entitlement"):
        entitlement = account.entitlement
        if entitlement is None or not can_be_left(entitlement):
            continue  # nothing of it is called off
        if entitlement.funding == Funding.CREDITS:
            continue  # bought with credits, which count already
        value = worth(entitlement, account.balance)
        for total, sign in COUNTED.get(account.bucket, ()):
            sums[total][account.order_id] += sign * value
    return [
        Pace(
            order,
            _term_percent(order, local_date(now, zones.get(order.customer_id, "UTC"))),
            _percent(sums["used"][order.pk], sums["granted"][order.pk]),
            _percent(sums["booked"][order.pk], sums["granted"][order.pk]),
        )
        for order in orders
    ]


def in_usd(value: Money, order: WorkOrder) -> int | None:
    """US cents at the rate frozen on the order (2.2-F8), half up; None without a rate."""
    if value.currency == "USD":
        return value.minor
    rate = order.units_per_usd if value.currency == order.currency else _listed_rate(order, value)
    if rate is None:
        return None
    return half_up(Fraction(value.decimal) / Fraction(rate) * 100)


def _listed_rate(order: WorkOrder, value: Money) -> Decimal | None:
    for row in order.order_locations.all():
        if row.location.currency == value.currency and row.units_per_usd is not None:
            return row.units_per_usd
    return None


def _at_risk(account: Account, today: date) -> AtRisk:
    order, entitlement = account.order, account.entitlement
    last = last_day_of_use(account)
    if entitlement is not None:
        value = Money(worth(entitlement, account.balance), entitlement.currency)
    else:
        value = Money(account.balance, account.unit)
    return AtRisk(account, last, value, in_usd(value, order), _urgency(account, last, today))


def _urgency(account: Account, last: date, today: date) -> Urgency:
    if account.entitlement is not None and _is_too_late(account.order, account.entitlement, today):
        return "past_cutoff"
    return "within_90_days" if last - today <= SOON else "later"


def _is_too_late(order: WorkOrder, entitlement: Entitlement, today: date) -> bool:
    """Whether it can't be requested any more, although it could still be delivered.

    Credits never: the cut-off binds what they buy, and they buy what it doesn't name
    (2.8-C20, X-41, decision 0018).
    """
    if not request_deadline_binds(facts_of(entitlement.offering)):
        return False
    terms = terms_of(order.edition).request
    return today > request_cutoff(terms, order_end=last_day_of(order)).result


def _term_percent(order: WorkOrder, today: date) -> int:
    """How much of the term is over, today included; whole percent, cut off."""
    # An amendment can end with its order before it begins.
    days = max((last_day_of(order) - order.starts_on).days + 1, 1)
    over = min(max((today - order.starts_on).days + 1, 0), days)
    return over * 100 // days


def _percent(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None
