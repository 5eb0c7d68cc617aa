"""Proactive credits: what a service costs in them, and moving them between locations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from accounts.rules.calendar_days import refuse_after
from accounts.rules.explained import Explained
from accounts.rules.money import Money, half_up
from accounts.rules.refusal import Named, Refused
from services.catalog.rules.offering import OfferingFacts, credits_may_buy
from workorders.rules.locations import SupportLocation


@dataclass(frozen=True, slots=True)
class DatedCreditValue:
    """What one credit is worth at a location from a date on."""

    valid_from: date
    value: Money


def credit_value_on(
    values: Iterable[DatedCreditValue], day: date, *, country: str = ""
) -> Explained[Money]:
    """The value of one credit on the day on which an exchange is approved.

    The latest one that is valid by then, its first day included. The date of the
    request doesn't count.

    Refuses `rate_required` when none is valid yet.

    Clause: 2.3-PC2
    """
    valid = [one for one in values if one.valid_from <= day]
    if not valid:
        raise Refused(
            "rate_required", clause="2.3-PC2", field="credit_value", on=day, country=country
        )
    current = max(valid, key=lambda one: one.valid_from)
    return Explained(
        current.value,
        inputs=(("approved_on", day),),
        steps=(("valid_from", current.valid_from), ("credit_value", current.value)),
        clauses=("2.3-PC2",),
    )


def credits_for(value: Money, *, credit_value: Money) -> Explained[int]:
    """The whole credits deducted for a service worth `value`, an exact half going up.

    Both in one currency; no intermediate rounding.

    Clause: 2.3-PC3, 0-C10
    """
    if credit_value.minor <= 0:
        raise ValueError(f"a credit is worth something, not {credit_value}")
    if value.currency != credit_value.currency:
        raise ValueError(f"{value.currency} isn't the credit's {credit_value.currency}")
    if value.minor < 0:
        raise ValueError(f"a service isn't worth less than nothing: {value}")
    exact = Fraction(value.minor, credit_value.minor)
    return Explained(
        half_up(exact),
        inputs=(("value", value), ("credit_value", credit_value)),
        steps=(("exact_credits", exact), ("deducted", half_up(exact))),
        clauses=("2.3-PC3",),
        readings=("0-C10",),
    )


@dataclass(frozen=True, slots=True)
class RedemptionLine:
    """A service to be bought with credits; no offering: outside the catalogue."""

    offering: OfferingFacts | None
    value: Money
    name: str = ""


@dataclass(frozen=True, slots=True)
class Redemption:
    """The credits deducted, line by line and together, and what remains."""

    by_line: tuple[int, ...]
    deducted: int
    balance_after: int


def redemption(
    lines: Sequence[RedemptionLine], *, credit_value: Money, balance: int
) -> Explained[Redemption]:
    """What these services take from `balance`, each line rounded on its own.

    Refuses `ineligible_target` for what isn't a defined additional service, and
    `insufficient_credits` when the rounded sum is more than the balance.

    Clause: 2.3-PC1, 2.3-PC3, 2.3-PC4, 0-C10
    """
    for line in lines:
        if not credits_may_buy(line.offering):
            code = line.offering.code if line.offering else ""
            named = Named(code, line.name)
            raise Refused("ineligible_target", clause="2.3-PC4", field="offering", offering=named)
    by_line = tuple(credits_for(line.value, credit_value=credit_value).result for line in lines)
    deducted = sum(by_line)
    if deducted > balance:
        raise Refused(
            "insufficient_credits",
            clause="2.3-PC3",
            field="value",
            needed=deducted,
            left=balance,
        )
    return Explained(
        Redemption(by_line, deducted, balance - deducted),
        inputs=(("balance", balance), ("credit_value", credit_value)),
        steps=(
            *(("line_credits", one) for one in by_line),
            ("deducted", deducted),
            ("balance_after", balance - deducted),
        ),
        clauses=("2.3-PC3", "2.3-PC4"),
        readings=("0-C10",),
    )


@dataclass(frozen=True, slots=True)
class CreditPrice:
    """What a credit is worth at a location, and the location's units for one US dollar."""

    value: Money
    units_per_usd: Decimal | Fraction | None = None
    location: str = ""


