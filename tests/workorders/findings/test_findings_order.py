"""What stands against the order as a whole, and how a check is made."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Contact
from accounts.rules.money import Money
from tests import factories
from tests.workorders.findings.checks import (
    CLEAN,
    NOW,
    TODAY,
    allot,
    flex_line,
    found,
    only,
    place_of,
    sold,
    with_paris,
)
from workorders.actions import orders
from workorders.actions.orders import check_order

pytestmark = pytest.mark.django_db


def test_nothing_stands_against_a_plain_order(draft):
    sold("workshops")
    factories.line(draft)
    assert check_order(draft, TODAY) == []


def test_where_nobody_knows_whether_it_is_sold_the_representative_is_asked(draft):
    factories.line(draft)
    finding = only(draft, "ask_representative")
    assert (finding.severity, finding.clauses, finding.figures) == (
        "warning",
        ("1-A5",),
        {"country": "DE"},
    )


# --- the order as a whole -------------------------------------------------------------------


def test_an_order_that_orders_nothing(draft):
    orders.change_order(order=draft, base_price_minor=0, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    assert found(draft) == ["no_lines"]


@pytest.mark.clause("2.7-T10", "2.1-B8")
def test_a_term_that_is_over(draft):
    assert "order_ended" in found(draft, on=date(2027, 1, 1))
    assert found(draft, on=date(2026, 12, 31)) == CLEAN


def test_an_order_without_locations(draft):
    orders.set_locations(order=draft, locations={}, by=draft.created_by, now=NOW)
    assert found(draft) == ["no_locations"]


@pytest.mark.clause("2.6-M2")
def test_an_order_without_its_host(draft):
    paris = factories.location(draft.customer)
    orders.set_locations(order=draft, locations={paris: None}, by=draft.created_by, now=NOW)
    assert found(draft) == ["one_host"]


@pytest.mark.clause("2.8-C4")
def test_a_host_without_administrator(draft):
    Contact.objects.all().delete()
    assert found(draft) == ["host_administrator_required"]


@pytest.mark.clause("2.1-B6", "2.6-M1")
def test_several_locations_need_multi_country_support(draft):
    locations = {place_of(draft): None, factories.location(draft.customer): None}
    orders.set_locations(order=draft, locations=locations, by=draft.created_by, now=NOW)
    assert found(draft) == ["multi_country_required"]
    orders.change_order(order=draft, multi_country=True, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    assert found(draft) == CLEAN


@pytest.mark.clause("1-A1")
def test_a_superseded_edition_is_told(draft):
    draft.edition.state = "superseded"
    draft.edition.save()
    assert found(draft, "warning") == ["edition_superseded"]


def test_another_base_package_in_the_same_days_is_told(draft):
    factories.executed(draft)
    again = factories.draft(draft.customer)
    finding = only(again, "overlaps_order")
    assert (finding.severity, finding.figures) == ("warning", {"number": draft.number})


@pytest.mark.clause("2.2-F7")
def test_what_will_be_forfeited_is_told_by_year(draft):
    allot(draft, y1=3_000_000)
    flex_line(draft, minor=2_000_000)
    finding = only(draft, "allowance_forfeited")
    assert (finding.severity, finding.figures) == (
        "warning",
        {"year": 1, "forfeited": Money(1_000_000, "EUR")},
    )


def test_allowance_of_a_year_that_the_shortened_term_lost(draft):
    orders.change_order(order=draft, ends_on=date(2027, 12, 31), by=draft.created_by, now=NOW)
    allot(draft, y1=1, y2=1)
    orders.change_order(order=draft, ends_on=date(2026, 12, 31), by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    assert only(draft, "no_such_year").figures == {"year": 2, "years": 1}


# --- all of it ------------------------------------------------------------------------------


def test_a_finding_is_a_refusal_as_well(draft):
    factories.line(draft, at=with_paris(draft, listed=False))
    refusal = only(draft, "location_not_listed").as_refusal()
    assert (refusal.code, refusal.clauses, refusal.field, refusal.figures) == (
        "location_not_listed",
        ("2.6-M8",),
        "location",
        {"location": "Paris"},
    )


def test_checking_costs_the_same_with_one_and_with_thirty_lines(draft):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            check_order(draft, TODAY)
        return len(seen)

    factories.line(draft)
    check_order(draft, TODAY)  # reads the terms of the edition, which are kept from then on
    first = queries()
    for _n in range(29):
        factories.line(draft, "developer-support", 1)
    assert queries() == first
    assert first <= 20


def test_a_line_that_is_added_while_the_draft_is_read_isnt_met_half(draft):
    """Read committed: a colleague's line can appear between two queries of the same check."""
    factories.line(draft)
    added = []

    def add_once(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if "workorders_workorderline" in sql and not added:
            added.append(True)
            factories.line(draft, "custom-proactive-services", 1)
        return answer

    with connection.execute_wrapper(add_once):
        assert found(draft) == CLEAN
    assert draft.lines.count() == 2
