"""What of a portfolio will lapse at the pace seen so far, in units and money, with its date."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from accounts.models import Customer, Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import request_deadline_binds
from services.scheduling.models import ServiceRequest
from services.scheduling.queries.paces import Key, histories_of, pace_key
from services.scheduling.rules import forecast as rules
from workorders.models import Account, Entitlement, WorkOrder
from workorders.models.orders import STANDING_UNITS, Unit
from workorders.queries.entitlements import worth
from workorders.queries.lapsing import last_day_of_use, zones_of
from workorders.queries.risk import in_usd
from workorders.queries.terms import last_day_of
from workorders.rules.milestones import request_cutoff
from workorders.rules.requests import request_is_in_time

Bucket = Account.Bucket
HOUR = 60


@dataclass(frozen=True, slots=True)
class Item:
    """An entitlement, a lot of credits, or exchange value with something left, and its forecast.

    US cents are at the rate frozen on the order, None where it states none.
    """

    account: Account
    booked: int
    asked: int
    last_day: date
    request_until: date
    history: rules.History
    outlook: rules.Outlook
    value_left: Money
    value_lapsing: Money
    usd_left: int | None
    usd_lapsing: int | None

    @property
    def order(self) -> WorkOrder:
        """Under which it can be used."""
        return self.account.order

    @property
    def customer(self) -> Customer:
        """Whose it is."""
        return self.account.order.customer

    @property
    def entitlement(self) -> Entitlement | None:
        """What is left; None for exchange value."""
        return self.account.entitlement

    @property
    def location(self) -> Location | None:
        """Where it can be used."""
        return self.account.location

    @property
    def left(self) -> int:
        """Neither used nor booked."""
        return self.account.balance

    @property
    def lapsing(self) -> int:
        """The units that will lapse."""
        return self.outlook.lapsing.result

    @property
    def value_expected(self) -> Money:
        """What the pace will still use."""
        return self.value_left - self.value_lapsing

    @property
    def is_certain(self) -> bool:
        """Whether no more of it can be requested."""
        return self.outlook.trust.level == "certain"

    def left_and_lapsing(self, currency: str) -> tuple[int, int] | None:
        """Both in minor units of its own currency or in US cents; None where no rate is known."""
        if currency == self.value_left.currency:
            return self.value_left.minor, self.value_lapsing.minor
        if currency != "USD" or self.usd_left is None or self.usd_lapsing is None:
            return None
        return self.usd_left, self.usd_lapsing


@dataclass(frozen=True, slots=True)
class _Held:
    """What is left of an account and booked of the same, before its forecast."""

    account: Account
    booked: int
    asked: int
    today: date
    last_day: date
    cutoff: date | None

    @property
    def as_rule(self) -> rules.Holding:
        """What the rule asks of it."""
        entitlement = self.account.entitlement
        first = entitlement.usable_from if entitlement else self.account.order.starts_on
        return rules.Holding(
            left=self.account.balance if self.account.bucket == Bucket.AVAILABLE else 0,
            booked=self.booked,
            asked=self.asked,
            first_day=first,
            last_day=self.last_day,
            request_until=self.cutoff,
            is_flex=bool(entitlement.flex_year if entitlement else self.account.flex_year),
            grain=HOUR if self.account.unit == Unit.MINUTE else 1,
        )


def forecast(
    viewer: User,
    *,
    now: datetime,
    customer: Customer | None = None,
    order: WorkOrder | None = None,
) -> list[Item]:
    """Everything that the viewer's customers have left, the first to lapse first.

    The number of queries doesn't grow with the customers. A request counts from the day
    on which its data is complete (2.8-C20); requests that credits pay for say nothing of
    how many credits they take, so they don't count.
    """
    accounts = list(_accounts(viewer, now, customer, order))
    zones = zones_of({account.order.customer_id for account in accounts})
    held = list(_held(accounts, zones, _asked(viewer, accounts, zones), now))
    histories = histories_of(viewer, {one.account.order.customer_id: one.today for one in held})
    groups: dict[Key | int, list[_Held]] = defaultdict(list)
    for one in held:
        groups[pace_key(one.account) or one.account.pk].append(one)
    items = [item for members in groups.values() for item in _items(members, histories)]
    return sorted(items, key=lambda item: (item.last_day, item.account.pk))


def _accounts(
    viewer: User, now: datetime, customer: Customer | None, order: WorkOrder | None
) -> "Iterable[Account]":
    rows = (
        Account.objects.visible_to(viewer)
        .filter(
            Q(holding=Account.Holding.ENTITLEMENT) | Q(holding=Account.Holding.VALUE),
            bucket__in=(Bucket.AVAILABLE, Bucket.RESERVED),
            balance__gt=0,
            order__executed_at__isnull=False,
            order__ends_on__gte=(now - timedelta(days=1)).date(),
        )
        .exclude(entitlement__unit__in=STANDING_UNITS)
        .select_related("order__customer", "order__edition", "location", "entitlement__offering")
        .prefetch_related("entitlement__offering__limits", "order__order_locations__location")
        .order_by("pk")
    )
    if customer is not None:
        rows = rows.filter(order__customer=customer)
    return rows.filter(order=order) if order is not None else rows


def _held(
    accounts: list[Account], zones: dict[int, str], asked: dict[int, int], now: datetime
) -> Iterator[_Held]:
    """One row for each thing that isn't over: what is left of it, or booked of it alone."""
    booked = {one.entitlement_id: one.balance for one in accounts if one.bucket == Bucket.RESERVED}
    left = {one.entitlement_id for one in accounts if one.bucket == Bucket.AVAILABLE}
    for account in accounts:
        if account.bucket == Bucket.RESERVED and account.entitlement_id in left:
            continue
        today = local_date(now, zones.get(account.order.customer_id, "UTC"))
        last_day = last_day_of_use(account)
        if today <= last_day:
            yield _Held(
                account,
                booked.get(account.entitlement_id, 0) if account.entitlement_id else 0,
                asked.get(account.entitlement_id or 0, 0),
                today,
                last_day,
                _cutoff(account, last_day),
            )


