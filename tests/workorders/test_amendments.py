"""Amendments: drafted within the term, paid without allowance, executed by themselves."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.rules.refusal import Refused
from tests import factories
from tests.workorders import scenes
from workorders.actions import orders
from workorders.models import Deadline, Entitlement, WorkOrder
from workorders.queries.amendments import amendments_of, as_amended
from workorders.queries.execution import check_order
from workorders.queries.ledger import verify_ledger
from workorders.rules.amendment import (
    check_amendable,
    check_amendment_days,
    check_amendment_funding,
)

pytestmark = pytest.mark.django_db
IN_MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)
TERM = {"amended_first": date(2026, 1, 1), "amended_last": date(2026, 12, 31)}


@pytest.fixture
def order():
    return factories.executed()


def by(order, now=IN_MARCH):
    return {"by": order.created_by, "now": now}


def amendment_of(order, now=IN_MARCH, **fields):
    return orders.draft_amendment(order=order, **by(order, now), **fields)


def executed(draft, now=IN_MARCH):
    return orders.execute_order(order=draft, by=draft.created_by, now=now)


# --- the rules ------------------------------------------------------------------------------


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
def test_only_an_executed_order_before_its_end_is_amended(state, is_amendment, code):
    with pytest.raises(Refused, match=code):
        check_amendable(state=state, last_day=date(2026, 12, 31), is_amendment=is_amendment)


@pytest.mark.parametrize("state", ["executed", "in_force"])
def test_an_order_is_amended_before_it_begins_and_while_it_runs(state):
    check_amendable(state=state, last_day=date(2026, 12, 31), is_amendment=False)


@pytest.mark.clause("2.1-B8", "0-C16", "X-27")
@pytest.mark.parametrize(
    ("first", "last", "on", "code", "field"),
    [
        ((2025, 12, 31), (2026, 12, 31), None, "amendment_outside_term", "starts_on"),
        ((2027, 1, 1), (2026, 12, 31), None, "amendment_outside_term", "starts_on"),
        ((2026, 3, 1), (2026, 12, 30), None, "ends_with_amended", "ends_on"),
        ((2026, 3, 1), (2027, 1, 1), None, "ends_with_amended", "ends_on"),
        ((2026, 3, 1), (2026, 12, 31), (2026, 3, 2), "amendment_backdated", "starts_on"),
    ],
)
def test_an_amendment_begins_within_the_term_and_ends_with_it(first, last, on, code, field):
    days = {"first": date(*first), "last": date(*last), "on": date(*on) if on else None}
    with pytest.raises(Refused) as refusal:
        check_amendment_days(**days, **TERM)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_the_first_and_the_last_day_of_the_term_are_open_to_amendments():
    for first in TERM.values():
        check_amendment_days(first=first, last=TERM["amended_last"], on=first, **TERM)


@pytest.mark.clause("X-04", "2.2-F7", "2.1-B2")
def test_an_addition_is_paid_with_money_or_exchange_value():
    for funding in ("money", "value"):
        check_amendment_funding(funding)
    for funding, code in (("flex", "after_execution"), ("included", "base_in_amendment")):
        with pytest.raises(Refused) as refusal:
            check_amendment_funding(funding)
        assert (refusal.value.code, refusal.value.field) == (code, "funding")


# --- drafting -------------------------------------------------------------------------------


def test_an_amendment_is_numbered_after_its_order_and_takes_its_terms():
    order, csam = scenes.draft_order()
    factories.line(order)
    orders.execute_order(order=order, by=csam, now=factories.SIGNED)
    first, second = (amendment_of(order) for _ in range(2))
    assert [(one.number, one.amendment_number) for one in (first, second)] == [
        ("WO-25-0117/A1", 1),
        ("WO-25-0117/A2", 2),
    ]
    assert (first.edition, first.currency, first.units_per_usd, first.multi_country) == (
        order.edition,
        order.currency,
        order.units_per_usd,
        True,
    )
    assert (first.starts_on, first.ends_on) == (date(2026, 3, 10), date(2027, 1, 31))
    rates = [
        list(one.order_locations.values_list("location", "units_per_usd")) for one in (order, first)
    ]
    assert rates[0] == rates[1]
    assert (first.base_price_minor, first.flex_years.count(), first.is_draft) == (0, 0, True)


def test_an_amendment_of_an_order_not_begun_begins_with_it(order):
    assert amendment_of(order, now=factories.SIGNED).starts_on == order.starts_on


def test_a_long_number_leaves_room_for_that_of_the_amendment():
    draft = factories.draft(number="X" * 30)
    factories.line(draft)
    assert amendment_of(factories.executed(draft)).number == "X" * 27 + "/A1"


@pytest.mark.parametrize(
    ("starts_on", "code"),
    [(date(2026, 3, 9), "amendment_backdated"), (date(2027, 1, 1), "amendment_outside_term")],
)
def test_a_first_day_that_cant_be_is_refused_and_nothing_is_written(order, starts_on, code):
    with pytest.raises(Refused) as refusal:
        amendment_of(order, starts_on=starts_on)
    assert (refusal.value.code, refusal.value.field) == (code, "starts_on")
    assert list(WorkOrder.objects.all()) == [order]


def test_drafts_ended_orders_and_amendments_arent_amended(order):
    with pytest.raises(Refused, match="amends_draft"):
        amendment_of(factories.draft())
    with pytest.raises(Refused, match="order_ended"):
        amendment_of(order, now=datetime(2027, 1, 1, 9, tzinfo=UTC))
    amendment = amendment_of(order)
    factories.line(amendment)
    with pytest.raises(Refused, match="amends_amendment"):
        amendment_of(executed(amendment))


def test_customers_draft_no_amendment(order):
    person = factories.customer_administrator(order.customer)
    with pytest.raises(Refused, match="not_allowed"):
        orders.draft_amendment(order=order, by=person, now=IN_MARCH)


# --- what is written on it ------------------------------------------------------------------


@pytest.mark.clause("X-04", "2.2-F7")
def test_an_amendment_has_no_allowance(order):
    draft = amendment_of(order)
    with pytest.raises(Refused) as refusal:
        orders.set_flex_years(order=draft, allotments={1: 1}, **by(order))
    assert (refusal.value.code, refusal.value.clauses) == ("after_execution", ("X-04", "2.2-F7"))
    with pytest.raises(Refused, match="after_execution"):
        factories.line(draft, funding="flex", flex_year=1)
    workshops = factories.offering("workshops", draft.edition)
    with pytest.raises(Refused, match="after_execution"):
        orders.propose_line(
            order=draft, offering=workshops, unit="each", funding="flex", flex_year=1
        )
    assert not draft.lines.exists()
    orders.set_flex_years(order=draft, allotments={}, **by(order))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"base_price_minor": 1}, "base_in_amendment"),
        ({"currency": "USD"}, "same_as_amended"),
        ({"units_per_usd": None}, "same_as_amended"),
        ({"ends_on": date(2026, 11, 30)}, "ends_with_amended"),
        ({"starts_on": date(2025, 12, 31)}, "amendment_outside_term"),
    ],
)
def test_what_the_order_froze_isnt_written_anew_on_its_amendment(order, fields, code):
    draft = amendment_of(order)
    with pytest.raises(Refused) as refusal:
        orders.change_order(order=draft, **by(order), **fields)
    assert (refusal.value.code, refusal.value.field) == (code, next(iter(fields)))


def test_an_amendment_that_waited_too_long_says_so(order):
    draft = amendment_of(order)
    factories.line(draft)
    codes = [one.code for one in check_order(draft, date(2026, 3, 11)) if one.severity == "error"]
    assert codes == ["amendment_backdated"]
    with pytest.raises(Refused) as refusal:
        executed(draft, now=datetime(2026, 3, 11, 9, tzinfo=UTC))
    assert refusal.value.figures["reasons"] == ["amendment_backdated"]
    orders.change_order(order=draft, starts_on=date(2026, 3, 11), **by(order))
    assert executed(draft, now=datetime(2026, 3, 11, 9, tzinfo=UTC)).executed_at


# --- its own execution ----------------------------------------------------------------------


@pytest.mark.clause("2.1-B8")
def test_an_executed_amendment_grants_for_the_rest_of_the_term_and_leaves_the_order_as_it_was(
    order,
):
    before = WorkOrder.objects.values().get(pk=order.pk)
    draft = amendment_of(order, starts_on=date(2026, 4, 1), title="Two more workshops")
    factories.line(draft, quantity=2)
    amendment = executed(draft)
    granted = Entitlement.objects.get(order=amendment)
    assert (granted.granted, granted.usable_from, granted.usable_until) == (
        2,
        date(2026, 4, 1),
        date(2026, 12, 31),
    )
    kinds = Deadline.objects.filter(order=amendment).values_list("kind", flat=True)
    assert sorted(kinds) == ["expiry", "request_cutoff"]
    assert WorkOrder.objects.values().get(pk=order.pk) == before
    assert [row.quantity for row in order.lines.get().allocations.all()] == [4]
    assert verify_ledger().in_order


def test_an_amendment_exists_under_the_base_package_of_its_order(order):
    draft = amendment_of(order)
    factories.line(draft, "mcsfs-plus", 1, unit="subscription", exhibit_reference="A")
    codes = {one.code for one in check_order(draft, date(2026, 3, 10))}
    assert "base_required" not in codes


def test_what_was_agreed_is_told_with_its_amendments(order):
    draft = amendment_of(order)
    factories.line(draft, quantity=2)
    amendment_of(order)
    agreed = as_amended(order)
    assert (agreed.original.minor, agreed.added.minor) == (50_400_000, 0)
    executed(draft)
    agreed = as_amended(order)
    assert (agreed.added.minor, agreed.total.minor) == (200_000, 50_600_000)
    listed = amendments_of(order, viewer=order.created_by, now=IN_MARCH)
    assert [(one.order.amendment_number, one.state, one.lines) for one in listed] == [
        (1, "in_force", 1),
        (2, "draft", 0),
    ]
    customer = factories.viewer(order.customer)
    assert len(amendments_of(order, viewer=customer, now=IN_MARCH)) == 1
    assert amendments_of(order, viewer=factories.csam(), now=IN_MARCH) == []


# --- pages and API --------------------------------------------------------------------------


def url_of(name, *args):
    return reverse(f"workorders:{name}", args=args)


@pytest.fixture
def client(order, sign_in, at):
    at(IN_MARCH)
    return sign_in(order.created_by)


def test_an_amendment_is_drafted_from_the_orders_page(order, client):
    page = url_of("order-amendments", order.pk)
    assert b"The work order is as it was signed." in client.get(page).content
    wrong = client.post(page, {"starts_on": "2027-01-01"})
    assert wrong.status_code == 422
    assert b"begins within the term" in wrong.content
    done = client.post(page, {"starts_on": "2026-04-01", "title": "More"})
    draft = WorkOrder.objects.get(amends=order)
    assert done.url == url_of("order-edit", draft.pk)
    builder = client.get(done.url).content.decode()
    assert f"Amendment 1 of {order.number}" in builder
    assert 'name="year_1"' not in builder
    listed = client.get(page).content.decode()
    assert f'href="{done.url}"' in listed


def test_the_allowance_of_an_amendment_is_refused_on_the_page_with_its_clause(order, client):
    draft = amendment_of(order)
    answer = client.post(
        url_of("edit-allowance", draft.pk), {"version": draft.version, "year_1": "5"}
    )
    assert answer.status_code == 422
    assert 'data-code="after_execution"' in answer.content.decode()


def test_the_tab_alone_is_what_the_page_shows(order, client):
    page = url_of("order-amendments", order.pk)
    tab = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in tab
    assert "The work order is as it was signed." in tab


def test_customers_read_executed_amendments_and_draft_none(order, client, sign_in):
    amendment = amendment_of(order)
    factories.line(amendment)
    reader = sign_in(factories.customer_administrator(order.customer))
    page = url_of("order-amendments", order.pk)
    assert amendment.number not in reader.get(page).content.decode()
    executed(amendment)
    shown = reader.get(page).content.decode()
    assert amendment.number in shown
    assert "Draft an amendment" not in shown
    assert reader.post(page, {"starts_on": "2026-04-01"}).status_code == 404
    assert reader.get(url_of("order-detail", amendment.pk)).status_code == 200
    assert sign_in(factories.csam()).get(page).status_code == 404


def test_a_contact_of_one_location_sees_no_prices(order, client, sign_in):
    amendment = amendment_of(order)
    factories.line(amendment)
    executed(amendment)
    place = order.order_locations.get().location
    shown = sign_in(factories.location_contact(place)).get(url_of("order-amendments", order.pk))
    assert amendment.number in shown.content.decode()
    assert b"As amended" not in shown.content


def test_an_amendment_has_no_amendments_page(order, client):
    amendment = amendment_of(order)
    factories.line(amendment)
    executed(amendment)
    assert client.get(url_of("order-amendments", amendment.pk)).status_code == 404
    page = client.get(url_of("order-detail", amendment.pk)).content.decode()
    assert f"Amendment 1 of {order.number}" in page
    assert url_of("order-flex", amendment.pk) not in page


def test_the_api_drafts_and_lists_amendments(order, client):
    url = f"/api/v1/orders/{order.pk}/amendments/"
    key = {"Idempotency-Key": "once"}
    for _repeat in range(2):
        made = client.post(url, {"title": "More"}, "application/json", headers=key)
        assert made.status_code == 201
    assert (made.json()["number"], made.json()["amends"]) == (f"{order.number}/A1", order.pk)
    listed = client.get(url).json()
    assert [(row["amendment_number"], row["state"]) for row in listed] == [(1, "draft")]
    wrong = client.post(url, {"starts_on": "2027-01-01"}, "application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "amendment_outside_term")
