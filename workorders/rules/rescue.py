"""Rescue: what the value of something that will lapse could still become, best first."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from accounts.rules.money import Money, half_up
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import OfferingFacts, flex_is_capped, flex_may_pay
from workorders.rules.locations import SupportLocation, check_location

# Sold with papers of their own: enrolments, tenants, exhibits, a subscription for a term.
ENROLLED = frozenset({"listed_subscriptions", "listed_tenants", "listed_solution"})
STANDING = frozenset(
    {"tenant", "subscription", "subscription_with_fixed_hours", "tiered_fee_on_azure_spend"}
)


@dataclass(frozen=True, slots=True)
class Lapsing:
    """What is left of a holding: its value, its last day, where it is, and what pays for it.

    `free_below_ceiling` is what credits and custom work may still take of the year's
    allowance, what this holding takes of it given back; None: it isn't flex.
    """

    value: Money
    last_day: date
    location: str
    offering: OfferingFacts | None = None
    is_flex: bool = False
    free_below_ceiling: Money | None = None
    stays: bool = False
    """Exchange value is used at the location where it is."""


@dataclass(frozen=True, slots=True)
class Option:
    """A service that might be had instead, at a location; `price` of one, None: not known."""

    offering: OfferingFacts
    location: SupportLocation
    is_sold: bool = True
    price: Fraction | None = None
    request_until: date | None = None
    notice_days: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A service in exchange: how many, at which price, what is paid on top or remains.

    `latest` is the last day to ask for it. Without a known price the figures are None.
    """

    option: Option
    quantity: int
    price: Money | None
    extra_to_pay: Money | None
    remainder: Money | None
    latest: date
    moves: bool
    asks_for_writing: bool


@dataclass(frozen=True, slots=True)
class Rescue:
    """The proposals, best first; and why the other services don't come into question."""

    proposals: tuple[Proposal, ...]
    barred: tuple[tuple[str, int], ...]


def needs_a_line(offering: OfferingFacts) -> bool:
    """Whether it is sold only by a line of an order: with enrolments, an exhibit, for a term.

    Such a service comes by an amendment, which exchange value may pay.

    Clause: 2.4-G1, 2.5-G1, X-04
    """
    return (
        offering.exhibit == "required"
        or offering.location_constraint in ENROLLED
        or offering.unit_of_sale in STANDING
    )


def rescue(
    lapsing: Lapsing, options: Iterable[Option], *, on: date, multi_country: bool = False
) -> Rescue:
    """What the value could still become, best first.

    A service comes into question if it is another one, additional and sold at a location
    that may have it, payable with flex where flex paid, with at least its price free
    below the ceiling where that counts, and can still be asked for: by the request
    cut-off, and with its notice before the last day, both days included.

    Best first: a known price that the value covers, before one that asks for more, before
    none; of these the smallest remainder (or the least to pay on top); then without a
    written agreement; then where it is; then the later last day to ask; then the
    catalogue's order.

    Clause: 2.7-T22, 2.7-T21, 2.2-F6, 2.2-F5, 2.2-F3, 2.8-C20, 2.4-AE13, 2.6-M19
    """
    barred: Counter[str] = Counter()
    found = []
    for option in options:
        why = _why_not(lapsing, option, on)
        if why:
            barred[why] += 1
        else:
            found.append(_propose(lapsing, option, multi_country))
    return Rescue(tuple(sorted(found, key=_rank)), tuple(barred.most_common()))


def _why_not(lapsing: Lapsing, option: Option, on: date) -> str:
    """The code of what stands against the option, the nearest to being mended last."""
    if unfit := _unfit(lapsing, option.offering):
        return unfit
    if lapsing.stays and option.location.code != lapsing.location:
        return "value_elsewhere"
    if not option.is_sold:
        return "not_available"
    if on > _latest(lapsing, option):
        return "too_late"
    if not _fits(lapsing, option):
        return "over_cap"
    return _place(option)


def _unfit(lapsing: Lapsing, offering: OfferingFacts) -> str:
    """Why the service itself is none that could be exchanged for, wherever it is."""
    if lapsing.offering is not None and lapsing.offering.code == offering.code:
        return "same_service"
    if not offering.is_additional:
        return "not_additional"
    if needs_a_line(offering):
        return "needs_amendment"
    return "ineligible_service" if lapsing.is_flex and not flex_may_pay(offering) else ""


def _place(option: Option) -> str:
    try:
        check_location(
            option.offering, option.location, under_own_order=option.location.own_work_order
        )
    except Refused as refused:
        return refused.code
    return ""


def _latest(lapsing: Lapsing, option: Option) -> date:
    """The last day to ask: the cut-off, or the notice before the last day of use."""
    in_time = lapsing.last_day - timedelta(days=option.notice_days)
    return min(in_time, option.request_until or in_time)


def _fits(lapsing: Lapsing, option: Option) -> bool:
    """Whether at least one of it, or the value as a whole, stays below the ceiling."""
    if not lapsing.is_flex or not flex_is_capped(option.offering):
        return True
    free = lapsing.free_below_ceiling
    return free is not None and free >= _equal_part(lapsing, option)


def _equal_part(lapsing: Lapsing, option: Option) -> Money:
    quantity = _quantity(lapsing, option)
    if option.price is None:
        return lapsing.value
    return min(lapsing.value, _price(lapsing, option.price, quantity))


def _quantity(lapsing: Lapsing, option: Option) -> int:
    """As many as the value buys, one at least."""
    if option.price is None:
        return 1
    return max(1, (Fraction(lapsing.value.minor) / option.price).__floor__())


def _price(lapsing: Lapsing, one: Fraction, quantity: int) -> Money:
    return Money(half_up(one * quantity), lapsing.value.currency)


def _propose(lapsing: Lapsing, option: Option, multi_country: bool) -> Proposal:
    quantity = _quantity(lapsing, option)
    price = extra = remainder = None
    if option.price is not None:
        price = _price(lapsing, option.price, quantity)
        equal = min(price, lapsing.value)
        extra, remainder = price - equal, lapsing.value - equal
    moves = option.location.code != lapsing.location
    return Proposal(
        option=option,
        quantity=quantity,
        price=price,
        extra_to_pay=extra,
        remainder=remainder,
        latest=_latest(lapsing, option),
        moves=moves,
        asks_for_writing=moves or (multi_country and bool(extra or remainder)),
    )


def _rank(one: Proposal) -> tuple[int, int, bool, bool, int, int]:
    if one.extra_to_pay is None or one.remainder is None:
        kind, apart = 2, 0
    else:
        kind, apart = int(bool(one.extra_to_pay)), (one.extra_to_pay + one.remainder).minor
    return (
        kind,
        apart,
        one.asks_for_writing,
        one.moves,
        -one.latest.toordinal(),
        one.option.position,
    )


def best_per_service(proposals: Collection[Proposal], most: int) -> tuple[Proposal, ...]:
    """The first `most` of them, each service once.

    Clause: 2.7-T22
    """
    seen: dict[str, Proposal] = {}
    for one in proposals:
        seen.setdefault(one.option.offering.code, one)
    return tuple(seen.values())[:most]
