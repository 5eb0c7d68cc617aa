"""What people type: amounts, rates, hours, dates, identifiers."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from workorders.forms.fields import AmountField, QuantityField, read_number
from workorders.forms.filters import DateField
from workorders.forms.lines import IdentifiersField
from workorders.forms.orders import RateField


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12500", 12500),
        ("12,500", 12500),
        ("12 500.50", Decimal("12500.50")),
        ("12\u202f500", 12500),
        ("1，000", 1000),
        ("−5", -5),
        ("１２", 12),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["", "1,00", "12.5.0", "1e3", "inf", "NaN", "zwölf", "1" * 41])
def test_what_is_no_number_is_an_error(text):
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)


@pytest.mark.parametrize(
    ("currency", "text", "minor"),
    [("EUR", "9,600", 960_000), ("EUR", "0.01", 1), ("JPY", "1,000", 1000), ("KWD", "1.005", 1005)],
)
def test_amounts_are_kept_in_minor_units(currency, text, minor):
    assert AmountField(currency=currency).clean(text) == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0.001", "places"),
        ("-1", "negative"),
        ("100,000,000,000,000", "large"),
        ("x", "figures"),
        ("", "required"),
    ],
)
def test_amounts_that_can_t_be_booked_are_told(text, code):
    with pytest.raises(ValidationError) as caught:
        AmountField(currency="EUR").clean(text)
    assert caught.value.code == code


def test_an_amount_is_shown_as_it_would_be_typed():
    euros = AmountField(currency="EUR")
    assert [euros.prepare_value(minor) for minor in (960_000, 960_050, None, "typed")] == [
        "9600",
        "9600.50",
        None,
        "typed",
    ]


@pytest.mark.parametrize(
    ("text", "minutes"), [("8", 480), ("7.5", 450), ("7:20", 440), ("7：20", 440), ("0.1", 6)]
)
def test_hours_are_kept_in_minutes(text, minutes):
    assert QuantityField(unit="minute").clean(text) == minutes


@pytest.mark.parametrize(("unit", "text", "code"), [
    ("minute", "0.001", "minutes"), ("each", "1.5", "whole"), ("each", "7:20", "figures"),
])  # fmt: skip
def test_parts_that_can_t_be_counted_are_told(unit, text, code):
    with pytest.raises(ValidationError) as caught:
        QuantityField(unit=unit).clean(text)
    assert caught.value.code == code


def test_a_quantity_may_have_to_be_more_than_zero():
    with pytest.raises(ValidationError) as caught:
        QuantityField(unit="credit", least=1).clean("0")
    assert caught.value.code == "zero"


@pytest.mark.parametrize(
    ("minutes", "shown"), [(480, 8), (440, "7:20"), (61, "1:01"), (None, None)]
)
def test_minutes_are_shown_as_hours(minutes, shown):
    assert QuantityField(unit="minute").prepare_value(minutes) == shown


@pytest.mark.parametrize(
    ("text", "rate"), [("0.92", Decimal("0.92")), ("7.12345678", Decimal("7.12345678"))]
)
def test_a_rate_keeps_up_to_eight_places(text, rate):
    assert RateField().clean(text) == rate


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "zero"),
        ("-1", "zero"),
        ("0.123456789", "places"),
        ("10,000,000,000", "large"),
        ("x", "figures"),
    ],
)
def test_rates_that_can_t_be_are_told(text, code):
    with pytest.raises(ValidationError) as caught:
        RateField().clean(text)
    assert caught.value.code == code


def test_a_rate_is_shown_without_the_zeros_of_its_column():
    field = RateField(required=False)
    assert [field.prepare_value(v) for v in (Decimal("0.92000000"), Decimal(100), "x")] == [
        "0.92",
        "100",
        "x",
    ]
    assert field.clean("") is None


@pytest.mark.parametrize("text", ["1989-12-31", "2200-01-01", "0001-01-01"])
def test_years_are_those_of_agreements(text):
    with pytest.raises(ValidationError) as caught:
        DateField().clean(text)
    assert caught.value.code == "year"


def test_identifiers_are_read_one_a_line_and_once():
    assert IdentifiersField().clean(" a \n\nb\na\r\n") == ["a", "b"]
    assert IdentifiersField().prepare_value(["a", "b"]) == "a\nb"


@pytest.mark.parametrize("text", ["x" * 161, "\n".join(map(str, range(201)))])
def test_identifiers_have_their_limits(text):
    with pytest.raises(ValidationError):
        IdentifiersField().clean(text)
