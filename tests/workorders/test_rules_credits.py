from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import contract
from tests.contract import ELSEWHERE, EXCEPTION, FRANCE, HOST, JAPAN, UNLISTED, usd
from workorders.rules.credits import (
    CreditPrice,
    CreditTransfer,
    DatedCreditValue,
    Redemption,
    RedemptionLine,
    check_approval,
    check_price_of_credits,
    credit_transfer,
    credit_value_on,
    credits_for,
    redemption,
    transfer_rate,
)

THOUSAND = usd("1000.00")


@pytest.mark.clause("2.3-PC3", "0-C10")
@pytest.mark.parametrize(
    ("value", "credit", "deducted"),
    [
        ("12400.00", "1000.00", 12),
        ("12500.00", "1000.00", 13),
        ("12499.99", "1000.00", 12),
        ("8925.00", "850.00", 11),
        ("1000.00", "300.00", 3),
        ("499.99", "1000.00", 0),
        ("0.00", "1000.00", 0),
    ],
)
def test_a_service_costs_the_nearest_whole_credits_an_exact_half_going_up(value, credit, deducted):
    assert credits_for(usd(value), credit_value=usd(credit)).result == deducted


def test_a_deduction_shows_the_exact_quotient():
    explained = credits_for(usd("8925"), credit_value=usd("850"))
    assert explained.steps == (("exact_credits", Fraction(21, 2)), ("deducted", 11))


@pytest.mark.parametrize(
    ("value", "credit", "problem"),
    [
        (THOUSAND, usd("0"), "worth something"),
        (THOUSAND, Money(1000, "EUR"), "isn't the credit's"),
        (usd("-1"), THOUSAND, "less than nothing"),
    ],
)
def test_worthless_credits_and_mixed_currencies_are_mistakes(value, credit, problem):
    with pytest.raises(ValueError, match=problem):
        credits_for(value, credit_value=credit)


@pytest.mark.clause("2.3-PC2")
@pytest.mark.parametrize(
    ("approved", "value"), [("2025-06-30", "1000"), ("2025-07-01", "1100"), ("2026-01-01", "1100")]
)
def test_the_credit_value_of_the_day_of_approval_counts(approved, value):
    values = [
        DatedCreditValue(date(2025, 7, 1), usd("1100")),
        DatedCreditValue(date(2025, 1, 1), usd("1000")),
    ]
    assert credit_value_on(values, date.fromisoformat(approved)).result == usd(value)


@pytest.mark.clause("2.3-PC2")
def test_before_the_first_credit_value_there_is_no_rate():
    with pytest.raises(Refused) as refusal:
        credit_value_on([DatedCreditValue(date(2025, 1, 1), THOUSAND)], date(2024, 12, 31))
    assert refusal.value.code == "rate_required"


def lines(*values: str, offering=contract.WORKSHOPS) -> list[RedemptionLine]:
    return [RedemptionLine(offering, usd(value)) for value in values]


@pytest.mark.clause("2.3-PC1", "2.3-PC3", "0-C10")
def test_each_line_is_rounded_on_its_own():
    redeemed = redemption(lines("2500.00", "2500.00"), credit_value=THOUSAND, balance=50)
    assert redeemed.result == Redemption((3, 3), 6, 44)


@pytest.mark.clause("2.3-PC3")
def test_the_rounded_sum_may_empty_the_balance_and_not_more():
    redeemed = redemption(lines("10499.99"), credit_value=THOUSAND, balance=10)
    assert redeemed.result.balance_after == 0
    with pytest.raises(Refused) as refusal:
        redemption(lines("10500.00"), credit_value=THOUSAND, balance=10)
    assert refusal.value.code == "insufficient_credits"
    assert refusal.value.figures == {"needed": 11, "left": 10}


@pytest.mark.clause("2.3-PC4")
@pytest.mark.parametrize("offering", [contract.CUSTOM, contract.EDUCATION, contract.SUCCESS, None])
def test_credits_buy_nothing_undefined_and_nothing_of_the_base(offering):
    with pytest.raises(Refused) as refusal:
        redemption(lines("4000", offering=offering), credit_value=THOUSAND, balance=40)
    assert refusal.value.code == "ineligible_target"
    assert refusal.value.overridable is False


@given(
    values=st.lists(st.integers(0, 10**9), max_size=6),
    credit=st.integers(1, 10**7),
    balance=st.integers(0, 10**6),
)
@settings(max_examples=60)
def test_a_redemption_never_takes_more_than_there_is(values, credit, balance):
    chosen = [RedemptionLine(contract.WORKSHOPS, Money(value, "USD")) for value in values]
    try:
        redeemed = redemption(chosen, credit_value=Money(credit, "USD"), balance=balance).result
    except Refused:
        return
    assert redeemed.deducted + redeemed.balance_after == balance
    assert redeemed.balance_after >= 0
    for value, deducted in zip(values, redeemed.by_line, strict=True):
        assert -1 < 2 * (Fraction(value, credit) - deducted) < 1 or Fraction(
            value, credit
        ) - deducted == Fraction(-1, 2)


# --- transfer -------------------------------------------------------------------------------


def move(credits_moved, source=HOST, target=FRANCE, rate="0.85", balance=60):
    return credit_transfer(
        source, target, credits_moved=credits_moved, rate=Decimal(rate), balance=balance
    )


