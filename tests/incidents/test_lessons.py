"""Series of incidents, actions in the success plan, and both in the API and on pages."""

from datetime import date, timedelta

import pytest
from rest_framework.test import APIClient

from incidents.actions.aftermath import add_follow_up, open_problem
from incidents.actions.analyses import request_analysis
from incidents.actions.emergencies import start_emergency
from incidents.actions.progress import close_incident
from incidents.models import FollowUp, SavedView
from incidents.rules.rca import check_series
from services.scheduling.models import SuccessActivity
from tests import factories
from tests.incidents.scenes import NOW, UER, agreement, code_of, hold, host_of
from tests.incidents.test_api import client_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
YES = {"signs_promptly": True, "pays_before_signature": True, "bears_risk": True}


@pytest.fixture
def series(order, csam):
    """Two incidents of one cause, an hour apart, and their problem."""
    first = factories.incident(order)
    last = factories.incident(order, now=NOW + HOUR)
    return open_problem(title="Driver", incidents=[first, last], by=csam, now=NOW + HOUR)


@pytest.fixture
def activity(order, csam):
    """An activity of the customer's success plan."""
    return plan_activity(order.customer, csam)


def plan_activity(customer, by, **fields):
    """An activity that isn't done."""
    values = {
        "customer": customer,
        "owner": "microsoft",
        "pillar_activity": "plan",
        "title": "Patch servers",
        "starts_on": date(2026, 11, 1),
        "due_on": date(2026, 12, 1),
        "created_at": NOW,
        "created_by": by,
    }
    return SuccessActivity.objects.create(**(values | fields))


def sent(api: APIClient, path: str, data=None, *, status=200):
    """The answer, after its status is checked."""
    answer = api.post(f"/api/v1/{path}", data or {}, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


# --- a series -------------------------------------------------------------------------------


@pytest.mark.clause("2.3-RE20", "2.4-AP23", "2.5-RD9")
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"track": "rede"}, "no_series"),
        ({"belongs": False}, "not_of_the_series"),
        ({"is_latest": False}, "not_the_latest"),
    ],
)
def test_a_series_is_that_of_a_problem_asked_for_at_its_latest_incident(facts, code):
    whole = {"track": "base", "belongs": True, "is_latest": True}
    check_series(**whole)
    check_series(**whole | {"track": "mcsap"})
    assert code_of(check_series, **whole | facts) == code


@pytest.mark.clause("2.3-RE20")
def test_a_series_is_analysed_while_its_latest_incident_is_open(series, csam):
    first, last = series.incidents.order_by("submitted_at")
    act = {"text": "", "problem": series, "by": csam}
    close_incident(incident=first, by=csam, now=NOW + HOUR)
    later = NOW + 2 * HOUR
    assert code_of(request_analysis, incident=first, **act, now=later) == "too_late"
    analysis = request_analysis(incident=last, **act, now=later)
    assert (analysis.problem, analysis.track) == (series, "base")


def test_the_dialog_offers_the_series_and_the_page_names_it(series, csam, sign_in, at):
    at(NOW + 2 * HOUR)
    last = series.incidents.order_by("submitted_at").last()
    client = sign_in(csam)
    page = f"/incidents/{last.pk}/"
    assert "This incident alone" in client.get(f"{page}analysis/").content.decode()
    answer = client.post(f"{page}analysis/", {"problem": series.pk, "requester": "customer"})
    assert answer.status_code == 302
    assert "Of the series" in client.get(page).content.decode()
    assert last.analyses.get().problem == series


# --- in the success plan --------------------------------------------------------------------


def test_an_action_is_tracked_under_an_activity_of_the_same_customers_plan(order, csam, activity):
    act = {"text": "Patch", "owner": "Tom", "by": csam, "now": NOW}
    incident = factories.incident(order)
    assert add_follow_up(**act, incident=incident, activity=activity).activity == activity
    strange = plan_activity(factories.customer(), csam)
    over = plan_activity(order.customer, csam, done_on=date(2026, 11, 2))
    for one, code in ((strange, "plan_of_another"), (over, "plan_row_over")):
        assert code_of(add_follow_up, **act, incident=incident, activity=one) == code


def test_the_page_offers_the_plan_and_links_to_it(order, csam, activity, sign_in, at):
    at(NOW)
    incident = factories.incident(order)
    client, page = sign_in(csam), f"/incidents/{incident.pk}/"
    data = {"text": "Patch", "owner": "Tom", "activity": activity.pk}
    assert client.post(f"{page}actions/", data).status_code == 302
    assert "In the success plan: Patch servers" in client.get(page).content.decode()


def test_a_location_contact_sees_actions_of_its_own_place_alone(order, csam, series):
    branch = factories.location(order.customer, name="Branch")
    order.order_locations.create(location=branch)
    act = {"text": "x", "owner": "y", "by": csam, "now": NOW}
    own = factories.incident(order, location=branch)
    mine = {
        add_follow_up(**act, incident=own),
        add_follow_up(
            **act,
            problem=open_problem(
                title="Ours", incidents=[own, *series.incidents.all()], by=csam, now=NOW
            ),
        ),
    }
    add_follow_up(**act, incident=series.incidents.first())
    add_follow_up(**act, problem=series)
    assert {*FollowUp.objects.visible_to(factories.location_contact(branch))} == mine
    assert not FollowUp.objects.visible_to(factories.csam()).exists()


