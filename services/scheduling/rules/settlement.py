"""What a cancellation does to the units that were set aside, and to their value."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from services.catalog.rules.terms import CancellationTerms
from services.scheduling.rules.cancellation import Party, cancellation_charge, units_kept


@dataclass(frozen=True, slots=True)
class Settlement:
    """Units kept and released, and the money that stands for a part of a unit.

    `charge` is the part of the fee that is lost, `returned` the rest of it. Of that,
    `released_value` comes back as units or credits and `exchange_value` as value for
    another service: charge + released_value + exchange_value = fee. Credits that paid
    for the service are kept and returned in their place.
    """

    kept: int
    released: int
    charge: Money
    released_value: Money
    exchange_value: Money
    credits_kept: int = 0
    credits_returned: int = 0

    @property
    def returned(self) -> Money:
        """What the customer keeps of the fee."""
        return self.released_value + self.exchange_value

    @property
    def costs_nothing(self) -> bool:
        """Nothing is kept."""
        return not (self.kept or self.charge or self.credits_kept)


def settle(
    terms: CancellationTerms,
    *,
    units: int,
    divisible: bool,
    fee: Money,
    starts_on: date,
    cancelled_on: date,
    by: Party = "customer",
    zone: str = "",
    spent_credits: int | None = None,
) -> Explained[Settlement]:
    """What is kept of `units` worth `fee`, and what goes back.

    Minutes are divisible: the share due is kept of them, an exact half going up, and the
    rest is released. Whole units can't be split: as many as the charge reaches into are
    kept, and what they are worth beyond the charge goes back as value for another
    service. Without a fee there is no such value, and whole units are kept like minutes.
    Where `spent_credits` paid, they are split like minutes, and the units are released
    only when none of them is kept.

    Clause: 2.7-T17, 2.7-T18, 2.7-T19, 2.7-T12, 2.7-T22, 2.2-F6, 0-C10, 0-C11
    """
    if units < 1:
        raise ValueError(f"a booking sets something aside, not {units}")
    notice = _Notice(terms, starts_on, cancelled_on, by, zone)
    charged = notice.charge(fee)
    in_whole_units = spent_credits is None and not divisible and bool(fee)
    if spent_credits is not None:
        outcome = _credits_settled(notice, units, charged.result, fee, spent_credits)
    elif in_whole_units:
        outcome = _whole_units_settled(notice, units, charged.result, fee)
    else:
        kept = notice.kept(units)
        given_back = fee - charged.result
        outcome = Settlement(kept, units - kept, charged.result, given_back, Money(0, fee.currency))
    return Explained(
        outcome,
        inputs=(("units", units), ("spent_credits", spent_credits), *charged.inputs),
        steps=(*charged.steps[:-1], *_figures(outcome, with_credits=spent_credits is not None)),
        clauses=charged.clauses,
        readings=charged.readings if in_whole_units else (*charged.readings, "0-C10"),
        zone=zone,
    )


@dataclass(frozen=True, slots=True)
class _Notice:
    """A cancellation's dates and party, for the rules that reckon with them."""

    terms: CancellationTerms
    starts_on: date
    cancelled_on: date
    by: Party
    zone: str

    @property
    def percent(self) -> int:
        percent = dict(self.charge(Money(0, "XXX")).steps)["charged_percent"]
        return int(str(percent))

    def charge(self, fee: Money) -> Explained[Money]:
        return cancellation_charge(
            self.terms,
            fee=fee,
            starts_on=self.starts_on,
            cancelled_on=self.cancelled_on,
            by=self.by,
            zone=self.zone,
        )

    def kept(self, units: int) -> int:
        return units_kept(
            self.terms,
            units=units,
            starts_on=self.starts_on,
            cancelled_on=self.cancelled_on,
            by=self.by,
            zone=self.zone,
        ).result


def _whole_units_settled(notice: _Notice, units: int, charge: Money, fee: Money) -> Settlement:
    kept = ceil(Fraction(units * notice.percent, 100))
    # Cut off, so that the value given back never exceeds what wasn't charged.
    released_value = Money(fee.minor * (units - kept) // units, fee.currency)
    return Settlement(kept, units - kept, charge, released_value, fee - charge - released_value)


def _credits_settled(
    notice: _Notice, units: int, charge: Money, fee: Money, spent: int
) -> Settlement:
    credits_kept = notice.kept(spent)
    used_up = bool(credits_kept) if spent else bool(notice.percent)
    kept = units if used_up else 0
    return Settlement(
        kept=kept,
        released=units - kept,
        charge=charge,
        released_value=fee - charge,
        exchange_value=Money(0, fee.currency),
        credits_kept=credits_kept,
        credits_returned=spent - credits_kept,
    )


def _figures(outcome: Settlement, *, with_credits: bool) -> tuple[tuple[str, object], ...]:
    money = (("charge", outcome.charge), ("exchange_value", outcome.exchange_value))
    if with_credits:
        return (
            ("credits_kept", outcome.credits_kept),
            ("credits_returned", outcome.credits_returned),
            *money[:1],
        )
    return (("kept_units", outcome.kept), ("released_units", outcome.released), *money)