@pytest.mark.clause("2.6-M15", "2.6-M16", "0-C10")
@pytest.mark.parametrize(
    ("moved", "rate", "received", "rounding"),
    [
        (37, "0.85", 31, "-0.45"),
        (30, "0.85", 26, "0.5"),
        (2, "1.25", 3, "0.5"),
        (9, "1.25", 11, "-0.25"),
        (10, "1.00", 10, "0"),
    ],
)
def test_the_source_gives_whole_credits_and_what_arrives_is_rounded(
    moved, rate, received, rounding
):
    assert move(moved, rate=rate).result == CreditTransfer(
        moved, received, Fraction(rounding), "customer"
    )


@pytest.mark.clause("2.6-M15")
def test_downstreams_may_exchange_with_each_other():
    assert move(12, FRANCE, JAPAN).result.received == 10


@pytest.mark.clause("2.6-M15")
@pytest.mark.parametrize("stranger", [UNLISTED, ELSEWHERE])
def test_credits_stay_among_listed_locations(stranger):
    for source, target in ((HOST, stranger), (stranger, HOST)):
        with pytest.raises(Refused) as refusal:
            move(10, source, target)
        assert refusal.value.code == "location_not_listed"
        assert refusal.value.figures == {"location": stranger.code}


@pytest.mark.clause("2.6-M17", "X-12")
def test_a_tax_exception_bars_both_directions():
    for source, target, field in ((HOST, EXCEPTION, "target"), (EXCEPTION, HOST, "source")):
        with pytest.raises(Refused) as refusal:
            move(10, source, target)
        assert (refusal.value.code, refusal.value.field) == ("tax_exception", field)
        assert refusal.value.overridable is False


@pytest.mark.clause("2.6-M16")
@pytest.mark.parametrize("moved", [Decimal("2.5"), 0, -3, Decimal("0.999")])
def test_only_whole_credits_leave_the_source(moved):
    with pytest.raises(Refused) as refusal:
        move(moved)
    assert refusal.value.code == "whole_credits_only"


@pytest.mark.clause("2.6-M16")
def test_no_more_than_the_balance_leaves_the_source():
    assert move(Decimal("60.0")).result.debited == 60
    with pytest.raises(Refused) as refusal:
        move(61)
    assert (refusal.value.code, refusal.value.figures) == (
        "insufficient_credits",
        {"asked": 61, "left": 60},
    )


@pytest.mark.clause("2.6-M15")
def test_a_location_does_not_exchange_with_itself():
    with pytest.raises(Refused) as refusal:
        move(10, HOST, replace(HOST))
    assert refusal.value.code == "credits_there_already"


@pytest.mark.clause("2.6-M18")
def test_the_customer_bears_the_taxes_of_a_move():
    assert move(10).result.tax_payer == "customer"


def test_a_rate_is_positive():
    with pytest.raises(ValueError, match="positive"):
        move(10, rate="0")


@pytest.mark.clause("2.6-M16")
@pytest.mark.parametrize(
    ("source", "target", "rate"),
    [
        (CreditPrice(usd("1000")), CreditPrice(usd("1250")), Fraction(4, 5)),
        (CreditPrice(Money.of("7000", "CNY")), CreditPrice(Money.of("3500", "CNY")), Fraction(2)),
        (
            CreditPrice(Money.of("7000", "CNY"), Decimal("7.2")),
            CreditPrice(Money.of("900", "EUR"), Decimal("0.9")),
            Fraction(35, 36),
        ),
        (
            CreditPrice(usd("1000")),
            CreditPrice(Money.of("150000", "JPY"), Decimal("150")),
            Fraction(1),
        ),
    ],
)
def test_the_rate_follows_from_both_credit_values(source, target, rate):
    assert transfer_rate(source, target).result == rate
    assert transfer_rate(target, source).result == 1 / rate


@pytest.mark.clause("2.6-M16")
def test_two_currencies_need_both_rates():
    with pytest.raises(Refused) as refusal:
        transfer_rate(CreditPrice(usd("1000")), CreditPrice(Money.of("900", "EUR")))
    assert (refusal.value.code, refusal.value.figures) == (
        "rate_required",
        {"currency": "EUR", "location": ""},
    )


@pytest.mark.parametrize(
    "target",
    [CreditPrice(usd("0")), CreditPrice(Money.of("900", "EUR"), Decimal("-1"))],
)
def test_worthless_credits_and_negative_rates_are_mistakes(target):
    with pytest.raises(ValueError, match=r"worth something|positive"):
        transfer_rate(CreditPrice(usd("1000")), target)


def test_an_approval_counts_from_its_day_on_not_before():
    today = date(2026, 3, 2)
    check_approval(today, today)
    check_approval(date(2026, 3, 1), today)
    with pytest.raises(Refused) as refusal:
        check_approval(date(2026, 3, 3), today)
    assert (refusal.value.code, refusal.value.field) == ("in_the_future", "approved_on")


@pytest.mark.clause("2.6-M16")
def test_a_customer_s_own_approval_counts_on_its_day_alone():
    today = date(2026, 3, 2)
    check_approval(today, today, by_customer=True)
    with pytest.raises(Refused, match="approval_of_today"):
        check_approval(date(2026, 3, 1), today, by_customer=True)


def test_credits_arent_given_below_what_they_are_worth():
    check_price_of_credits(usd("870"), number=10, value=usd("87"))
    check_price_of_credits(usd("871"), number=10, value=usd("87"))
    with pytest.raises(Refused) as refusal:
        check_price_of_credits(usd("869.99"), number=10, value=usd("87"))
    assert (refusal.value.code, refusal.value.field) == ("insufficient_value", "price")
    assert refusal.value.figures == {"asked": usd("870"), "left": usd("869.99")}
