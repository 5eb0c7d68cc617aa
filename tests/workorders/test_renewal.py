"""Renewal: a new draft on the newest edition, what changed since, what isn't carried over."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import orders
from workorders.models import Entitlement, WorkOrder
from workorders.queries.execution import check_order
from workorders.queries.portfolio import in_state, with_zone
from workorders.queries.renewal import renewal_of, renewal_plan
from workorders.queries.terms import state_of, states_of
from workorders.rules.renewal import check_renewable, renewed_term
from workorders.rules.term import order_state

pytestmark = pytest.mark.django_db
# The orders of these tests run over 2026.
IN_NOVEMBER = datetime(2026, 11, 23, 9, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 9, tzinfo=UTC)


def by(order, now=IN_NOVEMBER):
    return {"by": order.created_by, "now": now}


@pytest.fixture
def order():
    return factories.executed()


def renewed(order, now=IN_NOVEMBER):
    return orders.draft_renewal(order=order, **by(order, now))


def newer_edition():
    """The next edition: no custom services any more, workshops told in other words."""
    data = factories.sold_edition_data()
    data["edition"] |= {"code": "2099-01"}
    data["offerings"] = [
        row for row in data["offerings"] if row["code"] != "custom-proactive-services"
    ]
    workshops = next(row for row in data["offerings"] if row["code"] == "workshops")
    workshops["name_en"] = "Workshops, renamed"
    return factories.published_edition(data)


# --- the rules ------------------------------------------------------------------------------


@pytest.mark.clause("0-C16", "0-C12", "2.7-T10")
@pytest.mark.parametrize(
    ("starts", "ends", "last", "first", "until"),
    [
        # whole years, whole months, the same number of days
        ((2026, 1, 1), (2026, 12, 31), (2026, 12, 31), (2027, 1, 1), (2027, 12, 31)),
        ((2023, 3, 1), (2024, 2, 29), (2024, 2, 29), (2024, 3, 1), (2025, 2, 28)),
        ((2026, 1, 15), (2026, 7, 14), (2026, 7, 14), (2026, 7, 15), (2027, 1, 14)),
        ((2026, 1, 1), (2026, 1, 10), (2026, 1, 10), (2026, 1, 11), (2026, 1, 20)),
        # ended early: the day after that end, for as long as was agreed
        ((2026, 1, 1), (2026, 12, 31), (2026, 9, 30), (2026, 10, 1), (2027, 9, 30)),
    ],
)
def test_a_renewal_starts_the_day_after_the_end_and_is_as_long(starts, ends, last, first, until):
    term = renewed_term(starts_on=date(*starts), ends_on=date(*ends), last_day=date(*last))
    assert (term.result.first, term.result.last) == (date(*first), date(*until))
    assert term.readings == ("0-C16", "0-C12")


@pytest.mark.clause("2.1-B2", "2.1-B8")
def test_executed_orders_are_renewed_once():
    for state in ("executed", "in_force", "expired", "terminated"):
        check_renewable(state=state, is_amendment=False)
    for given, code in (
        ({"state": "draft", "is_amendment": False}, "renews_draft"),
        ({"state": "in_review", "is_amendment": False}, "renews_draft"),
        ({"state": "in_force", "is_amendment": True}, "renews_amendment"),
        ({"state": "expired", "is_amendment": False, "renewal": "WO-1"}, "already_renewed"),
    ):
        with pytest.raises(Refused, match=code):
            check_renewable(**given)


@pytest.mark.clause("0-C16")
def test_an_order_is_superseded_once_it_is_over_and_its_renewal_has_begun():
    facts = {"start": date(2026, 1, 1), "end": date(2026, 12, 31), "executed_on": date(2025, 12, 1)}
    for on, renewed_on, state in (
        (date(2026, 12, 31), date(2026, 12, 1), "in_force"),
        (date(2027, 1, 1), date(2027, 1, 1), "superseded"),
        (date(2027, 1, 1), date(2027, 1, 2), "expired"),
        (date(2027, 1, 1), None, "expired"),
    ):
        assert order_state(on=on, renewed_on=renewed_on, **facts) == state
    ended = {**facts, "terminated_on": date(2026, 6, 30), "renewed_on": date(2026, 7, 1)}
    assert order_state(on=date(2026, 7, 1), **ended) == "superseded"


# --- the draft ------------------------------------------------------------------------------


@pytest.mark.clause("1-A1", "2.7-T10")
def test_a_renewal_copies_the_order_onto_the_newest_edition():
    draft = factories.draft(title="Base and workshops", note="as agreed", multi_country=True)
    paris = factories.location(draft.customer, name="Paris")
    host = draft.order_locations.get().location
    who = {"by": draft.created_by, "now": factories.SIGNED}
    places = {host: None, paris: Decimal("0.91")}
    orders.set_locations(order=draft, locations=places, **who)
    orders.set_flex_years(order=draft, allotments={1: 500_000}, **who)
    factories.line(
        draft,
        funding="flex",
        flex_year=1,
        price_minor=400_000,
        allocations=[(host, 3), (paris, 1)],
        scopes=[orders.Scope("product", "Windows Server")],
        starts_on=date(2026, 2, 1),
        note="on site",
    )
    order = factories.executed(draft)
    edition = newer_edition()
    copy = renewed(order)
    assert (copy.renews, copy.copied_from, copy.edition) == (order, order, edition)
    assert (copy.starts_on, copy.ends_on, copy.is_draft) == (
        date(2027, 1, 1),
        date(2027, 12, 31),
        True,
    )
    for name in ("title", "note", "currency", "units_per_usd", "base_price_minor", "multi_country"):
        assert getattr(copy, name) == getattr(order, name)
    assert dict(copy.order_locations.values_list("location", "units_per_usd")) == {
        host.pk: None,
        paris.pk: Decimal("0.91"),
    }
    assert list(copy.flex_years.values_list("number", "allotment_minor")) == [(1, 500_000)]
    line = copy.lines.get()
    assert (line.offering.edition, line.offering.code) == (edition, "workshops")
    assert (line.funding, line.flex_year, line.price_minor, line.note) == (
        "flex",
        1,
        400_000,
        "on site",
    )
    assert (line.starts_on, line.ends_on) == (None, None)
    assert sorted(line.allocations.values_list("location", "quantity")) == sorted(
        [(host.pk, 3), (paris.pk, 1)]
    )
    assert line.scopes.get().identifier == "Windows Server"
    codes = [one.code for one in check_order(copy, date(2026, 11, 23)) if one.severity == "error"]
    assert codes == []


def test_nothing_unused_is_carried_over(order):
    copy = renewed(order)
    assert not Entitlement.objects.filter(order=copy).exists()
    assert renewal_plan(order).lapsing == (Money(400_000, "EUR"),)


def test_services_that_were_withdrawn_are_told_and_left_out():
    draft = factories.draft()
    factories.line(draft)
    factories.line(draft, "custom-proactive-services", 1)
    order = factories.executed(draft)
    assert renewal_plan(order).withdrawn == ()
    assert renewal_plan(order).comparison is None
    newer_edition()
    plan = renewal_plan(order)
    assert [one.offering.code for one in plan.withdrawn] == ["custom-proactive-services"]
    assert [(one.code, one.what) for one in plan.concerned] == [("workshops", "changed")]
    assert "custom-proactive-services" not in {one.code for one in plan.others}
    assert [line.offering.code for line in renewed(order).lines.all()] == ["workshops"]


def test_a_renewal_takes_over_what_amendments_added(order):
    draft = orders.draft_amendment(order=order, **by(order))
    factories.line(draft, "custom-proactive-services", 1)
    orders.execute_order(order=draft, **by(order))
    orders.draft_amendment(order=order, **by(order))
    # Four workshops for 4,000 and one custom service for 1,000 are unused.
    assert renewal_plan(order).lapsing == (Money(500_000, "EUR"),)
    assert [one.offering.code for one in renewed(order).lines.all()] == [
        "workshops",
        "custom-proactive-services",
    ]


def test_what_exchange_value_paid_for_is_paid_with_money_next_time(order):
    order.lines.update(funding="value")
    assert renewed(order).lines.get().funding == "money"


def test_a_renewal_of_an_order_ended_early_starts_the_day_after(order):
    orders.terminate_order(order=order, on=date(2026, 11, 30), reason="x", **by(order))
    copy = renewed(order)
    assert (copy.starts_on, copy.ends_on) == (date(2026, 12, 1), date(2027, 11, 30))


def test_an_order_is_renewed_once_and_again_after_its_draft_is_deleted(order):
    copy = renewed(order)
    with pytest.raises(Refused) as refusal:
        renewed(order)
    assert (refusal.value.code, refusal.value.figures) == (
        "already_renewed",
        {"number": copy.number},
    )
    orders.discard_draft(order=copy, **by(order))
    assert renewed(order).renews == order


def test_drafts_and_amendments_arent_renewed(order):
    with pytest.raises(Refused, match="renews_draft"):
        renewed(factories.draft())
    amendment = orders.draft_amendment(order=order, **by(order))
    factories.line(amendment)
    orders.execute_order(order=amendment, **by(order))
    with pytest.raises(Refused, match="renews_amendment"):
        renewed(amendment)
    person = factories.customer_administrator(order.customer)
    with pytest.raises(Refused, match="not_allowed"):
        orders.draft_renewal(order=order, by=person, now=IN_NOVEMBER)


# --- superseded -----------------------------------------------------------------------------


def test_an_order_is_superseded_by_its_executed_renewal_everywhere(order):
    copy = renewed(order)
    assert state_of(order, now=NEW_YEAR) == "expired"
    copy = orders.execute_order(order=copy, **by(order))
    assert state_of(order, now=IN_NOVEMBER) == "in_force"
    assert state_of(order, now=NEW_YEAR) == "superseded"
    assert states_of([order, copy], now=NEW_YEAR) == {order.pk: "superseded", copy.pk: "in_force"}
    rows = with_zone(WorkOrder.objects.all())
    assert list(in_state(rows, "superseded", now=NEW_YEAR)) == [order]
    assert list(in_state(rows, "expired", now=NEW_YEAR)) == []
    (listed,) = in_state(rows, "superseded", now=NEW_YEAR)
    assert state_of(listed, now=NEW_YEAR) == "superseded"


def test_customers_learn_of_a_renewal_once_it_is_executed(order):
    customer = factories.viewer(order.customer)
    copy = renewed(order)
    assert renewal_of(order, viewer=order.created_by) == copy
    assert renewal_of(order, viewer=customer) is None
    orders.execute_order(order=copy, **by(order))
    assert renewal_of(order, viewer=customer) == copy


# --- pages and API --------------------------------------------------------------------------


def url_of(name, *args):
    return reverse(f"workorders:{name}", args=args)


@pytest.fixture
def client(order, sign_in, at):
    at(IN_NOVEMBER)
    return sign_in(order.created_by)


def test_the_page_tells_what_changes_and_drafts_the_renewal(order, client):
    url = url_of("order-renew", order.pk)
    assert b"The same edition" in client.get(url).content
    newer_edition()
    page = client.get(url).content.decode()
    assert "Workshops, renamed" in page
    assert "€4,000" in page
    done = client.post(url)
    copy = WorkOrder.objects.get(renews=order)
    assert done.url == url_of("order-edit", copy.pk)
    builder = client.get(done.url).content.decode()
    assert f'href="{url}"' in builder
    again = client.post(url)
    assert again.status_code == 409
    assert 'data-code="already_renewed"' in again.content.decode()
    assert f"Renewed by {copy.number}" in client.get(url).content.decode()


def test_the_orders_page_leads_to_its_renewal(order, client, at, sign_in):
    page = url_of("order-detail", order.pk)
    assert url_of("order-renew", order.pk) in client.get(page).content.decode()
    copy = renewed(order)
    orders.execute_order(order=copy, **by(order))
    shown = client.get(page).content.decode()
    assert "renewal begins 1 Jan 2027" in shown
    assert f"renewed by {copy.number}" in shown
    at(NEW_YEAR)
    client = sign_in(order.created_by)
    assert "Superseded" in client.get(page).content.decode()
    renewal = client.get(url_of("order-detail", copy.pk)).content.decode()
    assert f"renews {order.number}" in renewal
    listed = client.get(url_of("order-list"), {"state": "superseded"}).content.decode()
    assert order.number in listed


def test_customers_and_strangers_dont_renew(order, sign_in):
    for person in (factories.customer_administrator(order.customer), factories.csam()):
        client = sign_in(person)
        assert client.get(url_of("order-renew", order.pk)).status_code == 404
        assert client.get(f"/api/v1/orders/{order.pk}/renewal/").status_code == 404


def test_the_api_plans_and_drafts_a_renewal(order, client):
    newer_edition()
    url = f"/api/v1/orders/{order.pk}/renewal/"
    plan = client.get(url).json()
    assert (plan["starts_on"], plan["ends_on"], plan["edition"]) == (
        "2027-01-01",
        "2027-12-31",
        "2099-01",
    )
    assert plan["lapsing"] == [{"amount": "4000.00", "currency": "EUR"}]
    assert [(row["code"], row["what"]) for row in plan["services"]] == [("workshops", "changed")]
    made = client.post(url, {}, "application/json", headers={"Idempotency-Key": "once"})
    assert (made.status_code, made.json()["renews"]) == (201, order.pk)
    again = client.post(url, {}, "application/json", headers={"Idempotency-Key": "once"})
    assert again.json()["id"] == made.json()["id"]
    refused = client.post(url, {}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "already_renewed")
    assert client.get(url).json()["renewal"] == made.json()["id"]
