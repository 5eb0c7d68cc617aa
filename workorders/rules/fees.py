"""The fee of a mission-critical service: a tier table over the assessed spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from accounts.rules.explained import Explained
from accounts.rules.money import Money, half_up, minor_digits
from accounts.rules.refusal import Refused


@dataclass(frozen=True, slots=True)
class Tier:
    """`percent` of the spend above the tier below, up to a limit in US dollars.

    The limit is included. None: without a limit, which the last tier alone may be.
    """

    up_to: Money | None
    percent: Decimal


def check_tiers(tiers: Sequence[Tier]) -> None:
    """Refuse a table that can't be read from the bottom to the top.

    Limits rise strictly and are above zero, the last tier alone may have none, a percent
    lies between 0 and 100, both included. The refusal names the row, counted from 1.

    Refuses `tier_limit_required`, `tiers_out_of_order` and `tier_percent_invalid`.

    Clause: 2.4-AP4
    """
    below = Money(0, "USD")
    for row, tier in enumerate(tiers, 1):
        if not 0 <= tier.percent <= 100:
            raise Refused("tier_percent_invalid", clause="2.4-AP4", field="tiers", row=row)
        if tier.up_to is None:
            if row < len(tiers):
                raise Refused("tier_limit_required", clause="2.4-AP4", field="tiers", row=row)
            return
        if tier.up_to <= below:
            raise Refused(
                "tiers_out_of_order",
                clause="2.4-AP4",
                field="tiers",
                row=row,
                limit=tier.up_to,
                below=below,
            )
        below = tier.up_to


def tiered_fee(
    tiers: Sequence[Tier],
    *,
    spend: Money,
    platform_price: Money,
    floor_price: Money | None = None,
    units_per_usd: Decimal | Fraction | None = None,
) -> Explained[Money]:
    """The fee for the support term: the platform price and what the tiers add to it.

    Marginal: each tier counts for the part of the yearly `spend` (US dollars) between the
    tier below and its own limit, so a dollar more of spend never lowers the fee. A tier's
    part is rounded half up to the US cent; the sum of the parts is converted at the
    order's rate (units of its currency for one dollar) and rounded half up to the minor
    unit, once. A `floor_price` is the least that the fee can be; give it only where the
    customer elected to pay it. Prices are in the order's currency.

    Refuses what `check_tiers` refuses, `spend_beyond_tiers` for spend above the last
    limit, and `rate_required` for another currency than US dollars without a rate.

    Clause: 2.4-AP4, 2.4-AP6, 0-C11
    """
    if spend.currency != "USD" or spend.minor < 0 or platform_price.minor < 0:
        raise ValueError(f"neither spend nor price is negative: {spend}, {platform_price}")
    check_tiers(tiers)
    currency = platform_price.currency
    parts = [_part(tier, below, spend) for tier, below in zip(tiers, _below(tiers), strict=True)]
    last = tiers[-1].up_to if tiers else Money(0, "USD")
    if last is not None and spend > last:
        raise Refused("spend_beyond_tiers", clause="2.4-AP4", field="tiers", spend=spend, last=last)
    by_tiers_usd = sum((fee for _within, _percent, fee in parts), Money(0, "USD"))
    by_tiers = _converted(by_tiers_usd, currency, units_per_usd)
    summed = platform_price + by_tiers
    fee = summed if floor_price is None else max(summed, floor_price)
    is_usd = currency == "USD"
    return Explained(
        fee,
        inputs=(
            ("assessed_spend", spend),
            ("platform_price", platform_price),
            *(() if floor_price is None else (("floor_price", floor_price),)),
            *(() if is_usd else (("units_per_usd", units_per_usd),)),
        ),
        steps=(
            *_shown(parts),
            ("fee_by_tiers", by_tiers_usd),
            *(() if is_usd else (("fee_by_tiers_converted", by_tiers),)),
            ("fee_with_platform", summed),
            *(() if floor_price is None else (("at_least_floor", fee),)),
        ),
        clauses=("2.4-AP4",) if floor_price is None else ("2.4-AP4", "2.4-AP6"),
        readings=("0-C11",),
    )


def _below(tiers: Sequence[Tier]) -> list[Money]:
    """The limit of the tier below each tier; zero below the first."""
    return [Money(0, "USD"), *(tier.up_to for tier in tiers[:-1] if tier.up_to)][: len(tiers)]


def _part(tier: Tier, below: Money, spend: Money) -> tuple[Money, Decimal, Money]:
    """The spend within a tier, its percent, and what it adds."""
    top = spend if tier.up_to is None else min(spend, tier.up_to)
    within = max(top - below, Money(0, "USD"))
    return within, tier.percent, within.share(tier.percent)


def _shown(parts: Sequence[tuple[Money, Decimal, Money]]) -> tuple[tuple[str, object], ...]:
    """The tiers that the spend reaches, three lines each."""
    return tuple(
        step
        for within, percent, fee in parts
        if within
        for step in (("tier_spend", within), ("tier_percent", percent), ("tier_fee", fee))
    )


def _converted(usd: Money, currency: str, units_per_usd: Decimal | Fraction | None) -> Money:
    if currency == "USD":
        return usd
    if units_per_usd is None:
        raise Refused("rate_required", clause="2.2-F8", field="units_per_usd", currency=currency)
    if units_per_usd <= 0:
        raise ValueError(f"a rate is positive, not {units_per_usd}")
    exact = Fraction(usd.decimal) * Fraction(units_per_usd) * 10 ** minor_digits(currency)
    return Money(half_up(exact), currency)