def _cutoff(account: Account, last_day: date) -> date | None:
    """The last day to request it, where that binds before it lapses.

    Not credits: they can still buy what the clause doesn't name, such as an Azure event
    (decision 0018).
    """
    entitlement = account.entitlement
    if entitlement is None or not request_deadline_binds(facts_of(entitlement.offering)):
        return None
    day = _order_cutoff(account.order)
    return day if day < last_day else None


def _order_cutoff(order: WorkOrder) -> date:
    return request_cutoff(terms_of(order.edition).request, order_end=last_day_of(order)).result


def _asked(viewer: User, accounts: list[Account], zones: dict[int, str]) -> dict[int, int]:
    """Units of waiting requests that came in time, by entitlement."""
    orders = {account.order_id: account.order for account in accounts}
    waiting = (
        ServiceRequest.objects.visible_to(viewer)
        .waiting()
        .filter(order__in=orders, data_completed_at__isnull=False)
        .exclude(entitlement__unit=Unit.CREDIT)
    )
    found: dict[int, int] = defaultdict(int)
    for row in waiting:
        order = orders[row.order_id]
        if request_is_in_time(
            _order_cutoff(order),
            requested=row.requested_at,
            data=row.data_completed_at,
            zone=zones.get(order.customer_id, "UTC"),
        ):
            found[row.entitlement_id] += row.quantity
    return found


# --- the forecast of a group ----------------------------------------------------------------


def _items(members: list[_Held], histories: dict[Key, rules.History]) -> Iterator[Item]:
    key = pace_key(members[0].account)
    history = histories.get(key, rules.History()) if key else rules.History()
    found = rules.outlooks(history, [one.as_rule for one in members], today=members[0].today)
    for one, outlook in zip(members, found, strict=True):
        if one.account.bucket == Bucket.AVAILABLE:
            yield _item(one, outlook, history, has_pace=key is not None)


def _item(one: _Held, outlook: rules.Outlook, history: rules.History, *, has_pace: bool) -> Item:
    account = one.account
    left, lapsing = _worth(account, account.balance), _worth(account, outlook.lapsing.result)
    if not has_pace:
        outlook = rules.Outlook(
            outlook.requestable, outlook.expected, outlook.lapsing, rules.Trust("weak", "no_pace")
        )
    return Item(
        account=account,
        booked=one.booked,
        asked=one.asked,
        last_day=one.last_day,
        request_until=one.cutoff or one.last_day,
        history=history,
        outlook=outlook,
        value_left=left,
        value_lapsing=lapsing,
        usd_left=in_usd(left, account.order),
        usd_lapsing=in_usd(lapsing, account.order),
    )


def _worth(account: Account, quantity: int) -> Money:
    entitlement = account.entitlement
    if entitlement is None:
        return Money(quantity, account.unit)
    return Money(worth(entitlement, quantity), entitlement.currency)
