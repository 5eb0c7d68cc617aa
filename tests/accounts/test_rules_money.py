from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.money import LARGEST, Money, half_up, minor_digits

amounts = st.integers(-(10**15), 10**15)
currencies = st.sampled_from(["USD", "JPY", "KWD"])


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("XXX", 2)])
def test_a_currency_has_its_own_minor_unit(currency, digits):
    assert minor_digits(currency) == digits


@pytest.mark.clause("0-C10", "0-C11")
@pytest.mark.parametrize(
    ("value", "whole"),
    [("12.4", 12), ("12.5", 13), ("12.499999999999999999", 12), ("0", 0), ("-2.5", -3), ("7", 7)],
)
def test_an_exact_half_goes_away_from_zero(value, whole):
    assert half_up(Decimal(value)) == whole


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "text"),
    [
        ("1250.01", "USD", 125001, "1250.01"),
        ("1250", "USD", 125000, "1250.00"),
        ("12400.00", "JPY", 12400, "12400"),
        ("1.234", "KWD", 1234, "1.234"),
        ("-0.05", "EUR", -5, "-0.05"),
        (Decimal("1E+3"), "USD", 100000, "1000.00"),
        (0, "USD", 0, "0.00"),
    ],
)
def test_an_amount_is_read_and_written_in_major_units(amount, currency, minor, text):
    money = Money.of(amount, currency)
    assert money == Money(minor, currency)
    assert money.decimal_text == text


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0.001", "USD"),
        ("0.5", "JPY"),
        ("1.2345", "KWD"),
        ("1.00000000000000000000000000001", "USD"),
        ("twelve", "USD"),
        ("NaN", "USD"),
        ("Infinity", "USD"),
        ("1e16", "USD"),
        ("1e999999999", "USD"),
        ("1e-999999999", "USD"),
    ],
)
def test_what_is_no_whole_number_of_minor_units_is_no_amount(amount, currency):
    with pytest.raises(ValueError, match="not a"):
        Money.of(amount, currency)


def test_the_largest_amount_fits_the_ledger():
    assert Money.of("999999999999999999", "JPY").minor == LARGEST - 1


def test_amounts_of_one_currency_add_up_and_compare():
    two, three = Money(200, "EUR"), Money(300, "EUR")
    assert two + three == Money(500, "EUR")
    assert two - three == Money(-100, "EUR")
    assert max(two, three) == three
    assert two <= three
    assert bool(two) is True
    assert bool(Money(0, "EUR")) is False


@pytest.mark.parametrize("combine", [Money.__add__, Money.__sub__, Money.__lt__, Money.__ge__])
def test_two_currencies_need_a_rate(combine):
    with pytest.raises(ValueError, match="without a rate"):
        combine(Money(1, "EUR"), Money(1, "USD"))


@pytest.mark.clause("0-C11")
def test_a_fee_is_rounded_half_up_and_a_ceiling_is_cut_off():
    assert Money.of("999.99", "USD").share(50) == Money.of("500.00", "USD")
    assert Money.of("999.99", "USD").share_down(50) == Money.of("499.99", "USD")
    assert Money.of("101", "JPY").share(Decimal("12.5")) == Money.of("13", "JPY")


@pytest.mark.clause("2.2-F8", "0-C11")
@pytest.mark.parametrize(
    ("rate", "currency", "converted"),
    [
        (Decimal("0.92"), "EUR", "46000.00"),
        (Decimal("149.8765"), "JPY", "7493825"),
        (Decimal("0.3071"), "KWD", "15355.000"),
        (Fraction(1, 3), "EUR", "16666.66"),
    ],
)
def test_a_ceiling_is_converted_and_cut_off_to_the_other_minor_unit(rate, currency, converted):
    usd = Money.of("50000", "USD")
    assert usd.converted_down(rate, currency) == Money.of(converted, currency)


@given(minor=amounts, currency=currencies)
@settings(max_examples=50)
def test_text_and_amount_are_the_same_thing(minor, currency):
    money = Money(minor, currency)
    assert Money.of(money.decimal_text, currency) == money


@given(minor=st.integers(0, 10**15), percent=st.integers(0, 100))
@settings(max_examples=50)
def test_what_is_cut_off_is_less_than_one_minor_unit(minor, percent):
    money = Money(minor, "USD")
    exact = Fraction(minor * percent, 100)
    assert 0 <= exact - money.share_down(percent).minor < 1
    assert abs(exact - money.share(percent).minor) <= Fraction(1, 2)
