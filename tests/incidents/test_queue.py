"""The account manager's queue: time left, bulk acts, saved views."""

from datetime import timedelta

import pytest

from incidents.actions.progress import close_incident
from incidents.actions.queue import save_view
from incidents.models import Incident, SavedView
from tests import factories
from tests.incidents.scenes import NOW, code_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_the_queue_tells_what_is_left_by_the_calendar_and_in_business_hours(order, client):
    factories.incident(order, severity="C", now=NOW + HOUR)
    page = " ".join(client.get("/incidents/").content.decode().split())
    assert "4 h by the calendar" in page
    assert "4 h in business hours" in page


def test_past_closing_the_calendar_runs_on_and_business_hours_do_not(order, sign_in, csam, at):
    factories.incident(order, severity="C", now=NOW + 6 * HOUR)
    at(NOW + 6 * HOUR)
    row = sign_in(csam).get("/incidents/").context["rows"][0]
    assert (row.business_left, row.wall_left) == (240, 1170)


@pytest.mark.clause("0-C7")
def test_a_clock_that_never_stops_has_no_business_hours_left(order, client):
    factories.incident(order, severity="A")
    answer = client.get("/incidents/")
    page = " ".join(answer.content.decode().split())
    assert "around the clock" in page
    assert "in business hours" not in page
    assert answer.context["rows"][0].business_left is None


def test_several_are_changed_at_once_and_what_is_refused_is_told(order, csam, client):
    one, two = factories.incident(order), factories.incident(order)
    close_incident(incident=two, by=csam, now=NOW)
    body = {"incidents": [one.pk, two.pk], "act": "note", "text": "Storm", "key": "k"}
    answer = client.post("/incidents/bulk/", body)
    assert answer.status_code == 422
    assert two.number in answer.content.decode()
    assert client.post("/incidents/bulk/", {**body, "incidents": [one.pk]}).status_code == 302
    assert one.updates.filter(text="Storm").count() == 1
    done = client.post("/incidents/bulk/", {"incidents": [one.pk], "act": "close", "text": "Over"})
    assert done.status_code == 302
    assert Incident.objects.get(pk=one.pk).closed_at == NOW + HOUR


def test_a_bulk_act_leads_back_to_the_filters_it_came_from(order, client):
    one = factories.incident(order)
    body = {"incidents": [one.pk], "act": "note", "text": "Storm"}
    assert client.post("/incidents/bulk/?severity=B", body)["Location"] == "/incidents/?severity=B"
    assert client.post("/incidents/bulk/?severity=B", {})["Location"] == "/incidents/?severity=B"


def test_where_all_are_refused_nothing_is_said_to_be_changed(order, csam, client):
    one = factories.incident(order)
    close_incident(incident=one, by=csam, now=NOW)
    body = {"incidents": [one.pk], "act": "note", "text": "Storm"}
    page = client.post("/incidents/bulk/?state=all", body).content.decode()
    assert "None of those chosen is changed." in page
    assert "incidents changed" not in page
    assert 'href="/incidents/?state=all">Back to the queue' in page


def test_an_empty_queue_offers_no_bulk_act_and_a_view_is_marked_while_it_is_shown(order, client):
    assert 'id="bulk"' not in client.get("/incidents/").content.decode()
    factories.incident(order, severity="B")
    client.post("/incidents/views/", {"name": "Mine", "query": "severity=B"})
    shown = client.get("/incidents/?severity=B", headers={"HX-Request": "true"}).content.decode()
    assert 'action="/incidents/bulk/?severity=B"' in shown
    assert 'href="/incidents/?severity=B" aria-current="page">Mine' in shown
    assert 'name="query" value="severity=B"' in shown
    assert (
        "aria-current"
        not in client.get("/incidents/?severity=A", headers={"HX-Request": "true"})
        .content.decode()
        .split("p-filters")[1]
        .split("</a>")[0]
    )


def test_strangers_incidents_are_not_changed_in_bulk(order, csam, client):
    strange = factories.incident()
    body = {"incidents": [strange.pk], "act": "close", "text": "x"}
    client.post("/incidents/bulk/", body)
    assert Incident.objects.get(pk=strange.pk).closed_at is None
    assert client.post("/incidents/bulk/", {}).status_code == 302


def test_filters_are_kept_under_a_name_of_ones_own(order, csam, client, sign_in):
    body = {"name": "Mine", "query": "severity=A&state=open&evil=1"}
    assert client.post("/incidents/views/", body)["Location"] == (
        "/incidents/?severity=A&state=open"
    )
    view = SavedView.objects.get()
    assert "Mine" in client.get("/incidents/").content.decode()
    other = sign_in(factories.csam())
    assert other.post(f"/incidents/views/{view.pk}/delete/").status_code == 404
    client.post("/incidents/views/", {"name": "Mine", "query": "state=all"})
    assert SavedView.objects.get().query == "state=all"
    client.post("/incidents/views/", {"name": " ", "query": ""})
    assert client.post(f"/incidents/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()
    for number in range(30):
        save_view(name=str(number), query="", by=csam)
    assert code_of(save_view, name="more", query="", by=csam) == "too_many_views"