def transfer_rate(source: CreditPrice, target: CreditPrice) -> Explained[Fraction]:
    """The credits received at the target for one credit of the source, exact.

    The worth of a credit at the source over that at the target. Between two currencies
    both are compared in US dollars at the order's frozen rates.

    Refuses `rate_required` when a rate is missing that is needed.

    Clause: 2.6-M16
    """
    if min(source.value.minor, target.value.minor) <= 0:
        raise ValueError("a credit is worth something at both locations")
    one_currency = source.value.currency == target.value.currency
    source_worth, target_worth = (
        Fraction(price.value.decimal) / (1 if one_currency else _units_per_usd(price))
        for price in (source, target)
    )
    rate = source_worth / target_worth
    return Explained(
        rate,
        inputs=(("source_credit_value", source.value), ("target_credit_value", target.value)),
        steps=(
            ("source_units_per_usd", source.units_per_usd),
            ("target_units_per_usd", target.units_per_usd),
            ("rate", rate),
        ),
        clauses=("2.6-M16",),
    )


def _units_per_usd(price: CreditPrice) -> Fraction:
    if price.value.currency == "USD":
        return Fraction(1)
    if price.units_per_usd is None:
        currency = price.value.currency
        raise Refused(
            "rate_required",
            clause="2.6-M16",
            field="units_per_usd",
            currency=currency,
            location=price.location,
        )
    if price.units_per_usd <= 0:
        raise ValueError(f"a rate is positive, not {price.units_per_usd}")
    return Fraction(price.units_per_usd)


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """Whole credits out of one location and into another.

    `rounding` is what rounding adds to the exact result (negative: what it takes away),
    in credits of the target. Taxes that the move causes are the customer's (2.6-M18).
    """

    debited: int
    received: int
    rounding: Fraction
    tax_payer: Literal["customer"] = "customer"


def check_approval(approved_on: date, today: date, *, by_customer: bool = False) -> None:
    """Refuse to act on an approval of a later day: its rate isn't in force yet.

    `today` is the day at the host location; an approval of that day counts. A customer's
    own counts on its day alone, as the rate is the current one.

    Refuses `in_the_future`, `approval_of_today`.

    Clause: 2.3-PC2, 2.6-M16
    """
    refuse_after(today, approved_on, field="approved_on", clause="2.3-PC2, 2.6-M16")
    if by_customer and approved_on < today:
        raise Refused(
            "approval_of_today",
            clause="2.6-M16",
            field="approved_on",
            at=approved_on,
            today=today,
        )


def check_price_of_credits(price: Money, *, number: int, value: Money) -> None:
    """Refuse to give `number` credits, worth `value` each, for a lower price of all.

    An exchange is at equal value, and what a credit is worth on the day is known; both
    amounts are in one currency. More may be given for them.

    Refuses `insufficient_value` with what they are worth and what is given.

    Clause: 2.7-T22, 2.3-PC2
    """
    worth = Money(number * value.minor, value.currency)
    if price < worth:
        raise Refused(
            "insufficient_value", clause="2.7-T22, 2.3-PC2", field="price", asked=worth, left=price
        )


def credit_transfer(
    source: SupportLocation,
    target: SupportLocation,
    *,
    credits_moved: int | Decimal,
    rate: Fraction | Decimal,
    balance: int,
) -> Explained[CreditTransfer]:
    """What moving credits from `source` to `target` debits and credits.

    Between any two designated locations, none of them a tax-exception one. The source
    is debited in whole credits; what is received is rounded, an exact half going up.

    Refuses `credits_there_already` for one and the same location, `location_not_listed`,
    `tax_exception`, `whole_credits_only` and `insufficient_credits`.

    Clause: 2.6-M15, 2.6-M16, 2.6-M17, 2.6-M18, 0-C10
    """
    if rate <= 0:
        raise ValueError(f"a rate is positive, not {rate}")
    _check_transfer_ends(source, target)
    if credits_moved != int(credits_moved) or credits_moved < 1:
        raise Refused("whole_credits_only", clause="2.6-M16", field="credits")
    debited = int(credits_moved)
    if debited > balance:
        raise Refused(
            "insufficient_credits",
            clause="2.6-M16",
            field="credits",
            asked=debited,
            left=balance,
        )
    exact = debited * Fraction(rate)
    received = half_up(exact)
    return Explained(
        CreditTransfer(debited, received, received - exact),
        inputs=(("credits", debited), ("rate", Fraction(rate))),
        steps=(("exact_credits", exact), ("received", received)),
        clauses=("2.6-M15", "2.6-M16", "2.6-M18"),
        readings=("0-C10",),
    )


def _check_transfer_ends(source: SupportLocation, target: SupportLocation) -> None:
    if source.code == target.code:
        raise Refused("credits_there_already", clause="2.6-M15", field="target")
    ends = (("source", source), ("target", target))
    for field, end in ends:
        if not end.is_designated:
            raise Refused("location_not_listed", clause="2.6-M15", field=field, location=end.code)
    for field, end in ends:
        if end.tax_exception:
            raise Refused("tax_exception", clause="2.6-M17", field=field, location=end.code)
