"""The list of what may be bought under a work order (2.1-B7): written, checked, shown, renewed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Availability
from tests import factories
from workorders.actions import holdings, orders
from workorders.actions.orders import check_order
from workorders.actions.orders.amendments import draft_amendment
from workorders.actions.orders.renewal import draft_renewal
from workorders.actions.orders.scenarios import add_scenario
from workorders.queries.agreement import purchasable_under
from workorders.queries.exchange_sides import wanted_offerings

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.1-B7")]
TODAY = date(2025, 12, 20)
ON = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIST = ["workshops", "proactive-credits"]


def listed(order, codes=LIST):
    return orders.change_order(
        order=order, by=order.created_by, now=factories.SIGNED, purchasable=list(codes)
    )


def errors(order):
    """Which lines the list refuses."""
    return [
        (one.code, one.line.offering.code)
        for one in check_order(order, TODAY)
        if one.severity == "error" and one.code == "not_on_the_list"
    ]


@pytest.fixture
def draft():
    return listed(factories.draft())


@pytest.fixture
def order(draft):
    factories.line(draft)
    return factories.executed(draft)


def test_a_line_beside_the_list_is_refused_with_what_would_make_it_valid(draft):
    factories.line(draft)
    factories.line(draft, "developer-support", 1)
    [found] = [one for one in check_order(draft, TODAY) if one.code == "not_on_the_list"]
    assert (found.clauses, found.figures, found.line.offering.code) == (
        ("2.1-B7",),
        {"listed": 2},
        "developer-support",
    )
    draft = listed(draft, [])
    assert ("not_on_the_list", "developer-support") not in errors(draft)


def test_an_amendment_and_a_further_order_stand_under_the_list_of_the_base_package(order):
    by = order.created_by
    amendment = draft_amendment(order=order, starts_on=ON, by=by, now=factories.SIGNED)
    factories.line(amendment, "enhanced-designated-engineering", 1)
    assert errors(amendment) == [("not_on_the_list", "enhanced-designated-engineering")]
    further = factories.draft(order.customer, by=by, base_price_minor=0)
    factories.line(further, "enhanced-designated-engineering", 1)
    assert errors(further) == [("not_on_the_list", "enhanced-designated-engineering")]
    amendment = listed(amendment, ["enhanced-designated-engineering"])
    assert errors(amendment) == []


def test_an_amendment_of_an_order_that_lists_nothing_lists_nothing_either():
    draft = factories.draft()
    factories.line(draft)
    order = factories.executed(draft)
    amendment = draft_amendment(
        order=order, starts_on=ON, by=order.created_by, now=factories.SIGNED
    )
    with pytest.raises(Refused) as refusal:
        listed(amendment)
    assert (refusal.value.code, refusal.value.figures) == (
        "list_of_the_amended",
        {"number": order.number},
    )


@pytest.mark.clause("2.1-B8", "X-04")
def test_an_amendment_adds_to_the_list_on_the_pages_and_sells_what_it_added(order, sign_in, at):
    at(NOW)
    client = sign_in(order.created_by)
    assert "An amendment adds to it" in order_page(client, order)
    client.post(
        reverse("workorders:order-amendments", args=[order.pk]),
        {"starts_on": "2026-03-09", "title": "Developers"},
    )
    amendment = order.amendments.get()
    added = "developer-support"
    edit = client.get(reverse("workorders:order-edit", args=[amendment.pk])).content.decode()
    assert "Add services to the list" in edit
    assert 'value="workshops"' not in edit
    pick = reverse("workorders:line-pick", args=[amendment.pk])
    assert added not in {one.code for one in client.get(pick).context["picker"]["found"]}
    save = reverse("workorders:edit-list", args=[amendment.pk])
    assert (
        client.post(save, {"version": amendment.version, "purchasable": [added]}).status_code == 302
    )
    assert added in {one.code for one in client.get(pick).context["picker"]["found"]}
    sold = Availability.objects.create(
        offering_code=added, country="DE", available=True, max_quantity=5
    )
    assert sold.pk
    factories.line(amendment, added, 1)
    amendment.refresh_from_db()
    assert purchasable_under(order, ON) == frozenset(LIST)
    page = client.post(
        reverse("workorders:order-execute", args=[amendment.pk]),
        {"version": amendment.version, "confirmed": "on"},
    )
    assert page.status_code == 302, page.content.decode()
    assert purchasable_under(order, date(2026, 3, 8)) == frozenset(LIST)
    assert purchasable_under(order, date(2026, 3, 9)) == {*LIST, added}
    at(NOW + timedelta(days=8))
    client = sign_in(order.created_by)
    shown = client.get(reverse("workorders:order-detail", args=[order.pk])).context["purchasable"]
    assert {one.code for one in shown} == {*LIST, added}
    renewal = draft_renewal(order=order, by=order.created_by, now=NOW)
    assert renewal.purchasable == [*LIST, added]


def order_page(client, order):
    """The page of an order."""
    return client.get(reverse("workorders:order-detail", args=[order.pk])).content.decode()


def test_exchanges_and_credits_buy_what_is_listed(order):
    host, by = order.order_locations.get().location, order.created_by
    held = order.entitlements.get()
    assert {one.code for one in wanted_offerings(order, ON)} == set(LIST)
    with pytest.raises(Refused) as refusal:
        holdings.ask_exchange(
            order=order,
            entitlement=held,
            offering=factories.offering("custom-proactive-services", order.edition),
            location=host,
            quantity=1,
            by=by,
            now=NOW,
        )
    assert refusal.value.code == "not_on_the_list"
    factories.credit_value()
    factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=20,
    )
    bought = {"order": order, "location": host, "approved_on": ON, "by": by, "now": NOW}
    value = Money(1_000_00, "EUR")
    with pytest.raises(Refused) as refusal:
        holdings.redeem_credits(
            lines=[(factories.offering("enhanced-designated-engineering", order.edition), value)],
            **bought,
        )
    assert (refusal.value.code, refusal.value.clauses) == ("not_on_the_list", ("2.1-B7",))
    assert holdings.redeem_credits(
        lines=[(factories.offering("workshops", order.edition), value)], **bought
    )


def test_a_list_names_additional_services_of_the_edition(draft):
    for code in ("no-such-service", "reactive-support-management-included"):
        with pytest.raises(Refused) as refusal:
            listed(draft, ["workshops", code])
        assert (refusal.value.code, refusal.value.figures["offering"]) == ("not_sold", code)
    draft.refresh_from_db()
    assert draft.purchasable == LIST


def test_scenarios_and_renewals_keep_the_list(order, draft):
    fresh = listed(factories.draft())
    clone = add_scenario(order=fresh, title="Larger", by=fresh.created_by, now=factories.SIGNED)
    assert clone.purchasable == LIST
    renewal = draft_renewal(order=order, by=order.created_by, now=NOW)
    assert (renewal.purchasable, purchasable_under(renewal, ON)) == (LIST, frozenset(LIST))


def test_the_builder_writes_the_list_and_picks_from_it(draft, sign_in):
    client = sign_in(draft.created_by)
    edit = reverse("workorders:order-edit", args=[draft.pk])
    page = client.get(edit).content.decode()
    assert "2 services are listed" in page
    pick = reverse("workorders:line-pick", args=[draft.pk])
    assert {one.code for one in client.get(pick).context["picker"]["found"]} == set(LIST)
    save = reverse("workorders:edit-list", args=[draft.pk])
    data = {"version": draft.version, "purchasable": ["enhanced-designated-engineering"]}
    answer = client.post(save, data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "1 service is listed" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.purchasable == ["enhanced-designated-engineering"]
    stale = client.post(save, {**data, "purchasable": LIST})
    assert (stale.status_code, stale.context["refusal"].code) == (409, "stale_edit")
    wrong = client.post(save, {"version": draft.version, "purchasable": ["none-such"]})
    assert wrong.status_code == 422


def test_an_executed_order_shows_its_list(order, sign_in):
    page = sign_in(order.created_by).get(reverse("workorders:order-detail", args=[order.pk]))
    assert {one.code for one in page.context["purchasable"]} == set(LIST)
    assert "What may be bought under this order:" in page.content.decode()


def test_the_api_writes_reads_and_refuses_the_list(draft, sign_in):
    client = sign_in(draft.created_by)
    address = f"/api/v1/orders/{draft.pk}/"
    body = {"purchasable": ["workshops"], "version": draft.version}
    answer = client.patch(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["purchasable"]) == (200, ["workshops"])
    answer = client.patch(address, {"purchasable": ["nothing"]}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_sold")
    assert answer.json()["clauses"] == ["2.1-B7"]
