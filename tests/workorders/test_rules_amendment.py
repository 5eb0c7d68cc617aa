"""What may be amended, when, and what pays for it."""

from datetime import date

import pytest

from accounts.rules.refusal import Refused
from workorders.rules.amendment import (
    check_amendable,
    check_amendment_days,
    check_amendment_funding,
)

FIRST, LAST = date(2026, 2, 1), date(2027, 1, 31)


def amend(first=date(2026, 6, 1), last=LAST, on=None):
    return check_amendment_days(
        first=first, last=last, amended_first=FIRST, amended_last=LAST, on=on
    )


@pytest.mark.clause("2.1-B8", "0-C16")
@pytest.mark.parametrize("state", ["executed", "in_force"])
def test_an_executed_order_is_amended_until_its_last_day(state):
    check_amendable(state=state, last_day=LAST, is_amendment=False)


@pytest.mark.clause("2.1-B8", "0-C16")
@pytest.mark.parametrize(
    ("state", "is_amendment", "code"),
    [
        ("in_force", True, "amends_amendment"),
        ("draft", False, "amends_draft"),
        ("in_review", False, "amends_draft"),
        ("expired", False, "order_ended"),
        ("terminated", False, "order_ended"),
        ("superseded", False, "order_ended"),
    ],
)
def test_nothing_else_is_amended(state, is_amendment, code):
    with pytest.raises(Refused) as refusal:
        check_amendable(state=state, last_day=LAST, is_amendment=is_amendment)
    assert refusal.value.code == code


@pytest.mark.clause("2.1-B8", "0-C16", "X-27")
@pytest.mark.parametrize("first", [FIRST, date(2026, 6, 1), LAST])
def test_it_begins_on_any_day_of_the_term(first):
    amend(first, on=first)


@pytest.mark.clause("2.1-B8", "0-C16", "X-27")
@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"first": date(2026, 1, 31)}, "amendment_outside_term", "starts_on"),
        ({"first": date(2027, 2, 1)}, "amendment_outside_term", "starts_on"),
        ({"last": date(2027, 1, 30)}, "ends_with_amended", "ends_on"),
        ({"on": date(2026, 6, 2)}, "amendment_backdated", "starts_on"),
    ],
)
def test_it_neither_leaves_the_term_nor_goes_back(fields, code, field):
    with pytest.raises(Refused) as refusal:
        amend(**fields)
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.clause("X-04", "2.2-F7", "2.1-B8", "2.1-B2")
@pytest.mark.parametrize("funding", ["money", "value"])
def test_money_and_exchange_value_pay_for_additions(funding):
    check_amendment_funding(funding)


@pytest.mark.clause("X-04", "2.2-F7", "2.1-B8", "2.1-B2")
@pytest.mark.parametrize(
    ("funding", "code"),
    [
        ("flex", "after_execution"),
        ("included", "base_in_amendment"),
        ("credits", "base_in_amendment"),
    ],
)
def test_neither_allowance_nor_the_base_package_does(funding, code):
    with pytest.raises(Refused) as refusal:
        check_amendment_funding(funding)
    assert refusal.value.code == code
