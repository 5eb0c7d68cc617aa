"""Who sees which incidents: on pages, as files, in the API."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from incidents.actions.aftermath import add_follow_up, open_problem, open_review
from incidents.actions.analyses import request_analysis
from incidents.actions.conduct import pause_duty
from incidents.actions.misses import note_missed_response
from incidents.actions.progress import ask_customer
from incidents.models import Incident
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A customer with two places and an incident at each, and a stranger's."""
    order = factories.executed()
    customer = order.customer
    branch = factories.location(customer, name="Branch")
    order.order_locations.create(location=branch)
    head = order.order_locations.get(location__role="host").location
    return {
        "order": order,
        "head": head,
        "branch": branch,
        "at_head": factories.incident(order, location=head),
        "at_branch": factories.incident(order, location=branch),
        "strange": factories.incident(factories.executed()),
    }


def people(scene):
    """A person of each role, with the incidents that they see."""
    customer = scene["order"].customer
    both = {scene["at_head"], scene["at_branch"]}
    gone = factories.csam()
    factories.assignment(
        user=gone, customer=customer, ends_on=factories.NOW.date() - timedelta(days=400)
    )
    return {
        "csam": (factories.csam(customer), both),
        "former csam": (gone, set()),
        "lead": (factories.lead(customer.team), both),
        "administrator": (factories.customer_administrator(customer), both),
        "contact": (factories.location_contact(scene["branch"]), {scene["at_branch"]}),
        "viewer": (factories.viewer(customer), both),
        "catalogue": (factories.user(User.Role.CATALOGUE_ADMINISTRATOR), set()),
        "system": (factories.user(User.Role.SYSTEM_ADMINISTRATOR), set()),
    }


def test_each_role_sees_its_own(scene, sign_in, at):
    at(factories.NOW)
    for person, seen in people(scene).values():
        assert set(Incident.objects.visible_to(person)) == seen
        client = sign_in(person)
        page = client.get("/incidents/", {"state": "all"})
        assert {row.incident for row in page.context["rows"]} == seen
        lines = client.get("/incidents/export.csv", {"state": "all"}).content.decode()
        assert lines.count("INC-") == len(seen)
        for incident in Incident.objects.all():
            status = client.get(f"/incidents/{incident.pk}/").status_code
            assert status == (200 if incident in seen else 404)
        api = APIClient()
        api.force_authenticate(person)
        rows = api.get("/api/v1/incidents/").json()["results"]
        assert {row["id"] for row in rows} == {one.pk for one in seen}


ACTS = ("respond", "update", "severity", "ask", "mitigate", "close", "analyse")


@pytest.mark.parametrize("act", ACTS)
def test_strangers_reach_no_act(scene, sign_in, act):
    client = sign_in(scene["order"].created_by)
    url = reverse(f"incidents:incident-{act}", args=[scene["strange"].pk])
    assert client.get(url).status_code == client.post(url).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_viewers_reach_no_act(scene, sign_in, act):
    client = sign_in(factories.viewer(scene["order"].customer))
    url = reverse(f"incidents:incident-{act}", args=[scene["at_head"].pk])
    assert client.get(url).status_code == client.post(url).status_code == 404
    page = client.get(f"/incidents/{scene['at_head'].pk}/").content.decode()
    assert url not in page


@pytest.mark.parametrize("act", ["respond", "ask", "mitigate"])
def test_customers_do_not_act_for_microsoft(scene, sign_in, act):
    client = sign_in(factories.customer_administrator(scene["order"].customer))
    url = reverse(f"incidents:incident-{act}", args=[scene["at_head"].pk])
    assert client.post(url, {"channel": "phone"}).status_code == 404


