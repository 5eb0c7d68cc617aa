"""What a cancellation takes, in the one measure in which its reader thinks."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from accounts.rules.money import Money
from accounts.wording import formats
from services.scheduling.models import Booking
from services.scheduling.rules.settlement import Settlement
from workorders.models.orders import Funding, Unit
from workorders.wording.units import quantity_words

Measure: TypeAlias = Literal["money", "credits", "units"]


def measure_of(booking: Booking) -> Measure:
    """Credits where credits paid, hours where hours were bought, else money if any."""
    if booking.entitlement.funding == Funding.CREDITS:
        return "credits"
    if booking.entitlement.unit == Unit.MINUTE or not booking.fee_minor:
        return "units"
    return "money"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in its measure; `unit` is a currency or a unit of the ledger."""

    count: int
    unit: str
    is_money: bool

    def __str__(self) -> str:
        if self.is_money:
            return formats.money(Money(self.count, self.unit))
        return quantity_words(self.count, self.unit)

    @property
    def signed(self) -> str:
        """With its sign, for a change: ``+€4,800``, ``−2 hours``."""
        text = str(Amount(abs(self.count), self.unit, self.is_money))
        return f"{'+' if self.count > 0 else formats.MINUS if self.count < 0 else ''}{text}"


def lost(booking: Booking, outcome: Settlement) -> Amount:
    """What is kept, in the booking's measure."""
    match measure_of(booking):
        case "credits":
            return Amount(outcome.credits_kept, Unit.CREDIT, is_money=False)
        case "units":
            return Amount(outcome.kept, booking.entitlement.unit, is_money=False)
    return Amount(outcome.charge.minor, outcome.charge.currency, is_money=True)


def given_back(booking: Booking, outcome: Settlement) -> Amount:
    """What comes back, in the booking's measure."""
    match measure_of(booking):
        case "credits":
            return Amount(outcome.credits_returned, Unit.CREDIT, is_money=False)
        case "units":
            return Amount(outcome.released, booking.entitlement.unit, is_money=False)
    return Amount(outcome.returned.minor, outcome.returned.currency, is_money=True)
