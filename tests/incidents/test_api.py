"""Incidents in the API: the same actions, rights and refusals as the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from incidents.models import Incident
from tests import factories
from tests.incidents.scenes import ARR, LATER, NOW, agreement, hold, host_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(order, at):
    """The CSAM of the order at NOW."""
    at(NOW)
    return client_of(order.created_by)


def client_of(person):
    """A program of the person."""
    client = APIClient()
    client.force_authenticate(person)
    return client


def body(order, **fields):
    """What opens severity B."""
    return {
        "location": host_of(order).pk,
        "component": "Windows Server",
        "severity": "B",
        "channel": "phone",
        "title": "Cluster down",
        "impact": "Hall 3 stands still",
        **fields,
    }


def post(api, path, data=None, *, status=200, key=""):
    """The answer, after its status is checked."""
    headers = {"Idempotency-Key": key} if key else {}
    answer = api.post(f"/api/v1/incidents/{path}", data or {}, format="json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_an_incident_is_opened_with_its_target(api, order):
    told = post(api, "", body(order), status=201)
    assert (told["chart"], told["target_minutes"], told["due_at"]) == (
        "base",
        120,
        "2026-11-23T11:24:00Z",
    )
    assert (told["response"]["state"], told["response"]["left_minutes"], told["met"]) == (
        "running",
        120,
        None,
    )
    assert told["explained"]["clauses"] == ["A-BS10"]
    assert [one["kind"] for one in told["updates"]] == ["opened"]
    assert api.get(f"/api/v1/incidents/{told['id']}/").json() == told


def test_the_same_key_opens_one_incident(api, order):
    first = post(api, "", body(order), status=201, key="k")
    assert post(api, "", body(order), status=201, key="k") == first
    assert Incident.objects.count() == 1
    problem = post(api, "", body(order, severity="A"), status=422, key="k")
    assert problem["code"] == "idempotency_key_reused"


def test_the_preview_says_what_opening_stores(api, order):
    told = post(api, "preview/", body(order))
    assert not Incident.objects.exists()
    opened = post(api, "", body(order), status=201)
    assert told["refusals"] == []
    assert told["target"]["resolution"] == opened["resolution"]
    assert told["target"]["due_at"] == opened["due_at"]
    assert told["target"]["explained"] == opened["explained"]


def test_the_preview_names_refusals_and_faster_charts(at):
    order = agreement()
    hold(order, ARR)
    at(NOW)
    fields = {"component": "Azure Virtual Machines", "severity": "A", "impact": ""}
    told = post(client_of(order.created_by), "preview/", body(order, **fields))
    assert [(one["code"], one["clauses"]) for one in told["refusals"]] == [
        ("impact_required", ["2.3-RE11"])
    ]
    assert told["target"]["faster"] == [{"chart": "arr", "reason": "channel", "minutes": 15}]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"impact": " "}, "impact_required", "impact"),
        ({"title": ""}, "title_required", "title"),
        ({"component": "Typewriter"}, "component_unknown", "component"),
        ({"cloud": "Heaven"}, "component_unknown", "component"),
        ({"channel": "email"}, "channel_not_offered", "channel"),
        ({"submitted_at": "2026-11-23T11:00:00Z"}, "in_the_future", "submitted_at"),
        ({"submitted_at": "2036-11-23T11:00:00Z"}, "in_the_future", "submitted_at"),
        ({"submitted_at": "2025-11-23T11:00:00Z"}, "before_order", "submitted_at"),
    ],
)
def test_refusals_are_problems_with_code_and_field(api, order, change, code, field):
    problem = post(api, "", body(order, **change), status=422)
    assert (problem["code"], problem["field"]) == (code, field)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "Z"},
        {"severity": None},
        {"channel": "fax"},
        {"location": 0},
        {"location": "x"},
        {"location": 10**30},
        {"component": ""},
        {"component": 7 * ["x"]},
        {"title": "x" * 161},
        {"description": "x" * 20_001},
        {"submitted_at": "2026-11-23T10:00:00"},
        {"submitted_at": "soon"},
        {"contact": 10**9},
        {"production": "maybe"},
        {"title": "a\x00b"},
    ],
)
def test_bad_input_is_named_and_writes_nothing(api, order, change):
    problem = post(api, "", body(order, **change), status=400)
    assert not Incident.objects.exists()
    if "fields" in problem:
        assert set(problem["fields"]) == set(change)


def test_a_contact_of_another_place_is_refused(api, order):
    elsewhere = factories.location(order.customer)
    contact = factories.contact(elsewhere)
    problem = post(api, "", body(order, contact=contact.pk), status=400)
    assert set(problem["fields"]) == {"contact"}


def test_strangers_reach_nothing(order, at):
    at(NOW)
    incident = factories.incident(order)
    stranger = client_of(factories.csam())
    assert stranger.get(f"/api/v1/incidents/{incident.pk}/").status_code == 404
    post(stranger, "", body(order), status=400)
    for act in ("respond", "updates", "severity", "ask", "answer", "mitigate", "close", "analysis"):
        post(stranger, f"{incident.pk}/{act}/", status=404)
    assert APIClient().get("/api/v1/incidents/").status_code == 401


def test_viewers_and_customers_are_refused_what_is_not_theirs(order, at):
    at(NOW)
    incident = factories.incident(order)
    viewer = client_of(factories.viewer(order.customer))
    assert post(viewer, "", body(order), status=422)["code"] == "not_allowed"
    customer = client_of(factories.customer_administrator(order.customer))
    data = {"channel": "phone"}
    assert post(customer, f"{incident.pk}/respond/", data, status=422)["code"] == "not_allowed"


def test_the_life_of_an_incident(api, order, at):
    told = post(api, "", body(order), status=201)
    path = f"{told['id']}/"
    at(LATER)
    note = {"channel": "portal", "text": "Logs, please", "author": "Ada Okafor"}
    assert post(api, path + "updates/", note)["first_response_at"] is None
    ask = {"duty": "change_control_access", "text": "Access"}
    clocks = post(api, path + "ask/", ask)["clocks"]
    assert [(one["side"], one["state"]) for one in clocks] == [
        ("microsoft", "running"),
        ("customer", "running"),
    ]
    assert post(api, path + "ask/", {"duty": "nothing"}, status=422)["code"] == "no_such_duty"
    post(api, path + "answer/", {"duty": "change_control_access"})
    change = {"severity": "A", "reason": "Hall 3", "version": told["version"]}
    assert post(api, path + "severity/", change)["severity"] == "A"
    assert post(api, path + "severity/", change, status=409)["code"] == "stale_edit"
    same = {"severity": "A", "reason": "Hall 3"}
    assert post(api, path + "severity/", same, status=422)["code"] == "severity_unchanged"
    answered = post(api, path + "respond/", {"channel": "phone", "author": "Ada Okafor"})
    assert (answered["met"], answered["response"]["state"]) == (True, "met")
    again = post(api, path + "respond/", {"channel": "phone"}, status=409)
    assert again["code"] == "already_answered"
    post(api, path + "analysis/", {"text": "Why?"})
    post(api, path + "mitigate/")
    closed = post(api, path + "close/", {"text": "Works again"})
    assert closed["closed_at"] == "2026-11-23T10:24:00Z"
    assert post(api, path + "close/", status=409)["code"] == "incident_closed"
    assert [one["kind"] for one in reversed(closed["updates"])] == [
        "opened",
        "contact",
        "asked",
        "duty_met",
        "severity",
        "contact",
        "analysis",
        "mitigated",
        "closed",
    ]


def test_lists_are_filtered(api, order):
    b = factories.incident(order)
    factories.incident(order, severity="A")

    def found(**query):
        return {row["id"] for row in api.get("/api/v1/incidents/", query).json()["results"]}

    assert found(severity="B") == found(q=b.number) == {b.pk}
    assert len(found(state="unanswered")) == len(found(customer=order.customer_id)) == 2
    assert found(state="closed") == found(order=0) == set()
    assert found(since="2026-11-23T09:24:00Z", chart="base", location=host_of(order).pk)
    assert found(until="2026-11-23T09:24:00Z") == set()
    assert api.get("/api/v1/incidents/", {"state": "gone"}).status_code == 400
    assert len(found(state="all", q="windows HALL")) == 2
    assert found(q="windows nowhere") == set()


@pytest.mark.parametrize(
    "asked", ["2026-11-23T10:00:00", "2026-11-23", "soon", "2026-13-01T00:00Z"]
)
def test_a_list_asks_for_instants_with_their_offset(api, order, asked):
    for name in ("since", "until"):
        answer = api.get("/api/v1/incidents/", {name: asked})
        assert answer.status_code == 400, (name, answer.json())
    assert api.get("/api/v1/incidents/", {"since": "2026-11-23T10:00:00Z"}).status_code == 200


@pytest.mark.parametrize("act", ["respond", "ask", "mitigate", "close"])
def test_an_act_takes_no_instant_without_an_offset(api, order, act):
    number = post(api, "", body(order), status=201)["id"]
    fields = {"channel": "phone", "duty": "change_control_access", "at": "2026-11-23T10:00:00"}
    before = Incident.objects.get(pk=number).version
    assert "at" in post(api, f"{number}/{act}/", fields, status=400)["fields"]
    assert Incident.objects.get(pk=number).version == before


def test_a_list_takes_as_many_queries_for_30_rows_as_for_1(api, order):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get("/api/v1/incidents/").status_code == 200
        return len(captured)

    factories.incident(order)
    one = count()
    for _number in range(29):
        factories.incident(order)
    assert count() == one


def test_charts_and_components_are_read_by_everybody(order):
    api = client_of(factories.user())
    charts = api.get("/api/v1/charts/").json()["results"]
    base = next(one for one in charts if one["code"] == "base")
    assert base["name"]["zh_hans"] == "基础包支持"
    assert [row["severity"] for row in base["rows"]] == ["1", "A", "B", "C"]
    assert api.get("/api/v1/charts/base/").json() == base
    assert api.get("/api/v1/charts/nothing/").status_code == 404
    found = api.get("/api/v1/components/", {"q": "虚拟机"}).json()["results"]
    assert {one["name"] for one in found} == {
        "Azure Virtual Machines",
        "Azure Virtual Machine Scale Sets",
    }
    found = api.get("/api/v1/components/", {"q": "AKS"}).json()["results"]
    assert [one["name"] for one in found] == ["Azure Kubernetes Service"]
    assert api.get("/api/v1/components/Azure Virtual Machines/").status_code == 200
