"""The page of an incident and its acts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from incidents.actions.progress import add_update, ask_customer, close_incident
from incidents.actions.severity import change_severity
from tests import factories
from tests.incidents.scenes import HTMX, LATER, text_of

pytestmark = pytest.mark.django_db


# --- one incident ---------------------------------------------------------------------------


def test_an_incident_has_a_page(order, client):
    incident = factories.incident(order)
    page = text_of(client.get(f"/incidents/{incident.pk}/"))
    assert "Why this target applies" in page
    assert "Sets the target" in page
    assert '<title id="clocks-title">Clocks of incident' in page
    assert "Record first response" in page


def test_after_a_raise_both_rows_that_apply_are_marked(order, client, at):
    incident = factories.incident(order)
    at(incident.due_at)
    late = incident.due_at - timedelta(minutes=11)
    change_severity(incident=incident, to="A", reason="Hall 3", by=order.created_by, now=late)
    page = client.get(f"/incidents/{incident.pk}/")
    lines = page.context["lines"]
    assert [(line.name, line.severity, line.outcome) for line in lines if line.wins] == [
        ("Base support", "B", "Sets the target"),
        ("Base support", "A", "Governs people and duties"),
    ]
    assert "The target stays Mon 23 Nov, 12:24 CET." in text_of(page)


def test_a_page_with_everything_on_it_is_complete_in_both_languages(order, sign_in, at):
    at(LATER)
    incident = factories.incident(order)
    by = order.created_by
    duty = incident.duties.get(code="change_control_access")
    ask_customer(incident=incident, duty=duty, text="Access", by=by, now=LATER)
    change_severity(
        incident=incident,
        to="A",
        reason="Hall 3",
        by=factories.customer_administrator(order.customer),
        now=LATER,
    )
    for language, words in (("en", "Customer asked"), ("zh-hans", "为什么")):
        person = factories.csam(order.customer, language=language)
        answer = sign_in(person).get(f"/incidents/{incident.pk}/")
        assert answer.status_code == 200
        if language == "en":
            assert words in text_of(answer)
    with translation.override("zh-hans"):
        assert str(incident.component) == "Windows Server"


def test_the_page_of_a_customer_offers_what_customers_do(order, sign_in, at):
    at(LATER)
    incident = factories.incident(order)
    client = sign_in(factories.customer_administrator(order.customer))
    page = text_of(client.get(f"/incidents/{incident.pk}/"))
    assert "Ask for another severity" in page
    assert "Record first response" not in page


def test_a_closed_incident_offers_no_acts(order, client):
    incident = factories.incident(order)
    close_incident(incident=incident, by=order.created_by, now=LATER)
    page = text_of(client.get(f"/incidents/{incident.pk}/"))
    assert "Change severity" not in page
    assert "closed <time" in page


def test_the_page_takes_as_many_queries_with_30_updates_as_with_1(order, client):
    incident = factories.incident(order)
    url = f"/incidents/{incident.pk}/"

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    client.get(url)
    one = count()
    for number in range(30):
        add_update(
            incident=incident, channel="portal", text=str(number), by=order.created_by, now=LATER
        )
    assert count() == one


# --- acts -----------------------------------------------------------------------------------

ACTS = ["response", "update", "severity", "ask", "mitigated", "close", "analysis"]


@pytest.mark.parametrize("act", ACTS)
def test_each_act_has_a_page_and_a_dialog_that_is_part_of_it(order, client, act):
    incident = factories.incident(order)
    url = f"/incidents/{incident.pk}/{act}/"
    page = client.get(url).content.decode()
    dialog = client.get(url, headers=HTMX).content.decode()
    assert "<html" in page
    assert dialog.strip()[:5] == "<form"


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("response", {"channel": "phone", "author": "Ada Okafor"}),
        ("update", {"channel": "portal", "text": "Logs, please"}),
        ("severity", {"severity": "A", "reason": "Hall 3", "version": 1}),
        ("mitigated", {"text": ""}),
        ("close", {"text": "Works again"}),
        ("analysis", {"text": ""}),
    ],
)
def test_an_act_leads_back_to_the_incident(order, client, act, data, headers):
    incident = factories.incident(order)
    answer = client.post(f"/incidents/{incident.pk}/{act}/", data, headers=headers)
    url = f"/incidents/{incident.pk}/"
    if headers:
        assert (answer.status_code, answer["HX-Redirect"]) == (200, url)
    else:
        assert (answer.status_code, answer["Location"]) == (302, url)
    assert incident.updates.count() == 2


def test_the_first_response_is_recorded_on_the_page(order, client):
    incident = factories.incident(order)
    client.post(f"/incidents/{incident.pk}/response/", {"channel": "phone", "author": "Ada Okafor"})
    incident.refresh_from_db()
    assert incident.first_response_at == LATER
    assert "First response by phone, Ada Okafor" in text_of(
        client.get(f"/incidents/{incident.pk}/")
    )


def test_a_duty_is_asked_for_and_met_on_the_page(order, client):
    incident = factories.incident(order)
    duty = incident.duties.get(code="change_control_access")
    base = f"/incidents/{incident.pk}"
    client.post(f"{base}/ask/", {"duty": duty.pk, "text": "Access"})
    duty.refresh_from_db()
    assert duty.asked_at == LATER
    assert client.get(f"{base}/duties/{duty.pk}/met/").status_code == 200
    client.post(f"{base}/duties/{duty.pk}/met/", {})
    duty.refresh_from_db()
    assert duty.met_at == LATER
    assert client.get(f"{base}/duties/987654/met/").status_code == 404


@pytest.mark.parametrize(
    ("act", "data", "status"),
    [
        ("response", {"channel": "chat"}, 422),
        ("response", {"channel": "phone", "at": "2026-11-23T10:00"}, 422),
        ("response", {"channel": "phone", "at": "soon"}, 422),
        ("update", {"channel": "portal", "text": ""}, 422),
        ("severity", {"severity": "B", "reason": "x", "version": 1}, 422),
        ("severity", {"severity": "A", "reason": "x", "version": 9}, 409),
        ("severity", {"severity": "A", "reason": "", "version": 1}, 422),
        ("ask", {"duty": "0"}, 422),
        ("close", {"at": "2999-01-01T00:00"}, 422),
    ],
)
def test_an_act_that_is_refused_says_why_and_writes_nothing(order, client, act, data, status):
    incident = factories.incident(order)
    answer = client.post(f"/incidents/{incident.pk}/{act}/", data, headers=HTMX)
    assert answer.status_code == status
    assert incident.updates.count() == 1
    assert "p-refusal" in text_of(answer) or "p-error" in text_of(answer)


def test_on_a_closed_incident_acts_are_conflicts(order, client):
    incident = factories.incident(order)
    close_incident(incident=incident, by=order.created_by, now=LATER)
    for act, data in (("close", {}), ("update", {"channel": "portal", "text": "x"})):
        answer = client.post(f"/incidents/{incident.pk}/{act}/", data, headers=HTMX)
        assert answer.status_code == 409


def test_an_act_is_a_dialog_over_the_incident_and_otherwise_a_page_with_its_own_heading(
    client, order
):
    incident = factories.incident(order)
    url = f"/incidents/{incident.pk}/update/"

    page, dialog = text_of(client.get(url)), text_of(client.get(url, headers=HTMX))

    assert '<h1 id="p-dialog-title">Add an update</h1>' in page
    assert 'hx-target="#p-dialog"' not in page  # its answer replaces the page, not a dialog over it
    assert '<h2 id="p-dialog-title">Add an update</h2>' in dialog
    assert 'hx-target="#p-dialog"' in dialog
