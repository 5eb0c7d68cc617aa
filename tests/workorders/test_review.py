"""Review: submitted by who drafted, not edited meanwhile, returned, taken back, executed."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Message
from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import orders
from workorders.models import WorkOrder
from workorders.queries.portfolio import in_state, with_zone
from workorders.queries.terms import state_of, states_of
from workorders.rules.term import order_state

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 16, 9, tzinfo=UTC)
TERM = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}


@pytest.fixture
def draft():
    order = factories.draft()
    factories.line(order)
    order.refresh_from_db()
    return order


@pytest.fixture
def colleague(draft):
    return factories.csam(draft.customer, name="Ana")


def submitted(draft):
    return orders.submit_draft(order=draft, by=draft.created_by, now=NOW)


# --- the state ------------------------------------------------------------------------------


@pytest.mark.clause("0-C16", "2.1-B8", "X-27")
def test_a_draft_is_in_review_from_the_day_of_its_submission_until_its_execution():
    days = {date(2025, 12, 15): "draft", date(2025, 12, 16): "in_review"}
    for day, state in days.items():
        found = order_state(on=day, executed_on=None, submitted_on=date(2025, 12, 16), **TERM)
        assert found == state
    executed = {"executed_on": date(2025, 12, 18), "submitted_on": date(2025, 12, 16)}
    assert order_state(on=date(2025, 12, 17), **executed, **TERM) == "in_review"
    assert order_state(on=date(2025, 12, 18), **executed, **TERM) == "executed"


def test_the_state_is_the_same_alone_in_a_list_and_in_the_database(draft):
    other = factories.draft(draft.customer)
    submitted(draft)
    draft.refresh_from_db()
    assert state_of(draft, now=NOW) == "in_review"
    assert states_of([draft, other], now=NOW) == {draft.pk: "in_review", other.pk: "draft"}
    rows = with_zone(WorkOrder.objects.all())
    assert list(in_state(rows, "in_review", now=NOW)) == [draft]
    assert list(in_state(rows, "draft", now=NOW)) == [other]


# --- the acts -------------------------------------------------------------------------------


def test_submitting_keeps_who_and_when_and_tells_those_who_review(draft, colleague):
    lead = factories.lead(draft.customer.team)
    order = submitted(draft)
    assert (order.submitted_at, order.submitted_by) == (NOW, draft.created_by)
    assert order.history.first().history_change_reason == "submitted"
    mails = Message.objects.filter(channel="email", subject__endswith="waits for review")
    assert sorted(mails.values_list("recipient", flat=True)) == sorted([lead.pk, colleague.pk])
    assert f"/orders/{order.pk}/review/" in mails[0].text


def test_whoever_drafted_an_order_submits_it(draft, colleague):
    with pytest.raises(Refused) as refusal:
        orders.submit_draft(order=draft, by=colleague, now=NOW)
    assert refusal.value.code == "drafter_only"
    assert refusal.value.figures == {"drafted_by": str(draft.created_by)}
    draft.created_by.is_active = False
    draft.created_by.save()
    assert orders.submit_draft(order=draft, by=colleague, now=NOW).submitted_by == colleague


def test_a_draft_in_review_isnt_edited(draft):
    line = draft.lines.get()
    submitted(draft)
    who = {"by": draft.created_by, "now": NOW}
    for attempt in (
        lambda: orders.change_order(order=draft, title="x", **who),
        lambda: orders.set_locations(order=draft, locations={}, **who),
        lambda: orders.set_flex_years(order=draft, allotments={}, **who),
        lambda: factories.line(draft),
        lambda: orders.change_line(line=line, note="x", **who),
        lambda: orders.remove_line(line=line, **who),
        lambda: orders.discard_draft(order=draft, **who),
        lambda: orders.submit_draft(order=draft, **who),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == "in_review"
        assert refusal.value.figures["submitted_by"] == str(draft.created_by)
    draft.refresh_from_db()
    assert (draft.title, draft.lines.count()) == ("", 1)


def test_a_returned_draft_is_edited_again_and_its_submitter_knows_why(draft, colleague):
    order = submitted(draft)
    back = orders.return_draft(order=order, reason=" Pune is missing. ", by=colleague, now=NOW)
    assert (back.submitted_at, back.submitted_by, back.returned_reason) == (
        None,
        None,
        "Pune is missing.",
    )
    mail = Message.objects.get(channel="email", recipient=draft.created_by)
    assert mail.subject.endswith(f"draft {order.number} was returned")
    assert "Pune is missing." in mail.text
    orders.change_order(order=order, title="With Pune", by=draft.created_by, now=NOW)
    assert submitted(order).returned_reason == ""


@pytest.mark.parametrize(("reason", "code"), [(" ", "reason_required"), ("x" * 301, "too_long")])
def test_a_draft_is_returned_for_a_reason(draft, colleague, reason, code):
    submitted(draft)
    with pytest.raises(Refused) as refusal:
        orders.return_draft(order=draft, reason=reason, by=colleague, now=NOW)
    assert (refusal.value.code, refusal.value.field) == (code, "reason")
    draft.refresh_from_db()
    assert draft.submitted_at == NOW


def test_only_the_submitter_takes_a_draft_back(draft, colleague):
    submitted(draft)
    with pytest.raises(Refused, match="submitter_only"):
        orders.take_back(order=draft, by=colleague, now=NOW)
    assert orders.take_back(order=draft, by=draft.created_by, now=NOW).submitted_at is None
    with pytest.raises(Refused, match="not_in_review"):
        orders.take_back(order=draft, by=draft.created_by, now=NOW)
    with pytest.raises(Refused, match="not_in_review"):
        orders.return_draft(order=draft, reason="x", by=colleague, now=NOW)


def test_an_order_is_executed_from_review_and_keeps_that_it_was_there(draft, colleague):
    submitted(draft)
    order = orders.execute_order(order=draft, by=colleague, now=NOW)
    order.refresh_from_db()
    assert (order.executed_by, order.submitted_by) == (colleague, draft.created_by)
    assert state_of(order, now=NOW) == "executed"
    for act in (orders.submit_draft, orders.take_back):
        with pytest.raises(Refused, match="already_executed"):
            act(order=order, by=draft.created_by, now=NOW)


def test_a_stale_submission_is_refused(draft):
    orders.change_order(order=draft, title="Newer", by=draft.created_by, now=NOW)
    with pytest.raises(Refused, match="stale_edit"):
        orders.submit_draft(order=draft, by=draft.created_by, now=NOW, version=draft.version)


def test_a_scenario_is_neither_submitted_nor_executed(draft):
    scenario = factories.draft(draft.customer)
    WorkOrder.objects.filter(pk=scenario.pk).update(scenario_of=draft)
    for act in (orders.submit_draft, orders.execute_order):
        with pytest.raises(Refused, match="scenario_only_compared"):
            act(order=scenario, by=scenario.created_by, now=NOW)


def test_the_database_keeps_a_submission_whole(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=draft.pk).update(submitted_at=NOW)


@pytest.mark.parametrize("role", ["customer_administrator", "location_contact", "customer_viewer"])
def test_customers_review_nothing(draft, role):
    person = factories.member(draft.customer, role)
    for attempt in (
        lambda: orders.submit_draft(order=draft, by=person, now=NOW),
        lambda: orders.take_back(order=draft, by=person, now=NOW),
        lambda: orders.return_draft(order=draft, reason="x", by=person, now=NOW),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            attempt()


# --- the pages ------------------------------------------------------------------------------


def url_of(name, *args):
    return reverse(f"workorders:{name}", args=args)


@pytest.fixture
def client(draft, sign_in):
    return sign_in(draft.created_by)


def test_a_draft_goes_to_review_and_comes_back_through_the_pages(draft, client, colleague, sign_in):
    page = url_of("order-review", draft.pk)
    assert b"Submit for review" in client.get(page).content
    asked = client.post(url_of("review-act", draft.pk, "submit"), {"version": draft.version})
    assert (asked.status_code, asked.url) == (302, page)
    assert client.get(url_of("order-edit", draft.pk)).url == page
    listed = client.get(url_of("order-list"), {"state": "in_review"}).content.decode()
    assert f'href="{page}"' in listed
    assert "In review" in listed
    reviewer = sign_in(colleague)
    draft.refresh_from_db()
    empty = reviewer.post(url_of("review-act", draft.pk, "return"), {"version": draft.version})
    assert empty.status_code == 422
    back = reviewer.post(
        url_of("review-act", draft.pk, "return"),
        {"version": draft.version, "reason": "Pune is missing."},
    )
    assert back.url == url_of("order-list")
    assert b"Pune is missing." in client.get(url_of("order-edit", draft.pk)).content
    draft.refresh_from_db()
    assert draft.submitted_at is None


def test_the_submitter_takes_the_draft_back_through_the_page(draft, client):
    version = submitted(draft).version
    back = client.post(url_of("review-act", draft.pk, "take-back"), {"version": version})
    assert back.url == url_of("order-edit", draft.pk)
    again = client.post(url_of("review-act", draft.pk, "take-back"), {"version": version + 1})
    assert again.status_code == 409
    assert b"isn&#x27;t in review" in again.content


def test_an_edit_of_a_draft_in_review_leads_to_the_review(draft, client):
    submitted(draft)
    url = url_of("edit-allowance", draft.pk)
    answer = client.post(url, {"version": draft.version, "year_1": "5"})
    assert answer.url == url_of("order-review", draft.pk)
    swapped = client.post(
        url, {"version": draft.version, "year_1": "5"}, headers={"HX-Request": "true"}
    )
    assert swapped.headers["HX-Redirect"] == url_of("order-review", draft.pk)


def test_an_executed_order_has_no_review(client, draft):
    orders.execute_order(order=draft, by=draft.created_by, now=NOW)
    assert client.get(url_of("order-review", draft.pk)).url == url_of("order-detail", draft.pk)
    done = client.post(url_of("review-act", draft.pk, "submit"), {"version": 9})
    assert done.url == url_of("order-detail", draft.pk)
    assert client.post(url_of("review-act", draft.pk, "approve")).status_code == 404


def test_strangers_and_customers_find_no_review(draft, sign_in):
    people = [factories.customer_administrator(draft.customer), factories.csam()]
    for person in people:
        client = sign_in(person)
        assert client.get(url_of("order-review", draft.pk)).status_code == 404
        act = url_of("review-act", draft.pk, "submit")
        assert client.post(act, {"version": 1}).status_code == 404


# --- the API --------------------------------------------------------------------------------


def test_the_api_submits_returns_and_takes_back(draft, client, colleague, sign_in):
    url = f"/api/v1/orders/{draft.pk}"
    asked = client.post(f"{url}/submit/", {}, "application/json")
    assert (asked.status_code, asked.json()["state"]) == (200, "in_review")
    assert asked.json()["submitted_at"]
    listed = client.get("/api/v1/orders/", {"state": "in_review"}).json()
    assert [row["id"] for row in listed["results"]] == [draft.pk]
    edited = client.patch(f"{url}/", {"title": "x"}, "application/json")
    assert (edited.status_code, edited.json()["code"]) == (409, "in_review")
    reviewer = sign_in(colleague)
    back = reviewer.post(f"{url}/return/", {"reason": "Pune is missing."}, "application/json")
    assert (back.json()["state"], back.json()["returned_reason"]) == ("draft", "Pune is missing.")
    client.post(f"{url}/submit/", {}, "application/json")
    taken = client.post(f"{url}/take-back/", {}, "application/json")
    assert taken.json()["state"] == "draft"
    assert reviewer.post(f"{url}/return/", {}, "application/json").status_code == 400
