from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.calendar_days import ContractYear
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.terms import FlexTerms
from tests import contract
from tests.contract import FLEX, usd
from workorders.rules.flex import (
    FlexUse,
    check_allocation,
    check_flex_use,
    flex_ceiling,
    flex_ceilings,
    flex_may_fund,
    flex_period,
    forfeited_at_execution,
)

SIGNED = datetime(2025, 3, 31, 2, 0, tzinfo=UTC)


@pytest.mark.clause("2.2-F3")
@pytest.mark.parametrize(
    ("allotment", "ceiling"),
    [
        ("400000.00", "80000.00"),
        ("250000.00", "50000.00"),
        ("250000.05", "50000.01"),
        ("249999.99", "50000.00"),
        ("50000.01", "50000.00"),
        ("31250.50", "31250.50"),
        ("0.00", "0.00"),
    ],
)
def test_the_ceiling_is_the_higher_of_share_and_fixed_amount_within_the_allotment(
    allotment, ceiling
):
    assert flex_ceiling(FLEX, allotment=usd(allotment)).result == usd(ceiling)


@pytest.mark.clause("2.2-F3", "0-C11")
def test_a_ceiling_is_cut_off_not_rounded():
    assert flex_ceiling(FLEX, allotment=usd("333333.33")).result == usd("66666.66")


@pytest.mark.clause("2.2-F8")
@pytest.mark.parametrize(
    ("currency", "rate", "allotment", "ceiling"),
    [
        ("EUR", Decimal("0.92"), "150000.00", "46000.00"),
        ("JPY", Decimal("149.8765"), "20000000", "7493825"),
        ("KWD", Decimal("0.30711"), "60000.000", "15355.500"),
        ("EUR", Fraction(1, 3), "100000.00", "20000.00"),
    ],
)
def test_the_fixed_amount_is_converted_at_the_frozen_rate(currency, rate, allotment, ceiling):
    explained = flex_ceiling(FLEX, allotment=Money.of(allotment, currency), units_per_usd=rate)
    assert explained.result == Money.of(ceiling, currency)
    assert explained.clauses == ("2.2-F3", "2.2-F8")


@pytest.mark.clause("2.2-F8")
def test_another_currency_without_a_rate_is_refused():
    with pytest.raises(Refused) as refusal:
        flex_ceiling(FLEX, allotment=Money.of("150000", "GBP"))
    assert refusal.value.code == "rate_required"
    assert refusal.value.figures == {"currency": "GBP"}


def test_negative_allotments_and_rates_are_mistakes():
    with pytest.raises(ValueError, match="negative"):
        flex_ceiling(FLEX, allotment=usd("-1"))
    with pytest.raises(ValueError, match="positive"):
        flex_ceiling(FLEX, allotment=Money(1, "EUR"), units_per_usd=Decimal(0))


def test_the_ceiling_shows_both_alternatives():
    explained = flex_ceiling(FLEX, allotment=usd("400000"))
    assert explained.inputs == (("annual_allotment", usd("400000")),)
    assert explained.steps == (
        ("capped_percent", 20),
        ("share", usd("80000")),
        ("floor_usd", usd("50000")),
        ("floor", usd("50000")),
        ("ceiling", usd("80000")),
    )


@pytest.mark.clause("2.2-F3", "2.2-F4")
def test_each_year_has_its_own_ceiling():
    ceilings = flex_ceilings(
        FLEX, allotments={1: usd("300000"), 2: usd("500000"), 3: usd("100000")}
    )
    assert {year: one.result for year, one in ceilings.items()} == {
        1: usd("60000"),
        2: usd("100000"),
        3: usd("50000"),
    }


@given(allotment=st.integers(0, 10**12), percent=st.integers(0, 100), floor=st.integers(0, 10**10))
@settings(max_examples=50)
def test_a_ceiling_never_exceeds_the_allotment_and_never_falls_short_of_the_share(
    allotment, percent, floor
):
    terms = FlexTerms(percent, floor, 12)
    ceiling = flex_ceiling(terms, allotment=Money(allotment, "USD")).result.minor
    assert ceiling <= allotment
    assert ceiling >= allotment * percent // 100
    assert ceiling == allotment or ceiling >= floor


