"""Quantities, modes and programmes of a line: each refusal of the rules, as data."""

from datetime import date

import pytest

from tests import factories
from tests.workorders.findings.checks import CLEAN, NOW, TODAY, found, only, sold
from workorders.actions import orders
from workorders.actions.orders import Scope, check_order

pytestmark = pytest.mark.django_db

# --- quantities, modes, papers --------------------------------------------------------------


def test_a_service_is_counted_in_its_own_unit(draft):
    factories.line(draft, "reactive-support-management-additional", unit="each",
                   agreed_time_zone="Asia/Tokyo")  # fmt: skip
    assert only(draft, "unit_mismatch").figures == {"unit": "each", "expected": ["minute"]}


@pytest.mark.clause("2.3-MA5")
@pytest.mark.parametrize(("onsite", "days", "codes"), [
    (True, 2, []), (True, 3, ["max_days"]), (False, 1, []), (False, 2, ["max_days"]),
])  # fmt: skip
def test_assessment_help_is_two_days_onsite_or_one_remote(draft, onsite, days, codes):
    factories.line(draft, "on-demand-assessment-assistance", days, unit="day", sold_onsite=onsite)
    assert found(draft) == codes


@pytest.mark.clause("2.3-P6")
def test_onsite_has_to_exist_there(draft):
    sold("workshops", onsite=False)
    factories.line(draft, sold_onsite=True)
    assert found(draft) == ["not_available"]


def test_reactive_support_is_never_onsite(draft):
    factories.line(
        draft,
        "reactive-support-management-additional",
        600,
        unit="minute",
        sold_onsite=True,
        agreed_time_zone="Asia/Tokyo",
    )
    assert found(draft) == ["remote_only"]


@pytest.mark.clause("2.3-RE24")
@pytest.mark.parametrize(
    ("zone", "codes"),
    [("", ["agreed_zone_required"]), ("Mars/Olympus", ["unknown_time_zone"]), ("Asia/Tokyo", [])],
)
def test_extra_hours_run_in_a_zone_agreed_in_writing(draft, zone, codes):
    factories.line(
        draft,
        "reactive-support-management-additional",
        600,
        unit="minute",
        agreed_time_zone=zone,
    )
    assert found(draft) == codes


# --- programmes -----------------------------------------------------------------------------

ENROLLED = [Scope("subscription", "6f0c-production")]


@pytest.mark.clause("2.4-AP2", "2.4-AP3")
def test_mcsap_needs_an_enrolled_subscription_of_the_customer(draft):
    line = factories.line(draft, "mcsap", 1, unit="subscription")
    assert found(draft) == ["subscription_required"]
    strangers = [Scope("subscription", "bought-by-others", affiliate=False)]
    orders.change_line(line=line, scopes=strangers, by=draft.created_by, now=NOW)
    assert found(draft) == ["subscription_required"]
    assert only(draft, "scope_excluded").figures == {"identifier": "bought-by-others"}
    orders.change_line(line=line, scopes=ENROLLED, by=draft.created_by, now=NOW)
    assert found(draft) == CLEAN


@pytest.mark.clause("2.4-AP5", "2.4-AP6", "2.4-AP7")
@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, ["plus_not_eligible"]),
        ({"assessed_spend_usd_minor": 6_000_000_000}, ["plus_not_eligible"]),
        ({"plus_noted": True}, ["plus_not_eligible"]),
        ({"plus_noted": True, "assessed_spend_usd_minor": 5_999_999_999}, ["plus_not_eligible"]),
        ({"plus_noted": True, "assessed_spend_usd_minor": 6_000_000_000}, []),
        ({"plus_noted": True, "floor_price_paid": True}, []),
    ],
)
def test_plus_needs_spend_or_floor_price_and_a_note(draft, fields, codes):
    factories.line(draft, "mcsap-plus", 1, unit="subscription", scopes=ENROLLED, **fields)
    assert found(draft) == codes


@pytest.mark.clause("2.5-ED11")
def test_designated_engineering_names_its_products(draft):
    factories.line(draft, "enhanced-designated-engineering", 600, unit="minute")
    assert "products_expected" in found(draft, "warning")


@pytest.mark.clause("0-C16", "2.4-AP46")
def test_a_line_stays_within_the_term(draft):
    def line(code, unit, **days):
        made = factories.line(draft, code, 1, unit=unit, scopes=ENROLLED, **days)
        codes = [one for one in check_order(draft, TODAY) if one.line == made]
        made.delete()
        return [one.code for one in codes if one.code != "ask_representative"]

    assert line("workshops", "each", starts_on=date(2025, 12, 31)) == ["outside_term"]
    assert line("workshops", "each", starts_on=date(2027, 1, 1)) == ["outside_term"]
    assert line("workshops", "each", starts_on=date(2026, 5, 1), ends_on=date(2026, 4, 30)) == [
        "ends_before_start"
    ]
    assert line("workshops", "each", ends_on=date(2027, 1, 1)) == ["ends_with_agreement"]
    assert line("mcsap", "subscription", ends_on=date(2027, 1, 1)) == ["suspended_without_base"]
    assert line("workshops", "each", ends_on=date(2026, 12, 31)) == []
