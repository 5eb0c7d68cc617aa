"""Exchanges: what may be given up for what, and every figure before anything moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, Sum

from accounts.models import Location, User
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Availability, Offering
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import (
    OfferingFacts,
    flex_is_capped,
    request_deadline_binds,
)
from workorders.models import Account, Entitlement, Exchange, FlexYear, WorkOrder
from workorders.models.orders import STANDING_UNITS, Funding, Unit
from workorders.queries.agreement import base_order
from workorders.queries.entitlements import worth
from workorders.queries.lapsing import last_day_of_use
from workorders.queries.line_findings import units_for
from workorders.queries.locations import is_own_order, listed_locations, support_locations
from workorders.queries.terms import flex_year_of, last_day_of
from workorders.rules.exchange import CappedFlex, Exchangeable, Exchanged, Payment, exchange
from workorders.rules.flex import flex_ceiling
from workorders.rules.locations import check_assignment
from workorders.rules.milestones import request_cutoff
from workorders.rules.purchase import (
    Assistance,
    Quantity,
    check_assistance,
    check_purchase,
    sells_assistance,
)
from workorders.rules.rescue import needs_a_line
from workorders.rules.term import Period

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


@dataclass(frozen=True, slots=True)
class FlexMix:
    """The ceiling of the contract year, and what credits and custom work take of it."""

    ceiling: Explained[Money]
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class ExchangeQuote:
    """What an exchange would do on a day: money, units, days of use, papers."""

    order: WorkOrder
    given: Given
    wish: Wish
    on: date
    exchanged: Explained[Exchanged]
    usable_from: date
    usable_until: date
    request_until: date | None
    asks_for_writing: bool
    mix: FlexMix | None

    @property
    def figures(self) -> Exchanged:
        """The equal part, what is paid on top, what remains."""
        return self.exchanged.result

    @property
    def left_after(self) -> int:
        """Units, or money in minor units, that stay where something is given up."""
        return self.account.balance - self.given.quantity

    @property
    def account(self) -> Account:
        """Where it is taken from."""
        return self.given.account

    @property
    def unit(self) -> str:
        """In what the new service is counted."""
        return unit_of(self.wish.offering)

    @property
    def too_late_to_request(self) -> bool:
        """The new service can't be requested any more, although it could be delivered."""
        return self.request_until is not None and self.on > self.request_until


def unit_of(offering: Offering) -> str:
    """In what a service is counted when it is exchanged for: deliveries before hours."""
    possible = units_for(offering)
    return str(next(unit for unit in PREFERRED_UNITS if unit in possible))


