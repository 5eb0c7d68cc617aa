"""Executing a draft and ending an order, by page."""

import re
from datetime import date

import pytest

from tests import factories
from tests.workorders.builder.forms import HTMX, term_of, url_of
from workorders.actions.orders import execute_order

pytestmark = pytest.mark.django_db


def test_execution_shows_what_is_granted_due_and_given_up(draft, client):
    factories.line(draft, price_minor=7_680_000, funding="flex", flex_year=2)
    answer = client.get(url_of("order-execute", draft.pk))
    page = answer.content.decode()
    assert "Execute and give up €433,200" in page
    assert [row["what"] for row in answer.context["deadlines"]] == [
        "last day to request proactive services",
        "work order expires",
        "flex allowance of the year lapses",
    ]


def test_execution_needs_the_confirmation(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    answer = client.post(url_of("order-execute", draft.pk), {"version": draft.version})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["confirmed"])
    draft.refresh_from_db()
    assert draft.is_draft


def test_execution_lands_on_the_order_and_a_second_click_changes_nothing(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    data = {"version": draft.version, "confirmed": "on"}
    first = client.post(url_of("order-execute", draft.pk), data, follow=True)
    assert "is executed and frozen with edition" in first.content.decode()
    draft.refresh_from_db()
    signed, granted = draft.executed_at, draft.entitlements.count()
    second = client.post(url_of("order-execute", draft.pk), data, follow=True)
    assert "The order is executed already." in second.content.decode()
    draft.refresh_from_db()
    assert (draft.executed_at, draft.entitlements.count()) == (signed, granted)


def test_the_key_of_a_form_executes_and_ends_one_order_alone(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    other = factories.draft(draft.customer, by=draft.created_by, number="WO-26-0002")
    page = client.get(url_of("order-execute", draft.pk)).content.decode()
    key = re.search(r'name="key" value="(\w+)"', page).group(1)
    data = {"version": draft.version, "confirmed": "on", "key": key}
    assert client.post(url_of("order-execute", draft.pk), data).status_code == 302
    reused = client.post(url_of("order-execute", other.pk), data | {"version": other.version})
    assert reused.status_code == 422
    assert reused.context["refusal"].code == "idempotency_key_reused"
    other.refresh_from_db()
    assert other.is_draft
    assert 'name="key"' in client.get(url_of("order-terminate", draft.pk)).content.decode()


def test_what_stands_against_execution_is_listed_with_its_clause(draft, client):
    factories.line(draft, "mcsap", 1, unit="subscription")
    answer = client.get(url_of("order-execute", draft.pk))
    assert [finding.code for finding in answer.context["plan"].errors] == ["subscription_required"]
    assert "§2.4 AP2" in answer.content.decode()
    draft.refresh_from_db()
    data = {"version": draft.version, "confirmed": "on"}
    assert client.post(url_of("order-execute", draft.pk), data).status_code == 422
    draft.refresh_from_db()
    assert draft.is_draft


def test_an_order_changed_since_it_was_shown_is_not_executed(draft, client):
    factories.line(draft)
    data = {"version": draft.version, "confirmed": "on"}
    answer = client.post(url_of("order-execute", draft.pk), data)
    assert (answer.status_code, answer.context["refusal"].code) == (409, "stale_edit")


def test_editing_after_execution_leads_to_the_order(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    data = term_of(draft)
    execute_order(order=draft, by=draft.created_by, now=factories.NOW)
    answer = client.post(url_of("edit-term", draft.pk), data)
    assert answer["Location"] == f"/orders/{draft.pk}/"
    by_htmx = client.post(url_of("edit-term", draft.pk), data, headers=HTMX)
    assert by_htmx["HX-Redirect"] == f"/orders/{draft.pk}/"


def test_an_order_is_ended_early_with_a_reason(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    execute_order(order=draft, by=draft.created_by, now=factories.NOW)
    url = url_of("order-terminate", draft.pk)
    assert "€4,000" in client.get(url).content.decode()
    refused = client.post(url, {"on": "2026-11-22", "reason": "Sold"})
    assert (refused.status_code, refused.context["form"].refusal.code) == (422, "in_the_past")
    empty = client.post(url, {"on": "2026-12-31", "reason": " "})
    assert list(empty.context["form"].errors) == ["reason"]
    client.post(url, {"on": "2026-12-31", "reason": "Sold"})
    draft.refresh_from_db()
    assert (draft.terminated_on, draft.termination_reason) == (date(2026, 12, 31), "Sold")
