"""The flex allowance: its ceiling, its allocation, what is forfeited, until when it is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from accounts.rules.calendar_days import ContractYear, add_months
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import OfferingFacts, flex_is_capped, flex_may_pay
from services.catalog.rules.terms import FlexTerms


@dataclass(frozen=True, slots=True)
class FlexUse:
    """A part of a year's allowance for one line; no offering: outside the catalogue."""

    offering: OfferingFacts | None
    amount: Money

    @property
    def capped(self) -> bool:
        """Whether it counts towards the ceiling."""
        return self.offering is not None and flex_is_capped(self.offering)


def flex_ceiling(
    terms: FlexTerms, *, allotment: Money, units_per_usd: Decimal | Fraction | None = None
) -> Explained[Money]:
    """The most of a year's `allotment` that may go to credits and custom work together.

    The higher of a percentage of the allotment and a fixed amount in US dollars,
    converted at the order's frozen rate (units of its currency for one dollar), each cut
    off to the minor unit; never more than the allotment; inclusive.

    Refuses `rate_required` for another currency than US dollars without a rate.

    Clause: 2.2-F3, 2.2-F4, 2.2-F8, 0-C11
    """
    if allotment.minor < 0:
        raise ValueError(f"an allotment isn't negative: {allotment}")
    floor_usd = Money(terms.capped_floor_usd_minor, "USD")
    share = allotment.share_down(terms.capped_percent)
    floor = _in_currency(floor_usd, allotment.currency, units_per_usd)
    ceiling = min(allotment, max(share, floor))
    rate = () if allotment.currency == "USD" else (("units_per_usd", units_per_usd),)
    return Explained(
        ceiling,
        inputs=(("annual_allotment", allotment), *rate),
        steps=(
            ("capped_percent", terms.capped_percent),
            ("share", share),
            ("floor_usd", floor_usd),
            ("floor", floor),
            ("ceiling", ceiling),
        ),
        clauses=("2.2-F3", "2.2-F8") if rate else ("2.2-F3",),
        readings=("0-C11",),
    )


def _in_currency(usd: Money, currency: str, units_per_usd: Decimal | Fraction | None) -> Money:
    if currency == "USD":
        return usd
    if units_per_usd is None:
        raise Refused("rate_required", clause="2.2-F8", field="units_per_usd", currency=currency)
    if units_per_usd <= 0:
        raise ValueError(f"a rate is positive, not {units_per_usd}")
    return usd.converted_down(units_per_usd, currency)


def flex_ceilings(
    terms: FlexTerms,
    *,
    allotments: Mapping[int, Money],
    units_per_usd: Decimal | Fraction | None = None,
) -> dict[int, Explained[Money]]:
    """The ceiling of each contract year, from that year's allotment alone.

    Clause: 2.2-F3, 2.2-F4
    """
    return {
        year: flex_ceiling(terms, allotment=allotment, units_per_usd=units_per_usd)
        for year, allotment in allotments.items()
    }


def check_allocation(
    terms: FlexTerms,
    use: FlexUse,
    *,
    allocated: Iterable[FlexUse],
    allotment: Money,
    units_per_usd: Decimal | Fraction | None = None,
    executed_at: datetime | None = None,
    at: datetime | None = None,
) -> Explained[Money]:
    """What is left of a year's `allotment` after `use` joins what is `allocated` already.

    Allocation comes strictly before the instant of execution; an executed order without
    an instant of allocation is too late as well. Allotment and ceiling may be filled to
    the last minor unit. The rate is asked for only where the ceiling counts.

    Refuses `ineligible_service`, `after_execution`, `over_allotment` and `over_cap`; of
    two exceeded limits it names the tighter one.

    Clause: 2.2-F1, 2.2-F3, 2.2-F5, 2.2-F7
    """
    if use.amount.minor <= 0:
        raise ValueError(f"an allocation is positive, not {use.amount}")
    if not flex_may_pay(use.offering):
        raise Refused("ineligible_service", clause=_ineligible_clause(use), field="offering")
    if executed_at is not None and (at is None or at >= executed_at):
        raise Refused("after_execution", clause="2.2-F7", executed_at=executed_at)
    earlier = tuple(allocated)
    zero = Money(0, allotment.currency)
    left = allotment - sum((one.amount for one in earlier), zero)
    if use.capped:
        ceiling = flex_ceiling(terms, allotment=allotment, units_per_usd=units_per_usd).result
        capped_left = ceiling - sum((one.amount for one in earlier if one.capped), zero)
        if use.amount > capped_left and capped_left < left:
            raise Refused(
                "over_cap",
                clause="2.2-F3",
                field="amount",
                asked=use.amount,
                ceiling=ceiling,
                left=max(capped_left, zero),
            )
    if use.amount > left:
        raise Refused(
            "over_allotment",
            clause="2.2-F1",
            field="amount",
            asked=use.amount,
            allotment=allotment,
            left=max(left, zero),
        )
    return Explained(
        left - use.amount,
        inputs=(("annual_allotment", allotment), ("left_before", left), ("amount", use.amount)),
        steps=(("left_after", left - use.amount),),
        clauses=("2.2-F1", "2.2-F3") if use.capped else ("2.2-F1",),
    )


