"""Where a line can't go: each refusal of the rules, as data."""

import pytest

from tests import factories
from tests.workorders.findings.checks import CLEAN, NOW, found, only, place_of, with_paris
from workorders.actions import orders
from workorders.actions.orders import Scope

pytestmark = pytest.mark.django_db


def test_a_line_needs_a_location(draft):
    factories.line(draft, allocations=[])
    assert found(draft) == ["location_required"]


@pytest.mark.clause("2.5-ED8", "X-40")
def test_ede_of_a_multi_country_order_is_planned_only_at_a_location(draft):
    factories.line(draft, "enhanced-designated-engineering", allocations=[])
    assert "location_required" in found(draft)
    with_paris(draft)
    finding = only(draft, "ede_location_required")
    assert (finding.clauses, finding.field) == (("2.5-ED8",), "allocations")


@pytest.mark.clause("2.6-M8", "2.6-M3")
def test_a_location_that_isnt_listed(draft):
    factories.line(draft, at=with_paris(draft, listed=False))
    finding = only(draft, "location_not_listed")
    assert (finding.clauses, finding.figures) == (("2.6-M8",), {"location": "Paris"})


@pytest.mark.clause("2.5-ED12")
def test_designated_engineering_goes_to_one_location(draft):
    paris = with_paris(draft)
    factories.line(
        draft,
        "enhanced-designated-engineering",
        unit="minute",
        allocations=[(place_of(draft), 600), (paris, 600)],
        scopes=[Scope("product", "SQL Server")],
    )
    assert found(draft) == ["single_location"]


@pytest.mark.clause("2.5-UE22", "0-C17")
def test_uer_is_bought_for_the_host_unless_staff_override(draft):
    paris = with_paris(draft)
    line = factories.line(draft, "unified-enhanced-response", 1, unit="subscription", at=paris)
    finding = only(draft, "host_only")
    assert (finding.severity, finding.overridable, finding.line) == ("error", True, line)
    orders.override_refusal(
        customer=draft.customer,
        subject_key=f"line:{line.pk}",
        code="host_only",
        reason="Asked for by the subsidiary",
        by=draft.created_by,
        now=NOW,
    )
    assert (found(draft), only(draft, "host_only").severity) == (CLEAN, "warning")


@pytest.mark.clause("2.6-M9")
def test_a_tax_exception_location_has_its_own_order(draft):
    paris = with_paris(draft, tax_exception=True)
    factories.line(draft, at=paris)
    assert found(draft) == ["own_work_order_required"]
    own = factories.draft(draft.customer, base_price_minor=0)
    orders.set_locations(order=own, locations={paris: None}, by=own.created_by, now=NOW)
    factories.line(own, at=paris)
    factories.executed(factories.draft(draft.customer))
    assert found(own) == CLEAN