def test_a_contact_opens_incidents_at_their_own_place_alone(scene, sign_in, at):
    at(factories.NOW)
    person = factories.location_contact(scene["branch"])
    client = sign_in(person)
    form = client.get("/incidents/new/").context["form"]
    assert list(form.fields["location"].queryset) == [scene["branch"]]
    data = {
        "customer": scene["order"].customer_id,
        "component": "Windows Server",
        "severity": "C",
        "channel": "portal",
        "title": "x",
        "impact": "x",
        "do": "open",
    }
    refused = client.post("/incidents/new/", {**data, "location": scene["head"].pk})
    assert (refused.status_code, "location" in refused.context["form"].errors) == (422, True)
    opened = client.post("/incidents/new/", {**data, "location": scene["branch"].pk})
    assert opened.status_code == 302
    assert Incident.objects.latest("pk").opened_by == person


@pytest.mark.parametrize("role", [User.Role.CUSTOMER_VIEWER, User.Role.SYSTEM_ADMINISTRATOR])
def test_the_form_is_for_those_who_may_open(role, sign_in, scene):
    person = (
        factories.viewer(scene["order"].customer)
        if role == User.Role.CUSTOMER_VIEWER
        else factories.user(role)
    )
    assert sign_in(person).get("/incidents/new/").status_code == 404


def test_a_stranger_opens_nothing_for_somebody_else(scene, sign_in):
    client = sign_in(factories.csam())
    answer = client.post(
        "/incidents/new/",
        {"customer": scene["order"].customer_id, "location": scene["head"].pk, "do": "open"},
    )
    assert answer.status_code == 422
    assert {"customer", "location"} <= set(answer.context["form"].errors)


def rows_of(incident, by):
    """A row of every model that hangs on an incident, by its model."""
    now, later = factories.NOW, factories.NOW + timedelta(days=2)
    said = {"by": by, "now": now, "text": ""}
    duty = incident.duties.exclude(minutes=None).first()
    ask_customer(incident=incident, duty=duty, **said)
    duty.refresh_from_db()
    pause_duty(incident=incident, duty=duty, reason="Link owed", by=by, now=now)
    analysis = request_analysis(incident=incident, **said)
    follow_up = add_follow_up(incident=incident, text="Patch", owner="Tom", by=by, now=now)
    problem = open_problem(
        title="x", incidents=[incident, factories.incident(incident.order)], by=by, now=now
    )
    note_missed_response(incident, until=incident.due_at + timedelta(days=1), now=later)
    step = incident.step_downs.create(
        kind="lose_24x7", at=now, by=by, reason="x", chart_code="base"
    )
    review = open_review(incident, participants=("csam",), clauses=("2.5-UE8",), now=now)
    return [
        incident, incident.updates.first(), incident.assignments.create(role="csam"), duty,
        duty.pauses.get(), analysis, analysis.material.first(), follow_up, problem, step,
        incident.missed_targets.first(), review,
    ]  # fmt: skip


def test_whatever_hangs_on_an_incident_is_seen_by_those_who_see_it(scene):
    csam = scene["order"].created_by
    rows = rows_of(scene["at_head"], csam)
    strangers = (
        factories.csam(),
        factories.location_contact(scene["branch"]),
        factories.user(User.Role.SYSTEM_ADMINISTRATOR),
    )
    for row in rows:
        seen = type(row).objects.visible_to
        assert row in seen(csam), row
        assert row in seen(factories.viewer(scene["order"].customer)), row
        assert [person for person in strangers if row in seen(person)] == [], row


READ = (
    "rootcauseanalysis", "incidentreview", "problem", "followup", "eventsummary",
    "emergencystart", "engineertime",
)  # fmt: skip


def test_in_the_administration_they_are_read_by_those_who_see_them(scene, sign_in):
    rows = rows_of(scene["at_head"], scene["order"].created_by)
    root = sign_in(User.objects.create_superuser("root@example.com", name="Root"))
    other = sign_in(factories.user(User.Role.SYSTEM_ADMINISTRATOR))
    for name in READ:
        listing = reverse(f"admin:incidents_{name}_changelist")
        assert root.get(listing).status_code == 200, name
        assert other.get(listing).status_code in {302, 403}, name
    for row in rows:
        name = row._meta.model_name
        if name in READ:
            page = root.get(reverse(f"admin:incidents_{name}_change", args=[row.pk]))
            assert page.status_code == 200
            assert b'name="_save"' not in page.content