def _ineligible_clause(use: FlexUse) -> str:
    barred = use.offering is not None and use.offering.category == "success_management"
    return "2.2-F5" if barred else "2.2-F1"


def forfeited_at_execution(
    *, allotments: Mapping[int, Money], allocated: Mapping[int, Money]
) -> dict[int, Explained[Money]]:
    """What of each contract year's allotment is taken back when the order is executed.

    All years count, also those that begin later. A year missing in `allocated` has
    nothing allocated.

    Clause: 2.2-F7, 2.2-F4
    """
    strangers = allocated.keys() - allotments.keys()
    if strangers:
        raise ValueError(f"allocated in years without an allotment: {sorted(strangers)}")
    return {
        year: _forfeited(allotment, allocated.get(year, Money(0, allotment.currency)))
        for year, allotment in allotments.items()
    }


def _forfeited(allotment: Money, allocated: Money) -> Explained[Money]:
    if allocated > allotment:
        raise ValueError(f"{allocated} allocated of {allotment}")
    return Explained(
        allotment - allocated,
        inputs=(("annual_allotment", allotment), ("allocated", allocated)),
        steps=(("forfeited", allotment - allocated),),
        clauses=("2.2-F7",),
    )


def flex_period(
    terms: FlexTerms, *, order_start: date, order_end: date, funded_year: int
) -> Explained[ContractYear]:
    """The days on which a service funded from `funded_year`'s allotment may be delivered.

    Counted from the start of the order, month by month from that date; the order's last
    day in force cuts it short. A year after the order's end has no day in it.

    Clause: 2.2-F4, 2.7-T10, 0-C12, 0-C16
    """
    if funded_year < 1:
        raise ValueError(f"contract years are counted from 1, not {funded_year}")
    months = terms.period_months
    first = add_months(order_start, months * (funded_year - 1))
    year_end = add_months(order_start, months * funded_year) - timedelta(days=1)
    last = min(year_end, order_end)
    return Explained(
        ContractYear(funded_year, first, last),
        inputs=(
            ("order_start", order_start),
            ("order_end", order_end),
            ("funded_year", funded_year),
        ),
        steps=(("first_day", first), ("year_end", year_end), ("last_day", last)),
        clauses=("2.2-F4",) if last == year_end else ("2.2-F4", "2.7-T10"),
        readings=("0-C12", "0-C16"),
    )


def flex_may_fund(period: ContractYear, delivered_on: date) -> bool:
    """Whether a delivery on that day is used inside the annual period that pays for it.

    Delivered counts, not requested or scheduled; a delivery over several days is judged
    by its last day.

    Clause: 2.2-F4
    """
    return delivered_on in period


def check_flex_use(period: ContractYear, delivered_on: date) -> None:
    """Refuse a delivery outside the period: `too_early` or `too_late`.

    Clause: 2.2-F4
    """
    if not flex_may_fund(period, delivered_on):
        raise Refused(
            "too_late" if delivered_on > period.last_day else "too_early",
            clause="2.2-F4",
            field="date",
            first_day=period.first_day,
            last_day=period.last_day,
        )