# --- one more incident of a problem ---------------------------------------------------------


def test_an_incident_is_added_to_a_problem_on_its_page(order, csam, series, sign_in, at):
    at(NOW)
    third = factories.incident(order)
    client, page = sign_in(csam), f"/incidents/{third.pk}/"
    assert f"{page}problem/add/" in client.get(page).content.decode()
    assert client.post(f"{page}problem/add/", {"problem": series.pk}).status_code == 302
    assert f"{page}problem/add/" not in client.get(page).content.decode()
    assert client.post(f"{page}problem/add/", {"problem": series.pk}).status_code == 422
    assert series.incidents.count() == 3
    assert sign_in(factories.csam()).get(f"{page}problem/add/").status_code == 404
    customer = factories.customer_administrator(order.customer)
    assert sign_in(customer).get(f"{page}problem/add/").status_code == 404


# --- programs -------------------------------------------------------------------------------


def test_programs_work_on_problems_and_their_actions(order, csam, series, activity, at):
    at(NOW + HOUR)
    api, strange = client_of(csam), factories.incident()
    third, path = factories.incident(order), f"problems/{series.pk}/"
    assert third.pk in sent(api, f"{path}incidents/", {"incident": third.pk})["incidents"]
    sent(api, f"{path}incidents/", {"incident": strange.pk}, status=400)
    body = {"text": "Patch", "owner": "Tom", "activity": activity.pk}
    made = sent(api, f"{path}follow-ups/", body, status=201)
    assert (made["problem"], made["activity"]) == (series.pk, activity.pk)
    assert sent(api, f"follow-ups/{made['id']}/done/")["done_at"] is not None
    assert sent(api, f"follow-ups/{made['id']}/done/", status=409)["code"] == "already_recorded"
    assert len(api.get("/api/v1/follow-ups/").json()["results"]) == 1
    sent(client_of(factories.csam()), f"follow-ups/{made['id']}/done/", status=404)
    viewer = client_of(factories.viewer(order.customer))
    sent(viewer, f"{path}incidents/", {"incident": third.pk}, status=422)
    asked = sent(
        api,
        f"incidents/{series.incidents.order_by('submitted_at').last().pk}/analysis/",
        {"problem": series.pk},
    )
    assert asked["id"]


def test_programs_plan_a_review(at, order, csam):
    at(NOW + 2 * HOUR)
    held = agreement()
    hold(held, UER)
    incident = factories.incident(held, severity="1", location=host_of(held))
    close_incident(incident=incident, by=held.created_by, now=NOW + HOUR)
    api, path = client_of(held.created_by), f"incidents/{incident.pk}/review-plan/"
    told = sent(api, path, {"planned_on": "2026-12-01"})
    assert told["review"]["planned_on"] == "2026-12-01"
    sent(api, path, {"planned_on": "soon"}, status=400)
    other = factories.incident(order)
    none = sent(
        client_of(csam), f"incidents/{other.pk}/review-plan/", {"planned_on": None}, status=422
    )
    assert none["code"] == "no_review"


def test_programs_write_down_the_scope_of_an_early_start(order, csam, at):
    at(NOW)
    start = start_emergency(
        location=host_of(order), emergency="x", authorised_by="y", by=csam, now=NOW, **YES
    )
    path = f"emergency-starts/{start.pk}/scope/"
    assert sent(client_of(csam), path, {"scope": "Servers"})["scope"] == "Servers"
    person = factories.customer_administrator(order.customer)
    assert sent(client_of(person), path, {"scope": "All"}, status=422)["code"] == "not_allowed"
    sent(client_of(factories.csam()), path, {"scope": "All"}, status=404)


def test_programs_act_on_several_and_hear_of_each(order, csam, at):
    at(NOW)
    api = client_of(csam)
    one, closed = factories.incident(order), factories.incident(order)
    close_incident(incident=closed, by=csam, now=NOW)
    body = {"incidents": [one.pk, closed.pk], "act": "close", "text": "Fixed"}
    told = sent(api, "incidents/bulk/", body)
    assert [(row["incident"], row["done"], row["code"]) for row in told] == [
        (one.pk, True, ""),
        (closed.pk, False, "incident_closed"),
    ]
    strange = factories.incident()
    sent(api, "incidents/bulk/", {**body, "incidents": [strange.pk]}, status=400)
    sent(api, "incidents/bulk/", {**body, "incidents": []}, status=400)
    viewer = client_of(factories.viewer(order.customer))
    assert sent(viewer, "incidents/bulk/", body, status=422)["code"] == "not_allowed"


def test_programs_keep_views_of_their_own(order, csam, at):
    at(NOW)
    api = client_of(csam)
    view = sent(api, "incident-views/", {"name": "Late", "query": "state=late&x=1"}, status=201)
    assert view["query"] == "state=late"
    assert [row["name"] for row in api.get("/api/v1/incident-views/").json()["results"]] == ["Late"]
    other = client_of(factories.csam())
    assert other.delete(f"/api/v1/incident-views/{view['id']}/").status_code == 404
    assert api.delete(f"/api/v1/incident-views/{view['id']}/").status_code == 204
    assert not SavedView.objects.exists()
