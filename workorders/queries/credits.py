"""Proactive credits: lots by location, what a redemption or a move would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from accounts.models import Location, User
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Named, Refused
from accounts.wording import formats
from services.catalog.models import CreditValue, Offering
from services.catalog.queries import facts_of
from workorders.models import Account, Entitlement, OrderLocation, WorkOrder
from workorders.models.ledger import AccountQuerySet
from workorders.models.orders import Unit
from workorders.queries.agreement import purchasable_under
from workorders.queries.entitlements import worth
from workorders.queries.locations import listed_locations, support_locations
from workorders.queries.offered import check_sold
from workorders.queries.terms import last_day_of
from workorders.rules import credits as rules
from workorders.rules.locations import SupportLocation, check_location
from workorders.rules.purchase import check_on_list
from workorders.rules.term import check_day_in_term

Bucket = Account.Bucket


@dataclass(frozen=True, slots=True)
class Lot:
    """Credits of one grant: what is left of them and until when they can be used."""

    entitlement: Entitlement
    available: Account
    left: int

    @property
    def value_left(self) -> Money:
        """What the credits left were worth when granted."""
        return Money(worth(self.entitlement, self.left), self.entitlement.currency)


@dataclass(frozen=True, slots=True)
class CreditBalance:
    """The credits of a location, the first to lapse first."""

    location: Location
    usable: int
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class RedemptionQuote:
    """What services cost in credits on a day, line by line, and what remains."""

    balance: int
    credit_value: Explained[Money]
    lines: tuple[Explained[int], ...]
    redemption: Explained[rules.Redemption]


@dataclass(frozen=True, slots=True)
class TransferQuote:
    """What moving credits debits and credits, both rates included; binding on its day."""

    source: Location
    target: Location
    approved_on: date
    balance: int
    rate: Explained[Fraction]
    transfer: Explained[rules.CreditTransfer]

    @property
    def debited(self) -> int:
        """Whole credits that leave the source."""
        return self.transfer.result.debited

    @property
    def received(self) -> int:
        """Whole credits that arrive at the target."""
        return self.transfer.result.received


def credit_balances(
    order: WorkOrder, *, on: date, viewer: User | None = None
) -> list[CreditBalance]:
    """The credits of each location that has any, with their lots; one query."""
    accounts = Account.objects.visible_to(viewer) if viewer else Account.objects.all()
    by_location: dict[int, list[Lot]] = {}
    for lot in _lots(accounts.filter(order=order)):
        by_location.setdefault(lot.entitlement.location_id, []).append(lot)
    return [
        CreditBalance(
            lots[0].entitlement.location,
            sum(lot.left for lot in lots if is_usable(lot.entitlement, on)),
            tuple(lots),
        )
        for lots in by_location.values()
    ]


def usable_lots(
    order: WorkOrder, location: Location, *, on: date, locked: bool = False
) -> list[Lot]:
    """The lots from which credits can be taken on a day, the first to lapse first.

    `locked` keeps them until the transaction ends; the locks are taken in key order.
    """
    accounts = Account.objects.filter(order=order, location=location)
    if locked:
        held = accounts.filter(bucket=Bucket.AVAILABLE, unit=Unit.CREDIT).order_by("pk")
        list(held.select_for_update(of=("self",), no_key=True).values_list("pk"))
    return [lot for lot in _lots(accounts) if lot.left > 0 and is_usable(lot.entitlement, on)]


def is_usable(entitlement: Entitlement, on: date) -> bool:
    """Whether a day lies within the days of use, both included."""
    return entitlement.usable_from <= on <= entitlement.usable_until


def credit_value(country: str, on: date) -> Explained[Money]:
    """What one credit is worth in a country on a day (2.3-PC2)."""
    values = CreditValue.objects.filter(country=country).order_by("valid_from")
    return rules.credit_value_on(
        [rules.DatedCreditValue(v.valid_from, Money(v.value_minor, v.currency)) for v in values],
        on,
        country=Named(country, formats.country(country)),
    )


def redemption_quote(
    order: WorkOrder,
    *,
    location: Location,
    lines: Sequence[tuple[Offering, Money]],
    on: date,
    balance: int | None = None,
) -> RedemptionQuote:
    """What these services take from the location's credits; refuses as the rules do."""
    check_order_open(order, on)
    value = credit_value(location.country, on)
    facts = [facts_of(offering) for offering, _value in lines]
    listed = listed_locations(order)
    place = support_locations(order, listed)[location.pk]
    purchasable = purchasable_under(order, on)
    for fact, (offering, worth_of_it) in zip(facts, lines, strict=True):
        check_on_list(fact, purchasable)
        check_sold(offering, location, on)
        check_location(fact, place, under_own_order=place.own_work_order)
        if worth_of_it.currency != value.result.currency:
            raise Refused(
                "wrong_currency",
                clause="2.3-PC2",
                field="value",
                expected=value.result.currency,
                given=worth_of_it.currency,
            )
        if worth_of_it.minor <= 0:
            raise Refused("amount_invalid", field="value", amount=worth_of_it)
    if balance is None:
        balance = sum(lot.left for lot in usable_lots(order, location, on=on))
    whole = rules.redemption(
        [
            rules.RedemptionLine(fact, worth_of_it, offering.name)
            for fact, (offering, worth_of_it) in zip(facts, lines, strict=True)
        ],
        credit_value=value.result,
        balance=balance,
    )
    return RedemptionQuote(
        balance, value, tuple(_line(worth_of_it, value, on) for _, worth_of_it in lines), whole
    )


