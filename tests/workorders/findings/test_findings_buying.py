"""What isn't sold so: each refusal of the rules, as data."""

from datetime import date

import pytest

from tests import factories
from tests.workorders.findings.checks import CLEAN, NOW, found, only, place_of, sold
from workorders.actions import orders
from workorders.actions.orders import Scope

pytestmark = pytest.mark.django_db


@pytest.mark.clause("2.1-B1")
def test_additional_services_need_a_base_package(draft):
    orders.change_order(order=draft, base_price_minor=0, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    factories.line(draft)
    assert found(draft) == ["base_required"]
    factories.executed(factories.draft(draft.customer))
    assert found(draft) == CLEAN


def test_an_included_line_is_a_base_package_too(draft):
    orders.change_order(order=draft, base_price_minor=0, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    factories.line(draft)
    factories.line(draft, "advisory-support", 1, funding="included", price_minor=0)
    assert found(draft) == CLEAN


@pytest.mark.clause("2.3-P1")
def test_what_is_included_costs_nothing_and_what_isnt_is_bought(draft):
    factories.line(draft, "advisory-support", 1, funding="included", price_minor=5)
    factories.line(draft, "workshops", 1, funding="included", price_minor=0)
    factories.line(draft, "advisory-support", 1, price_minor=100)
    assert found(draft) == ["included_without_price", "not_included", "ineligible_service"]


@pytest.mark.clause("2.3-PC1")
def test_lines_arent_paid_with_credits(draft):
    factories.line(draft, funding="credits")
    assert found(draft) == ["redeem_credits"]


def test_families_of_services_arent_sold(draft):
    factories.line(draft, "development-focused-services")
    assert found(draft) == ["family_not_sold"]


def test_offerings_of_another_edition_arent_sold(draft):
    other = factories.draft_edition(code="other")
    orders.add_line(
        order=draft,
        offering=factories.offering("workshops", other),
        unit="each",
        funding="money",
        allocations=[(place_of(draft), 1)],
        by=draft.created_by,
        now=NOW,
    )
    assert found(draft) == ["other_edition"]


@pytest.mark.clause("1-A5", "2.7-T21")
def test_what_isnt_sold_in_the_country(draft):
    sold("workshops", available=False)
    factories.line(draft)
    assert found(draft) == ["not_available"]


def test_availability_counts_on_the_day_of_purchase(draft):
    sold("workshops", available=False, valid_to=date(2025, 12, 31))
    factories.line(draft)
    assert found(draft) == CLEAN


@pytest.mark.clause("2.5-DS4")
def test_limited_services_within_their_maximum_by_location(draft):
    sold("developer-support", max_quantity=3)
    factories.line(draft, "developer-support", 2)
    assert found(draft) == CLEAN
    factories.line(draft, "developer-support", 2)
    assert only(draft, "max_quantity").figures == {"maximum": 3, "left": 1}


def test_what_other_orders_bought_counts_towards_the_maximum(draft):
    sold("developer-support", max_quantity=3)
    factories.line(draft, "developer-support", 3)
    factories.executed(draft)
    more = factories.draft(draft.customer)
    factories.line(more, "developer-support", 1)
    assert only(more, "max_quantity").figures == {"maximum": 3, "left": 0}


@pytest.mark.clause("2.5-DS4")
def test_without_a_maximum_staff_approve_with_a_reason(draft):
    line = factories.line(draft, "developer-support", 1)
    assert found(draft) == ["staff_approval_required"]
    orders.override_refusal(
        customer=draft.customer,
        subject_key=f"line:{line.pk}",
        code="staff_approval_required",
        reason="Agreed with the product group",
        by=draft.created_by,
        now=NOW,
    )
    finding = only(draft, "staff_approval_required")
    assert (finding.severity, finding.override.reason) == (
        "warning",
        "Agreed with the product group",
    )


@pytest.mark.clause("2.4-SE5")
def test_tenants_have_to_be_listed(draft):
    line = factories.line(draft, "mcsfs-plus", 1, unit="tenant", exhibit_reference="Exhibit C")
    assert found(draft) == ["tenant_required"]
    orders.change_line(
        line=line, scopes=[Scope("tenant", "contoso.example")], by=draft.created_by, now=NOW
    )
    assert found(draft) == CLEAN


@pytest.mark.clause("2.4-G1")
def test_an_exhibit_has_to_be_named(draft):
    factories.line(
        draft, "mcsfs-plus", 1, unit="tenant", scopes=[Scope("tenant", "contoso.example")]
    )
    assert found(draft) == ["exhibit_required"]


@pytest.mark.clause("2.1-B8", "2.8-C20")
def test_a_sale_after_the_request_cutoff_is_told(draft):
    factories.line(draft)
    assert "request_too_late" not in found(draft, "warning", on=date(2026, 11, 1))
    finding = only(draft, "request_too_late", on=date(2026, 11, 2))
    assert (finding.severity, finding.figures) == (
        "warning",
        {"last_day": date(2026, 11, 1)},
    )
