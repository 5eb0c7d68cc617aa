"""What is billed when, and invoices that add up to the whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from workorders.rules.billing_parts import (
    Billed,
    billable_day,
    check_travel,
    invoices_of,
    split_amount,
)


@pytest.mark.clause("2.6-M20", "X-27")
@pytest.mark.parametrize(
    ("executed", "line", "due"),
    [
        (date(2026, 1, 20), None, date(2026, 2, 1)),
        (date(2026, 3, 5), None, date(2026, 3, 5)),
        (date(2026, 1, 20), date(2026, 7, 1), date(2026, 7, 1)),
    ],
)
def test_a_price_is_due_when_agreed_begun_and_usable(executed, line, due):
    day = billable_day(executed_on=executed, order_start=date(2026, 2, 1), line_start=line)
    assert day.result == due


@pytest.mark.clause("2.6-M21")
def test_thirds_of_a_hundred_euros_add_up():
    billed = Billed(Money(100_00, "EUR"), (("a", 1), ("b", 1), ("c", 1)))
    assert [part.minor for _key, part in split_amount(billed)] == [33_34, 33_33, 33_33]


@pytest.mark.clause("2.6-M21")
@given(st.integers(1, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_what_is_taken_back_cancels_part_by_part(amount, weights):
    keys = tuple(enumerate(weights))
    paid = split_amount(Billed(Money(amount, "EUR"), keys))
    back = split_amount(Billed(Money(-amount, "EUR"), keys))
    assert sum(part.minor for _key, part in paid) == amount
    assert [part.minor for _key, part in back] == [-part.minor for _key, part in paid]


@pytest.mark.clause("2.6-M20", "2.6-M21")
def test_invoices_by_key_add_up_to_all_items():
    invoices, whole = invoices_of(
        [
            Billed(Money(100_00, "EUR"), (("Paris", 2), ("Lyon", 1))),
            Billed(Money(50_00, "EUR"), (("Lyon", 1),)),
        ]
    )
    assert whole == Money(150_00, "EUR")
    assert len(invoices) == 2


@pytest.mark.clause("2.7-T29", "2.3-P7")
def test_travel_agreed_on_the_day_of_the_visit_is_billed():
    check_travel(agreed_on=date(2026, 5, 4), visit_on=date(2026, 5, 4), prepaid=False)


@pytest.mark.clause("2.7-T29", "2.3-P7")
@pytest.mark.parametrize(
    ("agreed_on", "prepaid", "code"),
    [
        (None, False, "travel_not_agreed"),
        (date(2026, 5, 5), False, "travel_not_agreed"),
        (date(2026, 5, 1), True, "travel_prepaid"),
    ],
)
def test_travel_not_agreed_before_or_paid_already_isnt(agreed_on, prepaid, code):
    with pytest.raises(Refused) as refusal:
        check_travel(agreed_on=agreed_on, visit_on=date(2026, 5, 4), prepaid=prepaid)
    assert refusal.value.code == code