def transfer_quote(
    order: WorkOrder,
    *,
    source: Location,
    target: Location,
    credits_moved: int | Decimal,
    on: date,
    balance: int | None = None,
) -> TransferQuote:
    """What moving credits would do if it were approved on that day; moves nothing."""
    check_order_open(order, on)
    listed = listed_locations(order)
    places = support_locations(order, listed)
    start, end = places.get(source.pk), places.get(target.pk)
    if start is None or end is None:
        raise ValueError("both locations belong to the order's customer")
    if balance is None:
        balance = sum(lot.left for lot in usable_lots(order, source, on=on))
    rate = _rate_between(order, source, target, (start, end), on)
    moved = rules.credit_transfer(
        start, end, credits_moved=credits_moved, rate=rate.result, balance=balance
    )
    return TransferQuote(source, target, on, balance, rate, moved)


def check_order_open(order: WorkOrder, on: date) -> None:
    """Refuse a day on which the order isn't in force; its first and last day are."""
    if order.executed_at is None:
        raise Refused("not_executed", clause="1-A4")
    check_day_in_term(on, last_day=last_day_of(order), first_day=order.starts_on)


def _rate_between(
    order: WorkOrder,
    source: Location,
    target: Location,
    ends: tuple[SupportLocation, SupportLocation],
    on: date,
) -> Explained[Fraction]:
    """The rate of the day. Ends that may not take part are refused before any rate is asked."""
    rules.credit_transfer(*ends, credits_moved=1, rate=Fraction(1), balance=1)
    frozen = {
        row.location_id: row.units_per_usd for row in OrderLocation.objects.filter(order=order)
    }
    prices = []
    for location in (source, target):
        value = credit_value(location.country, on).result
        units = order.units_per_usd if value.currency == order.currency else None
        if units is None and value.currency == location.currency:
            units = frozen.get(location.pk)
        prices.append(rules.CreditPrice(value, units, location.name))
    return rules.transfer_rate(*prices)


def _line(value: Money, credit: Explained[Money], on: date) -> Explained[int]:
    """The deduction of one service, with the value of a credit on the day of approval."""
    deducted = rules.credits_for(value, credit_value=credit.result)
    return Explained(
        deducted.result,
        inputs=(("approved_on", on), *deducted.inputs),
        steps=(*credit.steps[:1], *deducted.steps),
        clauses=credit.clauses + deducted.clauses,
        readings=deducted.readings,
    )


def _lots(accounts: AccountQuerySet) -> list[Lot]:
    rows = (
        accounts.filter(bucket=Bucket.AVAILABLE, unit=Unit.CREDIT, entitlement__isnull=False)
        .select_related("entitlement__location", "entitlement__offering")
        .order_by(
            "-location__role", "location__name", "entitlement__usable_until", "entitlement_id"
        )
    )
    return [Lot(row.entitlement, row, row.balance) for row in rows if row.entitlement]
