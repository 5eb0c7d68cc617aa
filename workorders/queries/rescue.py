"""What will lapse, and what its value could still become under the order's edition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Availability, Offering
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import OfferingFacts, flex_is_capped
from workorders.models import Account, WorkOrder
from workorders.models.orders import Unit
from workorders.queries.credits import credit_value
from workorders.queries.entitlements import worth
from workorders.queries.exchange_mix import FlexMix, flex_mix
from workorders.queries.exchange_sides import (
    holdings_to_give,
    unit_of,
    unit_prices,
    wanted_offerings,
)
from workorders.queries.exchanges import last_request
from workorders.queries.lapsing import last_day_of_use, year_of
from workorders.queries.locations import listed_locations, support_locations, zone_of
from workorders.rules import rescue as rules
from workorders.rules.locations import SupportLocation

SHOWN = 4
# What will lapse within so many days is worth a proposal.
AHEAD = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposal with the rows behind it."""

    offering: Offering
    location: Location
    proposal: rules.Proposal

    @property
    def unit(self) -> str:
        """In what the service is counted."""
        return unit_of(self.offering)


@dataclass(frozen=True, slots=True)
class Rescuable:
    """Something that will lapse: its value, its last day, the best it could become."""

    account: Account
    value: Money
    last_day: date
    choices: tuple[Choice, ...]
    others: int
    barred: tuple[tuple[str, int], ...]

    @property
    def rest(self) -> int:
        """How many services come into question besides the best."""
        return self.others + max(len(self.choices) - 1, 0)


def rescue_of(
    order: WorkOrder, *, viewer: User, now: datetime, account: Account | None = None
) -> list[Rescuable]:
    """What of an executed order lapses within half a year, the first to lapse first.

    The catalogue knows no prices: one is known where the customer has bought the service
    before in the order's currency, and of credits. The number of queries doesn't grow
    with what lapses.
    """
    on = local_date(now, zone_of(order.customer))
    held = [
        one
        for one in holdings_to_give(order, viewer=viewer, on=on)
        if last_day_of_use(one) <= on + AHEAD and (account is None or one == account)
    ]
    if not held:
        return []
    market = _read_market(order, viewer, on)
    mixes = _mixes(order, {year for one in held if (year := year_of(one)) is not None})
    return [_rescuable(order, one, market, mixes, on) for one in held]


@dataclass(frozen=True, slots=True)
class _Market:
    """What could be had where: offerings and locations with all that the rule asks."""

    offerings: dict[str, Offering]
    facts: dict[str, OfferingFacts]
    places: dict[str, Location]
    seen: dict[int, SupportLocation]
    unsold: frozenset[tuple[str, str]]
    prices: dict[tuple[str, str], Fraction]
    order: WorkOrder


def _read_market(order: WorkOrder, viewer: User, on: date) -> _Market:
    offerings = wanted_offerings(order, on)
    visible = set(Location.objects.visible_to(viewer).values_list("pk", flat=True))
    listed = listed_locations(order)
    places = [place for place in listed if place.pk in visible]
    countries = {place.country for place in places}
    told = Availability.objects.filter(offering_code__in=[one.code for one in offerings])
    unsold = {
        (row.offering_code, row.country)
        for row in told.filter(country__in=countries)
        if row.is_sold(on) is False
    }
    return _Market(
        offerings={one.code: one for one in offerings},
        facts={one.code: facts_of(one) for one in offerings},
        places={place.name: place for place in places},
        seen=support_locations(order, listed),
        unsold=frozenset(unsold),
        prices=_prices(order, offerings, places, on),
        order=order,
    )


def _prices(
    order: WorkOrder, offerings: Sequence[Offering], places: Sequence[Location], on: date
) -> dict[tuple[str, str], Fraction]:
    """The price of one, in minor units, by offering and location, where it is known."""
    paid = {
        code: Fraction(value, units)
        for code, (value, units) in unit_prices(order, offerings).items()
    }
    prices = {(code, place.name): one for code, one in paid.items() for place in places}
    for place in places:
        try:
            credit = credit_value(place.country, on).result
        except Refused:
            continue
        for one in offerings:
            if one.unit_of_sale == Unit.CREDIT and credit.currency == order.currency:
                prices[one.code, place.name] = Fraction(credit.minor)
    return prices


def _mixes(order: WorkOrder, years: set[int]) -> dict[int, FlexMix]:
    found = {}
    for year in years:
        try:
            found[year] = flex_mix(order, year)
        except Refused:
            continue
    return found


def _rescuable(
    order: WorkOrder, account: Account, market: _Market, mixes: dict[int, FlexMix], on: date
) -> Rescuable:
    entitlement, year = account.entitlement, year_of(account)
    value = Money(account.balance, account.unit)
    if entitlement is not None:
        value = Money(worth(entitlement, account.balance), entitlement.currency)
    facts = facts_of(entitlement.offering) if entitlement else None
    lapsing = rules.Lapsing(
        value=value,
        last_day=last_day_of_use(account),
        location=account.location.name if account.location else "",
        offering=facts,
        is_flex=year is not None,
        free_below_ceiling=_free(mixes.get(year or 0), value, facts),
        stays=entitlement is None,
    )
    options = _options(market, in_currency=value.currency == order.currency)
    found = rules.rescue(lapsing, options, on=on, multi_country=order.multi_country)
    best = rules.best_per_service(found.proposals, len(found.proposals))
    return Rescuable(
        account=account,
        value=value,
        last_day=lapsing.last_day,
        choices=tuple(
            Choice(
                market.offerings[one.option.offering.code],
                market.places[one.option.location.code],
                one,
            )
            for one in best[:SHOWN]
        ),
        others=max(len(best) - SHOWN, 0),
        barred=found.barred,
    )


def _options(market: _Market, *, in_currency: bool) -> Iterator[rules.Option]:
    notice = terms_of(market.order.edition).event.notice_weeks * 7
    for code, facts in market.facts.items():
        cutoff = last_request(market.order, facts)
        for place in market.places.values():
            yield rules.Option(
                offering=facts,
                location=market.seen[place.pk],
                is_sold=(code, place.country) not in market.unsold,
                price=market.prices.get((code, place.name)) if in_currency else None,
                request_until=cutoff,
                notice_days=notice if facts.request_deadline == "rule_6w" else 0,
                position=market.offerings[code].position,
            )


def _free(mix: FlexMix | None, value: Money, facts: OfferingFacts | None) -> Money | None:
    if mix is None:
        return None
    given_back = value if facts is not None and flex_is_capped(facts) else Money(0, value.currency)
    return mix.ceiling.result - mix.before + given_back
