"""An exchange of a holding for a wish: every figure before anything moves."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import (
    OfferingFacts,
    flex_is_capped,
    request_deadline_binds,
)
from workorders.models import Account, Entitlement, WorkOrder
from workorders.models.orders import Funding, Unit
from workorders.queries.agreement import base_order, purchasable_under
from workorders.queries.credits import credit_value
from workorders.queries.exchange_mix import FlexMix, flex_mix, mix_after
from workorders.queries.exchange_sides import Given, Wish, unit_of
from workorders.queries.lapsing import last_day_of_use
from workorders.queries.locations import is_own_order, listed_locations, support_locations
from workorders.queries.offered import check_sold, sold_row, unsold
from workorders.queries.terms import flex_year_of, last_day_of
from workorders.rules.credits import check_price_of_credits
from workorders.rules.exchange import CappedFlex, Exchangeable, Exchanged, Payment, exchange
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


def exchange_quote(
    order: WorkOrder, *, given: Given, wish: Wish, on: date, agreed: bool = True
) -> ExchangeQuote:
    """What replacing `given` by `wish` on a day does; refuses as the rules do."""
    facts = facts_of(wish.offering)
    last_day = last_day_of_use(given.account)
    _check_wish(order, given, wish, facts, on)
    _check_price(wish, on)
    ordered, wanted, mix = _sides(order, given, wish, facts)
    terms: dict[str, object] = {
        "used": False,
        "available": True,  # told before, by name
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
        mix=mix and mix_after(mix, given, facts, made.result),
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


def _check_wish(order: WorkOrder, given: Given, wish: Wish, facts: OfferingFacts, on: date) -> None:
    """What is wanted is sold as it is, at a listed location, at a price in the same money."""
    if wish.offering.edition_id != order.edition_id or facts.is_group:
        raise unsold(wish.offering, wish.location)
    check_sold(wish.offering, wish.location, on)
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
            "wrong_currency",
            clause="2.7-T22",
            field="price",
            expected=given.value.currency,
            given=wish.price.currency,
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


def _check_price(wish: Wish, on: date) -> None:
    """Credits cost what they are worth on the day, where that is told in the same money."""
    if unit_of(wish.offering) != Unit.CREDIT:
        return
    try:
        value = credit_value(wish.location.country, on).result
    except Refused:
        return
    if value.currency == wish.price.currency:
        check_price_of_credits(wish.price, number=wish.quantity, value=value)


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
        listed=purchasable_under(order, day),
        quantity=Quantity(wish.quantity, owned, row.max_quantity if row else None),
    )
    if sells_assistance(facts):
        check_assistance(terms_of(order.edition).assessment, Assistance(wish.quantity))