def wanted_offerings(order: WorkOrder) -> list[Offering]:
    """What can be exchanged for under the order's edition, in the catalogue's order."""
    rows = Offering.objects.filter(edition=order.edition_id, is_group=False)
    return [
        one
        for one in rows.prefetch_related("limits").order_by("position")
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


def exchange_quote(
    order: WorkOrder, *, given: Given, wish: Wish, on: date, agreed: bool = True
) -> ExchangeQuote:
    """What replacing `given` by `wish` on a day does; refuses as the rules do."""
    facts = facts_of(wish.offering)
    last_day = last_day_of_use(given.account)
    _check_wish(order, given, wish, facts)
    ordered, wanted, mix = _sides(order, given, wish, facts)
    terms: dict[str, object] = {
        "used": False,
        "available": _is_sold(facts, wish, on),
        "agreed": agreed,
        "paid_with": _paid_with(given),
        "last_day": last_day,
        "on": on,
        "multi_country": order.multi_country,
        "capped_flex": CappedFlex(mix.ceiling.result, mix.before) if mix else None,
    }
    made: Explained[Exchanged] = exchange(ordered, wanted, written_agreement=True, **terms)  # type: ignore[arg-type]
    usable_from, usable_until = days_of_use(order, given.flex_year, on)
    _check_buying(order, wish, facts, on)
    return ExchangeQuote(
        order=order,
        given=given,
        wish=wish,
        on=on,
        exchanged=made,
        usable_from=usable_from,
        usable_until=usable_until,
        request_until=last_request(order, facts),
        asks_for_writing=_asks_for_writing(ordered, wanted, terms),
        mix=mix and _mix_after(mix, given, facts, made.result),
    )


def days_of_use(order: WorkOrder, flex_year: int | None, on: date) -> tuple[date, date]:
    """From when and until when the new service can be used: its contract year, or the order.

    Refuses `order_ended` when that is over (2.2-F6, 2.7-T10).
    """
    first, last = order.starts_on, last_day_of(order)
    if flex_year is not None:
        year = flex_year_of(order, flex_year)
        first, last = year.first_day, min(last, year.last_day)
    if on > last:
        raise Refused("order_ended", clause="2.7-T10, 2.7-T22", field="date", last_day=last)
    return max(first, on), last


def last_request(order: WorkOrder, facts: OfferingFacts) -> date | None:
    """The last day to request the service, where the request deadline binds it (2.8-C20)."""
    if not request_deadline_binds(facts):
        return None
    terms = terms_of(order.edition).request
    return request_cutoff(terms, order_end=last_day_of(order)).result


def flex_mix(order: WorkOrder, flex_year: int, *, given: Entitlement | None = None) -> FlexMix:
    """The year's ceiling and what its credits and custom work take of it (2.2-F3).

    What was given up or moved away counts no more, what was bought on top of an exchange
    not at all, except with the service that is `given` up now: it leaves with its value.
    Refuses `rate_required`.
    """
    year = FlexYear.objects.filter(order=order, number=flex_year).first()
    allotment = Money(year.allotment_minor if year else 0, order.currency)
    ceiling = flex_ceiling(
        terms_of(order.edition).flex, allotment=allotment, units_per_usd=order.units_per_usd
    )
    taken = Money(_capped_minor(order, flex_year, given), order.currency)
    return FlexMix(ceiling, taken, taken)


def _capped_minor(order: WorkOrder, flex_year: int, given: Entitlement | None) -> int:
    gone = Q(accounts__bucket__in=(Bucket.EXCHANGED, Bucket.TRANSFERRED))
    rows = (
        Entitlement.objects.filter(
            order=order, flex_year=flex_year, offering__flex=Offering.Flex.CAPPED
        )
        .annotate(gone=Sum("accounts__balance", filter=gone, default=0))
        .select_related("exchange")
    )
    total = 0
    for one in rows:
        kept = one.granted - one.gone  # type: ignore[attr-defined] # annotated above
        total += worth(one, kept)
        made: Exchange | None = getattr(one, "exchange", None)
        if made is not None and one != given:
            total -= made.extra_minor * kept // one.granted
    return max(total, 0)


def _mix_after(mix: FlexMix, given: Given, facts: OfferingFacts, made: Exchanged) -> FlexMix:
    after = mix.before
    if given.entitlement and given.entitlement.offering.flex == Offering.Flex.CAPPED:
        after -= given.value
    if flex_is_capped(facts):
        after += made.equal_part
    return FlexMix(mix.ceiling, mix.before, after)


def _sides(
    order: WorkOrder, given: Given, wish: Wish, facts: OfferingFacts
) -> tuple[Exchangeable, Exchangeable, FlexMix | None]:
    """Both sides as the rule takes them; the ceiling where it counts."""
    entitlement = given.entitlement
    before = facts_of(entitlement.offering) if entitlement else None
    ordered = Exchangeable(
        before, given.value, given.account.location.name if given.account.location else None
    )
    wanted = Exchangeable(facts, wish.price, wish.location.name)
    mix = None
    capped = flex_is_capped(facts) or (before is not None and flex_is_capped(before))
    if given.flex_year is not None and capped:
        mix = flex_mix(order, given.flex_year, given=entitlement)
    return ordered, wanted, mix


def _asks_for_writing(
    ordered: Exchangeable, wanted: Exchangeable, terms: dict[str, object]
) -> bool:
    try:
        exchange(ordered, wanted, written_agreement=False, **terms)  # type: ignore[arg-type]
    except Refused as refused:
        return refused.code == "written_agreement_required"
    return False


def _paid_with(given: Given) -> Payment:
    if given.flex_year is not None:
        return "flex"
    entitlement = given.entitlement
    return "credits" if entitlement and entitlement.funding == Funding.CREDITS else "money"


def _check_left(account: Account, asked: int) -> None:
    if 0 < asked <= account.balance:
        return
    if asked <= 0:
        raise Refused("quantity_invalid", clause="2.7-T22", field="quantity", quantity=asked)
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


def _check_wish(order: WorkOrder, given: Given, wish: Wish, facts: OfferingFacts) -> None:
    """What is wanted is sold as it is, at a listed location, at a price in the same money."""
    if wish.offering.edition_id != order.edition_id or facts.is_group:
        raise Refused("not_available", clause="1-A1, 2.7-T21", field="offering")
    if needs_a_line(facts):
        raise Refused("needs_amendment", clause="2.4-G1, 2.5-G1, X-04", field="offering")
    if given.account.unit == unit_of(wish.offering) == Unit.CREDIT:
        raise Refused("move_credits", clause="2.6-M15, 2.6-M16", field="offering")
    if wish.quantity <= 0:
        raise Refused(
            "quantity_invalid", clause="2.7-T22", field="wanted_quantity", quantity=wish.quantity
        )
    if wish.price.currency != given.value.currency:
        raise Refused(
            "wrong_currency", clause="2.7-T22", field="price", expected=given.value.currency
        )
    if wish.price.minor <= 0:
        raise Refused("value_required", clause="2.7-T22", field="price")
    if given.entitlement is None and given.account.location_id != wish.location.pk:
        raise Refused(
            "value_elsewhere",
            clause="2.6-M19",
            field="location",
            location=given.account.location.name if given.account.location else "",
        )
    listed = listed_locations(order)
    check_assignment(
        facts,
        [support_locations(order, listed)[wish.location.pk]],
        under_own_order=is_own_order(listed),
    )


def _is_sold(facts: OfferingFacts, wish: Wish, on: date) -> bool:
    row = sold_row(facts.code, wish.location.country, on)
    return row is None or row.available


def sold_row(code: str, country: str, on: date) -> Availability | None:
    """What the catalogue says of an offering in a country on a day; None: nothing (1-A5)."""
    return (
        Availability.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gte=on),
            offering_code=code,
            country=country,
        )
        .order_by("pk")
        .first()
    )


def _check_buying(order: WorkOrder, wish: Wish, facts: OfferingFacts, on: date) -> None:
    """As buying it would be checked: additional, under a base agreement, within a maximum."""
    day = max(on, order.starts_on)
    base = base_order(order.customer, day)
    row = sold_row(facts.code, wish.location.country, on)
    owned = 0
    if facts.mark == "additional_limited":
        held = Entitlement.objects.filter(
            order__customer=order.customer_id,
            location=wish.location,
            offering__code=facts.code,
            usable_until__gte=day,
        )
        owned = held.aggregate(sum=Sum("granted"))["sum"] or 0
    check_purchase(
        facts,
        on=day,
        base=Period(base.starts_on, last_day_of(base)) if base else None,
        request_terms=terms_of(order.edition).request,
        quantity=Quantity(wish.quantity, owned, row.max_quantity if row else None),
    )
    if sells_assistance(facts):
        check_assistance(terms_of(order.edition).assessment, Assistance(wish.quantity))


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