# --- allocation -----------------------------------------------------------------------------


def allocate(offering, amount, *, earlier=(), allotment="400000.00", **more):
    return check_allocation(
        FLEX,
        FlexUse(offering, usd(amount)),
        allocated=[FlexUse(one, usd(value)) for one, value in earlier],
        allotment=usd(allotment),
        **more,
    )


@pytest.mark.clause("2.2-F3", "2.2-F1")
def test_credits_and_custom_work_fill_one_ceiling_to_the_last_cent():
    earlier = [(contract.CREDITS, "50000.00"), (contract.WORKSHOPS, "100000.00")]
    explained = allocate(contract.CUSTOM, "30000.00", earlier=earlier)
    assert explained.result == usd("220000.00")
    assert explained.clauses == ("2.2-F1", "2.2-F3")
    with pytest.raises(Refused) as refusal:
        allocate(contract.CUSTOM, "30000.01", earlier=earlier)
    assert refusal.value.code == "over_cap"
    assert refusal.value.figures == {
        "asked": usd("30000.01"),
        "ceiling": usd("80000.00"),
        "left": usd("30000.00"),
    }


@pytest.mark.clause("2.2-F1", "2.1-B4", "2.1-B5")
@pytest.mark.parametrize("offering", [contract.WORKSHOPS, contract.UER_SERVICE, contract.RCA])
def test_other_additional_services_may_take_the_whole_allotment(offering):
    assert allocate(offering, "400000.00").result == usd("0.00")
    with pytest.raises(Refused) as refusal:
        allocate(offering, "400000.01")
    assert refusal.value.code == "over_allotment"
    assert refusal.value.figures == {
        "asked": usd("400000.01"),
        "allotment": usd("400000.00"),
        "left": usd("400000.00"),
    }


@pytest.mark.clause("2.2-F3")
@pytest.mark.parametrize(
    ("earlier", "amount", "code"),
    [
        ([(contract.WORKSHOPS, "390000.00")], "20000.00", "over_allotment"),
        ([(contract.CREDITS, "75000.00")], "380000.00", "over_cap"),
        ([(contract.WORKSHOPS, "320000.00")], "90000.00", "over_allotment"),
    ],
)
def test_of_two_exceeded_limits_the_tighter_one_is_named(earlier, amount, code):
    with pytest.raises(Refused) as refusal:
        allocate(contract.CREDITS, amount, earlier=earlier)
    assert refusal.value.code == code


@pytest.mark.clause("2.2-F5", "2.2-F1")
@pytest.mark.parametrize(
    ("offering", "clause"),
    [(contract.SUCCESS, "2.2-F5"), (contract.EDUCATION, "2.2-F1"), (None, "2.2-F1")],
)
def test_base_lines_delivery_management_and_travel_are_not_eligible(offering, clause):
    with pytest.raises(Refused) as refusal:
        allocate(offering, "500.00")
    assert (refusal.value.code, refusal.value.clauses) == ("ineligible_service", (clause,))


@pytest.mark.clause("2.2-F7")
@pytest.mark.parametrize(
    ("at", "accepted"),
    [(SIGNED - timedelta(seconds=1), True), (SIGNED, False), (SIGNED + timedelta(days=1), False),
     (None, False)],
)  # fmt: skip
def test_allocation_comes_strictly_before_execution(at, accepted):
    if accepted:
        allocate(contract.WORKSHOPS, "20000.00", executed_at=SIGNED, at=at)
        return
    with pytest.raises(Refused) as refusal:
        allocate(contract.WORKSHOPS, "20000.00", executed_at=SIGNED, at=at)
    assert refusal.value.code == "after_execution"


