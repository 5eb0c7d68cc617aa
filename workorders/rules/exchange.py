"""Exchange of an ordered service for another of equal value."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import OfferingFacts, flex_is_capped, flex_may_pay

Payment: TypeAlias = Literal["money", "flex", "credits"]


@dataclass(frozen=True, slots=True)
class Exchangeable:
    """One side of an exchange: a service, its value, where and for whom it is."""

    offering: OfferingFacts | None
    value: Money
    location: str | None = None
    legal_entity: str | None = None


@dataclass(frozen=True, slots=True)
class CappedFlex:
    """The ceiling of the annual period, and what of it is taken, this service included."""

    ceiling: Money
    taken: Money


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The equal part, what is bought on top, and what remains as exchange value."""

    equal_part: Money
    extra_to_pay: Money
    remainder: Money


def exchange(
    ordered: Exchangeable,
    wanted: Exchangeable,
    *,
    used: bool,
    available: bool,
    agreed: bool,
    paid_with: Payment = "money",
    last_day: date | None = None,
    on: date | None = None,
    multi_country: bool = False,
    written_agreement: bool = False,
    capped_flex: CappedFlex | None = None,
) -> Explained[Exchanged]:
    """What replacing `ordered` by `wanted` costs or leaves.

    Values: the price originally paid against the current price. Only the equal part is
    exchanged; an excess is bought, a remainder stays as exchange value in the same
    annual period, without refund. `last_day` is the last usable day of what was ordered,
    included. With several countries a change of value, location or legal entity asks
    for a written agreement. Paid with flex, the new service must be eligible and the new
    mix must stay within the ceiling.

    What the base package includes has no price to be exchanged for.

    Refuses `already_used`, `order_ended`, `not_available`, `not_agreed`,
    `written_agreement_required`, `ineligible_service` and `over_cap`.

    Clause: 2.7-T22, 2.7-T10, 2.7-T21, 2.3-P1, 2.2-F6, 2.2-F3, 2.2-F5, 2.6-M19
    """
    if used:
        raise Refused("already_used", clause="2.7-T22")
    if last_day is not None and on is not None and on > last_day:
        raise Refused("order_ended", clause="2.7-T10, 2.7-T22", field="date", last_day=last_day)
    if not _has_a_price(wanted.offering):
        raise Refused("ineligible_service", clause="2.7-T22, 2.3-P1", field="offering")
    if not available:
        raise Refused("not_available", clause="2.7-T22, 2.7-T21", field="offering")
    if not agreed:
        raise Refused("not_agreed", clause="2.7-T22", field="agreed")
    if not written_agreement and _asks_for_writing(ordered, wanted, multi_country):
        raise Refused("written_agreement_required", clause="2.6-M19", field="written_agreement")
    equal_part = min(ordered.value, wanted.value)
    if paid_with == "flex":
        _check_flex_mix(ordered, wanted, equal_part, capped_flex)
    extra, remainder = wanted.value - equal_part, ordered.value - equal_part
    return Explained(
        Exchanged(equal_part, extra, remainder),
        inputs=(("value_ordered", ordered.value), ("value_wanted", wanted.value)),
        steps=(("equal_part", equal_part), ("extra_to_pay", extra), ("remainder", remainder)),
        clauses=("2.2-F6", "2.7-T22") if paid_with == "flex" else ("2.7-T22",),
    )


def _has_a_price(offering: OfferingFacts | None) -> bool:
    """Whether it can be bought: success management is included and sold on top (2.7-T20)."""
    return offering is None or offering.is_additional or offering.category == "success_management"


def _asks_for_writing(ordered: Exchangeable, wanted: Exchangeable, multi_country: bool) -> bool:
    moved = (ordered.location, ordered.legal_entity) != (wanted.location, wanted.legal_entity)
    return moved or (multi_country and ordered.value != wanted.value)


def _check_flex_mix(
    ordered: Exchangeable, wanted: Exchangeable, equal_part: Money, capped: CappedFlex | None
) -> None:
    if wanted.offering is None or not flex_may_pay(wanted.offering):
        raise Refused("ineligible_service", clause="2.2-F6, 2.2-F5", field="offering")
    if not flex_is_capped(wanted.offering):
        return
    if capped is None:
        raise ValueError("the ceiling is needed for a service inside it")
    taken = capped.taken
    if ordered.offering is not None and flex_is_capped(ordered.offering):
        taken -= ordered.value
    if taken + equal_part > capped.ceiling:
        raise Refused(
            "over_cap",
            clause="2.2-F6, 2.2-F3",
            field="value",
            ceiling=capped.ceiling,
            left=max(capped.ceiling - taken, Money(0, taken.currency)),
        )
