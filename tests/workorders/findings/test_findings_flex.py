"""What the flex allowance doesn't pay: each refusal of the rules, as data."""

from datetime import date

import pytest

from accounts.rules.money import Money
from tests.workorders.findings.checks import CLEAN, NOW, allot, flex_line, found, only
from workorders.actions import orders

pytestmark = pytest.mark.django_db


@pytest.mark.clause("2.2-F5")
def test_flex_doesnt_pay_for_success_management(draft):
    allot(draft, y1=5_000_000)
    flex_line(draft, "success-management-services")
    assert only(draft, "ineligible_service").clauses == ("2.2-F5",)


@pytest.mark.clause("2.2-F3")
def test_credits_and_custom_services_share_one_ceiling(draft):
    allot(draft, y1=30_000_000)
    flex_line(draft, "proactive-credits", 4_000_000)
    flex_line(draft, "custom-proactive-services", 2_000_000)
    assert found(draft) == CLEAN
    over = flex_line(draft, "custom-proactive-services", 1)
    finding = only(draft, "over_cap")
    # 20 % of 300,000 are 60,000; the floor of 50,000 US dollars is 46,000 euros.
    assert (finding.line, finding.figures["ceiling"], finding.figures["left"]) == (
        over,
        Money(6_000_000, "EUR"),
        Money(0, "EUR"),
    )


@pytest.mark.clause("2.2-F8")
def test_the_ceiling_needs_the_orders_rate(draft):
    orders.change_order(order=draft, units_per_usd=None, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    allot(draft, y1=30_000_000)
    flex_line(draft, "workshops")
    assert found(draft) == CLEAN
    flex_line(draft, "proactive-credits")
    assert only(draft, "rate_required").field == "units_per_usd"


@pytest.mark.clause("2.2-F1")
def test_more_than_the_allotment(draft):
    allot(draft, y1=1_500_000)
    flex_line(draft)
    over = flex_line(draft, minor=500_001)
    assert (only(draft, "over_allotment").line, only(draft, "over_allotment").figures["left"]) == (
        over,
        Money(500_000, "EUR"),
    )


def test_flex_pays_an_amount_of_a_year_of_the_term(draft):
    allot(draft, y1=1_500_000)
    flex_line(draft, minor=0)
    assert found(draft) == ["amount_required"]
    line = flex_line(draft)
    orders.change_line(line=line, flex_year=3, by=draft.created_by, now=NOW)
    assert only(draft, "no_such_year").figures == {"year": 3, "years": 1}


@pytest.mark.clause("2.2-F4")
def test_a_funded_line_needs_a_day_of_its_year(draft):
    orders.change_order(order=draft, ends_on=date(2027, 12, 31), by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    allot(draft, y1=2_000_000)
    flex_line(draft, starts_on=date(2027, 1, 1))
    assert only(draft, "outside_contract_year").figures == {
        "year": 1,
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 12, 31),
    }