@pytest.mark.clause("2.2-F8")
def test_the_rate_is_asked_for_only_inside_the_ceiling():
    allotment = Money.of("100000", "EUR")
    use = FlexUse(contract.WORKSHOPS, allotment)
    assert check_allocation(FLEX, use, allocated=(), allotment=allotment).result.minor == 0
    with pytest.raises(Refused) as refusal:
        check_allocation(
            FLEX, FlexUse(contract.CREDITS, allotment), allocated=(), allotment=allotment
        )
    assert refusal.value.code == "rate_required"


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_an_allocation_of_nothing_is_a_mistake(amount):
    with pytest.raises(ValueError, match="positive"):
        allocate(contract.WORKSHOPS, amount)


@pytest.mark.clause("2.2-F7", "2.2-F4")
def test_what_is_not_allocated_at_execution_is_forfeited_in_every_year():
    forfeited = forfeited_at_execution(
        allotments={1: usd("100000"), 2: usd("100000"), 3: usd("100000")},
        allocated={1: usd("100000"), 2: usd("60000")},
    )
    assert {year: one.result for year, one in forfeited.items()} == {
        1: usd("0"),
        2: usd("40000"),
        3: usd("100000"),
    }


def test_more_than_was_allotted_cannot_have_been_allocated():
    with pytest.raises(ValueError, match="allocated of"):
        forfeited_at_execution(allotments={1: usd("1")}, allocated={1: usd("2")})
    with pytest.raises(ValueError, match="without an allotment"):
        forfeited_at_execution(allotments={1: usd("1")}, allocated={2: usd("1")})


# --- use ------------------------------------------------------------------------------------


def period(start: str, end: str, year: int) -> ContractYear:
    return flex_period(
        FLEX,
        order_start=date.fromisoformat(start),
        order_end=date.fromisoformat(end),
        funded_year=year,
    ).result


@pytest.mark.clause("2.2-F4", "0-C12")
@pytest.mark.parametrize(
    ("start", "end", "year", "first", "last"),
    [
        ("2024-10-01", "2027-09-30", 1, "2024-10-01", "2025-09-30"),
        ("2024-10-01", "2027-09-30", 2, "2025-10-01", "2026-09-30"),
        ("2024-02-29", "2027-02-27", 1, "2024-02-29", "2025-02-27"),
        ("2024-02-29", "2030-02-27", 5, "2028-02-29", "2029-02-27"),
        ("2025-01-31", "2027-01-30", 1, "2025-01-31", "2026-01-30"),
    ],
)
def test_money_of_a_year_pays_for_deliveries_in_that_contract_year(start, end, year, first, last):
    funded = period(start, end, year)
    assert (funded.first_day, funded.last_day) == (
        date.fromisoformat(first),
        date.fromisoformat(last),
    )
    day = timedelta(days=1)
    assert flex_may_fund(funded, funded.first_day) is True
    assert flex_may_fund(funded, funded.last_day) is True
    assert flex_may_fund(funded, funded.first_day - day) is False
    assert flex_may_fund(funded, funded.last_day + day) is False


@pytest.mark.clause("2.2-F4", "2.7-T10", "0-C16", "X-29")
def test_the_end_of_the_order_wins_over_the_end_of_the_year():
    explained = flex_period(
        FLEX, order_start=date(2024, 10, 1), order_end=date(2026, 5, 31), funded_year=2
    )
    assert explained.result.last_day == date(2026, 5, 31)
    assert explained.clauses == ("2.2-F4", "2.7-T10")
    assert not flex_may_fund(period("2024-10-01", "2025-05-31", 2), date(2025, 10, 1))


@pytest.mark.clause("2.2-F4")
@pytest.mark.parametrize(("day", "code"), [("2025-10-01", "too_late"), ("2024-09-30", "too_early")])
def test_a_delivery_outside_its_year_is_refused_with_the_days_that_count(day, code):
    funded = period("2024-10-01", "2027-09-30", 1)
    check_flex_use(funded, date(2025, 9, 30))
    with pytest.raises(Refused) as refusal:
        check_flex_use(funded, date.fromisoformat(day))
    assert refusal.value.code == code
    assert refusal.value.figures == {
        "first_day": date(2024, 10, 1),
        "last_day": date(2025, 9, 30),
    }


def test_years_are_counted_from_one():
    with pytest.raises(ValueError, match="counted from 1"):
        period("2024-10-01", "2027-09-30", 0)
