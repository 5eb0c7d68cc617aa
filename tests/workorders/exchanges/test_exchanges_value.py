"""Exchange value left behind: spent on a service or on an amendment."""

from datetime import date

import pytest

from tests import factories
from tests.workorders.exchanges.acts import NOW, ON, euros, make, refused, value_left
from workorders.actions import holdings, orders
from workorders.models import Charge, Entitlement, Transfer
from workorders.queries.execution import check_order
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db

# --- exchange value -------------------------------------------------------------------------


def spend(order, price, **fields):
    return holdings.ask_exchange(
        order=order,
        offering=factories.offering("workshops", order.edition),
        location=order.order_locations.first().location,
        price=euros(price) if price else None,
        by=order.created_by,
        now=NOW,
        **fields,
    )


@pytest.mark.clause("2.7-T22", "2.2-F6")
def test_value_left_behind_becomes_a_service_and_the_rest_stays(left_behind):
    made = make(spend(left_behind, 1000))
    assert (made.entitlement, made.value_minor, made.extra_minor) == (None, 100_000, 0)
    assert (made.received.funding, made.received.value_minor) == ("value", 100_000)
    assert value_left(left_behind) == {(None, "EUR"): 50_000}
    assert verify_ledger().in_order


@pytest.mark.clause("2.7-T22")
def test_what_the_value_doesn_t_cover_is_bought_on_top(left_behind):
    made = make(spend(left_behind, 1800))
    assert (made.value_minor, made.extra_minor) == (150_000, 30_000)
    assert (value_left(left_behind), Charge.objects.get().amount_minor) == ({}, 30_000)


def test_more_value_than_there_is_or_value_of_elsewhere_is_refused(left_behind):
    assert refused(spend, left_behind, 2000, quantity=150_001).code == "insufficient_value"
    assert refused(spend, left_behind, 100, flex_year=1).code == "insufficient_value"


# --- value pays for an amendment ------------------------------------------------------------


def amendment_of(order, price, code="workshops", **fields):
    draft = orders.draft_amendment(order=order, by=order.created_by, now=NOW)
    factories.line(draft, code, 1, funding="value", price_minor=price, **fields)
    return draft


def execute(draft):
    return orders.execute_order(order=draft, by=draft.created_by, now=NOW)


@pytest.mark.clause("X-04", "2.7-T22", "2.1-B8")
def test_exchange_value_pays_a_line_of_an_amendment(left_behind):
    amendment = execute(amendment_of(left_behind, 100_000))
    assert value_left(left_behind) == {(None, "EUR"): 50_000}
    granted = Entitlement.objects.get(order=amendment)
    assert (granted.funding, granted.value_minor) == ("value", 100_000)
    drawn = Transfer.objects.get(kind="exchange", subject_key=f"line:{granted.line.pk}")
    assert (drawn.order, drawn.amount) == (left_behind, 100_000)
    assert drawn.group == Transfer.objects.get(kind="grant", order=amendment).group
    assert verify_ledger().in_order


@pytest.mark.clause("X-04", "2.7-T22")
def test_more_than_there_is_stands_against_the_amendment(left_behind):
    draft = amendment_of(left_behind, 100_000)
    factories.line(draft, "enhanced-designated-engineering", 1, funding="value", price_minor=50_001)
    findings = {f.code: f for f in check_order(draft, ON) if f.severity == "error"}
    short = findings["insufficient_value"]
    assert (short.figures["left"], short.figures["asked"]) == (euros(500), euros("500.01"))
    assert refused(execute, draft).code == "order_refused"
    assert value_left(left_behind) == {(None, "EUR"): 150_000}


@pytest.mark.clause("X-04")
def test_an_order_that_amends_none_can_t_be_paid_with_value(left_behind):
    draft = factories.draft(left_behind.customer, starts_on=date(2026, 4, 1))
    factories.line(draft, funding="value", price_minor=100)
    assert "value_needs_amendment" in {one.code for one in check_order(draft, ON)}


@pytest.mark.clause("2.2-F6", "2.2-F5", "2.2-F3")
def test_value_of_the_allowance_goes_first_and_binds_what_it_pays_to_its_year(funded):
    for year, amount in ((1, 300), (None, 500)):
        holdings.add_exchange_value(
            order=funded,
            location=funded.order_locations.first().location,
            value=euros(amount),
            flex_year=year,
            subject_key="booking:1",
            by=None,
            on=date(2026, 2, 1),
            now=factories.SIGNED,
        )
    custom = amendment_of(funded, 50_001, "custom-proactive-services")
    assert "insufficient_value" in {one.code for one in check_order(custom, ON)}
    amendment = execute(amendment_of(funded, 40_000))
    assert value_left(funded) == {(None, "EUR"): 40_000}
    assert Entitlement.objects.get(order=amendment).usable_until == date(2026, 12, 31)
