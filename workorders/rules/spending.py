"""Exchange value that pays for a line of an amendment: what is drawn from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import OfferingFacts, flex_is_capped, flex_may_pay


@dataclass(frozen=True, slots=True)
class Pot:
    """Exchange value of the amended order: what is left, until when, whether of the allowance."""

    left: Money
    last_day: date
    is_flex: bool


def draw_value(
    price: Money, pots: Sequence[Pot], *, offering: OfferingFacts, from_day: date
) -> tuple[Money, ...]:
    """How much each pot pays of `price`, in the order of the pots, which lapse first first.

    A pot pays from its first to its last day, included. Value of the allowance pays only
    what the allowance may pay; below its ceiling it is left to exchanges, where the mix
    is tested, so credits and custom work take none of it.

    Refuses `insufficient_value` where all of them don't suffice.

    Clause: 2.7-T22, 2.2-F6, 2.2-F5, 2.2-F3, X-04
    """
    zero = Money(0, price.currency)
    eligible = flex_may_pay(offering) and not flex_is_capped(offering)
    still, drawn = price, []
    for pot in pots:
        usable = from_day <= pot.last_day and (eligible or not pot.is_flex)
        part = min(still, pot.left) if usable else zero
        drawn.append(part)
        still -= part
    if still:
        raise Refused(
            "insufficient_value",
            clause="2.7-T22, 2.2-F6, X-04",
            field="price",
            left=price - still,
            asked=price,
        )
    return tuple(drawn)
