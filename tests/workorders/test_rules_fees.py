"""The tiered fee: marginal tiers over the spend, the platform price, the floor price."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests.contract import usd
from workorders.rules.fees import Tier, check_tiers, tiered_fee

# 2 % of the first ten million, 1.5 % of the next forty, 0.75 % of what is above.
TABLE = (
    Tier(usd("10000000.00"), Decimal(2)),
    Tier(usd("50000000.00"), Decimal("1.5")),
    Tier(None, Decimal("0.75")),
)
NOTHING = Money(0, "USD")


def fee(spend, *, platform="0.00", tiers=TABLE, floor=None):
    """The fee in US dollars."""
    return tiered_fee(
        tiers, spend=usd(spend), platform_price=usd(platform), floor_price=floor and usd(floor)
    )


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


@pytest.mark.clause("2.4-AP4")
@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        ("0.00", "0.00"),
        ("10000000.00", "200000.00"),
        ("10000000.01", "200000.00"),
        ("50000000.00", "800000.00"),  # 200,000 + 40 million at 1.5 %
        ("60000000.00", "875000.00"),  # + 10 million at 0.75 %
    ],
)
def test_each_tier_counts_for_the_spend_between_its_limits(spend, expected):
    assert fee(spend).result == usd(expected)


@pytest.mark.clause("2.4-AP4")
def test_the_platform_price_is_added():
    assert fee("50000000.00", platform="120000.50").result == usd("920000.50")


@pytest.mark.clause("2.4-AP6")
@pytest.mark.parametrize(
    ("floor", "expected"),
    [("250000.00", "250000.00"), ("200000.00", "200000.00"), ("199999.99", "200000.00")],
)
def test_a_floor_price_is_the_least_that_the_fee_can_be(floor, expected):
    assert fee("10000000.00", floor=floor).result == usd(expected)


@pytest.mark.clause("2.4-AP4", "0-C11")
@pytest.mark.parametrize(("spend", "expected"), [("0.49", 0), ("0.50", 1), ("1.49", 1)])
def test_a_tier_is_rounded_half_up_to_the_cent(spend, expected):
    one_percent = (Tier(None, Decimal(1)),)
    assert fee(spend, tiers=one_percent).result == Money(expected, "USD")


@pytest.mark.clause("2.4-AP4", "0-C11")
@pytest.mark.parametrize(
    ("currency", "rate", "expected"),
    [
        ("EUR", Decimal("0.925"), 20_350_001),  # 220,000.01 USD × 0.925 = 203,500.00925
        ("JPY", Decimal("149.8765"), 32_972_831),  # 32,972,831.49…
        ("KWD", Fraction(1, 3), 73_333_337),
    ],
)
def test_the_sum_of_the_tiers_is_converted_once_and_rounded_half_up(currency, rate, expected):
    tiers = (Tier(None, Decimal(1)),)
    found = tiered_fee(
        tiers, spend=usd("22000001.00"), platform_price=Money(0, currency), units_per_usd=rate
    )
    assert found.result == Money(expected, currency)
    assert ("units_per_usd", rate) in found.inputs


@pytest.mark.clause("2.4-AP4")
def test_the_proof_shows_the_tiers_that_the_spend_reaches():
    found = fee("12000000.00", platform="5000.00", floor="1.00")
    assert found.steps == (
        ("tier_spend", usd("10000000.00")),
        ("tier_percent", Decimal(2)),
        ("tier_fee", usd("200000.00")),
        ("tier_spend", usd("2000000.00")),
        ("tier_percent", Decimal("1.5")),
        ("tier_fee", usd("30000.00")),
        ("fee_by_tiers", usd("230000.00")),
        ("fee_with_platform", usd("235000.00")),
        ("at_least_floor", usd("235000.00")),
    )
    assert (found.clauses, found.readings) == (("2.4-AP4", "2.4-AP6"), ("0-C11",))


def rising(limits):
    return tuple(Tier(Money(limit, "USD"), percent) for limit, percent in limits)


@pytest.mark.clause("2.4-AP4")
@settings(max_examples=200)
@given(
    st.dictionaries(
        st.integers(1, 10**12), st.decimals(0, 100, places=4), min_size=1, max_size=6
    ).map(lambda found: sorted(found.items())),
    st.integers(0, 10**12),
    st.integers(0, 10**6),
)
def test_a_higher_spend_never_lowers_the_fee(limits, spend, more):
    table = (*rising(limits), Tier(None, Decimal("0.5")))
    low, high = (
        tiered_fee(table, spend=Money(amount, "USD"), platform_price=NOTHING).result
        for amount in (spend, spend + more)
    )
    assert low <= high


@pytest.mark.clause("2.4-AP4")
@pytest.mark.parametrize(
    ("tiers", "code", "row"),
    [
        ((Tier(None, Decimal(1)), Tier(usd("5.00"), Decimal(1))), "tier_limit_required", 1),
        ((Tier(usd("0.00"), Decimal(1)),), "tiers_out_of_order", 1),
        ((TABLE[1], TABLE[0]), "tiers_out_of_order", 2),
        ((TABLE[0], TABLE[0]), "tiers_out_of_order", 2),
        ((TABLE[0], Tier(None, Decimal("100.0001"))), "tier_percent_invalid", 2),
        ((Tier(None, Decimal("-0.1")),), "tier_percent_invalid", 1),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_its_row(tiers, code, row):
    refused = refusal(lambda: check_tiers(tiers))
    assert (refused.code, refused.field, refused.figures["row"]) == (code, "tiers", row)


@pytest.mark.clause("2.4-AP4")
@pytest.mark.parametrize("tiers", [TABLE[:2], ()])
def test_spend_above_the_last_limit_is_refused(tiers):
    refused = refusal(lambda: fee("50000000.01", tiers=tiers))
    assert (refused.code, refused.clauses) == ("spend_beyond_tiers", ("2.4-AP4",))


@pytest.mark.clause("2.2-F8")
def test_another_currency_needs_a_rate():
    refused = refusal(lambda: tiered_fee(TABLE, spend=usd("1.00"), platform_price=Money(0, "EUR")))
    assert (refused.code, refused.field) == ("rate_required", "units_per_usd")


@pytest.mark.parametrize(
    ("spend", "platform", "rate"),
    [
        (Money(1, "EUR"), NOTHING, None),
        (Money(-1, "USD"), NOTHING, None),
        (NOTHING, Money(-1, "USD"), None),
        (NOTHING, Money(1, "EUR"), Decimal(0)),
    ],
)
def test_a_callers_mistake_is_a_value_error(spend, platform, rate):
    with pytest.raises(ValueError, match=r"negative|positive"):
        tiered_fee(TABLE, spend=spend, platform_price=platform, units_per_usd=rate)
