"""What is learnt afterwards: reviews, event summaries, problems; their pages and programs."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from incidents.actions.aftermath import (
    add_follow_up,
    add_to_problem,
    close_event_summary,
    finish_follow_up,
    hold_review,
    open_event_summaries,
    open_problem,
    plan_review,
    solve_problem,
)
from incidents.actions.emergencies import start_emergency
from incidents.actions.progress import close_incident
from incidents.models import EmergencyStart, EventSummary, FollowUp, IncidentReview, Problem
from tests import factories
from tests.incidents.scenes import NOW, UER, YES, agreement, code_of, event, hold, host_of
from tests.incidents.test_api import client_of, post

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SAID = {"attendees": "All", "went_well": "Calls", "to_improve": "Logs"}


# --- reviews --------------------------------------------------------------------------------


@pytest.fixture
def reviewed():
    """A severity 1 under UER, closed."""
    order = agreement()
    hold(order, UER)
    incident = factories.incident(order, severity="1", location=host_of(order))
    close_incident(incident=incident, by=order.created_by, now=NOW + HOUR)
    return incident


@pytest.mark.clause("2.5-UE8", "2.5-UE9")
def test_a_severity_1_under_uer_leaves_a_review_with_a_day_of_its_own(reviewed):
    review = IncidentReview.objects.get(incident=reviewed)
    by = reviewed.opened_by
    assert (review.planned_on, review.participants) == (
        None,
        ["account_team", "csam", "customer", "incident_management_team"],
    )
    assert plan_review(review=review, planned_on=date(2026, 12, 1), by=by).planned_on
    act = {"review": review, "held_on": NOW.date(), "by": by, "now": NOW + HOUR}
    assert code_of(hold_review, **act, **{**SAID, "to_improve": ""}) == "outcome_required"
    held = hold_review(**act, **SAID)
    assert (held.held_on, held.held_by) == (NOW.date(), by)
    assert code_of(hold_review, **act, **SAID) == "already_recorded"
    assert code_of(plan_review, review=review, planned_on=None, by=by) == "already_recorded"


def test_those_concerned_find_the_review_in_the_list_of_their_reviews(reviewed, sign_in):
    review = IncidentReview.objects.get(incident=reviewed)
    page = reverse("customer-reviews", args=[reviewed.customer_id])
    customer = sign_in(factories.customer_administrator(reviewed.customer))
    assert page in customer.get("/").content.decode()
    assert "To be held" in customer.get(page).content.decode()
    held = {"review": review, "held_on": NOW.date(), "by": reviewed.opened_by, "now": NOW + HOUR}
    hold_review(**held, **SAID)
    here = sign_in(factories.location_contact(reviewed.location))
    for client in (customer, here, sign_in(reviewed.opened_by)):
        shown = client.get(page).content.decode()
        assert SAID["to_improve"] in shown
        assert reverse("incidents:incident-detail", args=[reviewed.pk]) in shown
    elsewhere = sign_in(factories.location_contact(factories.location(reviewed.customer)))
    assert SAID["to_improve"] not in elsewhere.get(page).content.decode()


def test_other_incidents_leave_none(order, csam):
    incident = factories.incident(order, severity="1")
    close_incident(incident=incident, by=csam, now=NOW)
    assert not IncidentReview.objects.exists()


def test_the_table_keeps_no_review_without_its_outcome(reviewed):
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentReview.objects.update(held_on=NOW.date())


# --- Azure events ---------------------------------------------------------------------------


@pytest.mark.clause("A-AE9")
def test_after_an_event_every_incident_of_its_window_is_closed_before_the_summary():
    order = agreement()
    event(order, date(2026, 11, 22), date(2026, 11, 25))
    by = order.created_by
    inside = factories.incident(order, location=host_of(order))
    factories.incident(order, location=host_of(order), now=NOW + 3 * DAY)
    assert open_event_summaries(now=NOW) == 0
    assert open_event_summaries(now=NOW + 3 * DAY) == 1
    assert open_event_summaries(now=NOW + 3 * DAY) == 0
    summary = EventSummary.objects.get()
    act = {"summary": summary, "text": "All well", "by": by, "now": NOW + 3 * DAY}
    assert code_of(close_event_summary, **act) == "incidents_open"
    close_incident(incident=inside, by=by, now=NOW + 3 * DAY)
    assert close_event_summary(**act).closed_at == NOW + 3 * DAY
    assert code_of(close_event_summary, **act) == "already_recorded"
    with pytest.raises(IntegrityError), transaction.atomic():
        EventSummary.objects.update(text="")


# --- problems -------------------------------------------------------------------------------


@pytest.mark.clause("2.4-AP22")
def test_recurring_incidents_are_grouped_solved_and_leave_actions(order, csam):
    one, two, three = (factories.incident(order) for _number in range(3))
    strange = factories.incident()
    act = {"title": "Driver", "by": csam, "now": NOW}
    assert code_of(open_problem, **act, incidents=[one, one]) == "problem_needs_two"
    assert code_of(open_problem, **act, incidents=[one, strange]) == "one_customer"
    problem = open_problem(**act, incidents=[one, two])
    assert code_of(add_to_problem, problem=problem, incident=strange, by=csam) == "one_customer"
    add_to_problem(problem=problem, incident=three, by=csam)
    assert problem.incidents.count() == 3
    task = add_follow_up(text="Patch", owner="Tom", problem=problem, by=csam, now=NOW)
    assert finish_follow_up(follow_up=task, by=csam, now=NOW).done_at == NOW
    assert code_of(finish_follow_up, follow_up=task, by=csam, now=NOW) == "already_recorded"
    solve_problem(problem=problem, cause="Driver 2.1", by=csam, now=NOW)
    again = {"problem": problem, "by": csam}
    assert code_of(solve_problem, **again, cause="x", now=NOW) == "problem_solved"
    assert code_of(add_to_problem, **again, incident=three) == "problem_solved"


def test_an_action_lies_ahead_and_follows_from_one_thing(order, csam):
    incident = factories.incident(order)
    act = {"text": "x", "owner": "y", "by": csam, "now": NOW}
    past = NOW.date() - DAY
    assert code_of(add_follow_up, **act, incident=incident, due_on=past) == "in_the_past"
    with pytest.raises(ValueError, match="one incident or one problem"):
        add_follow_up(**act)
    values = {"customer": order.customer, "text": "x", "owner": "y", "created_by": csam}
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(created_at=NOW, **values)
    problem = {"customer": order.customer, "opened_by": csam, "opened_at": NOW}
    for fields in ({"title": ""}, {"title": "x", "solved_at": NOW - DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Problem.objects.create(**problem, **fields)


def test_a_location_contact_sees_problems_of_its_own_place(order, csam):
    branch = factories.location(order.customer, name="Branch")
    order.order_locations.create(location=branch)
    at_head = [factories.incident(order) for _number in range(2)]
    mixed = [at_head[0], factories.incident(order, location=branch)]
    act = {"by": csam, "now": NOW}
    open_problem(title="Head", incidents=at_head, **act)
    shared = open_problem(title="Shared", incidents=mixed, **act)
    contact = factories.location_contact(branch)
    assert list(Problem.objects.visible_to(contact)) == [shared]
    assert Problem.objects.visible_to(factories.csam()).count() == 0


# --- pages ----------------------------------------------------------------------------------


def test_lists_are_useful_when_they_are_empty(client):
    for path in ("problems", "events", "emergencies", "history"):
        answer = client.get(f"/incidents/{path}/")
        assert answer.status_code == 200
        assert "p-empty" in answer.content.decode() or path == "history"


def test_pages_lead_from_an_incident_to_a_problem_and_its_solution(order, csam, client):
    one, two = factories.incident(order), factories.incident(order)
    base = f"/incidents/{one.pk}"
    assert client.post(f"{base}/problem/", {"title": "Driver"}).status_code == 422
    done = client.post(f"{base}/problem/", {"title": "Driver", "others": [two.pk]})
    assert done.status_code == 302
    problem = Problem.objects.get()
    path = f"/incidents/problems/{problem.pk}"
    assert "Driver" in client.get("/incidents/problems/").content.decode()
    assert client.post(f"{path}/actions/", {"text": "Patch", "owner": "Tom"}).status_code == 302
    task = problem.follow_ups.get()
    assert client.post(f"{path}/actions/{task.pk}/done/").status_code == 302
    assert client.post(f"{path}/solve/", {"cause": "Driver 2.1"}).status_code == 302
    page = client.get(f"{path}/").content.decode()
    assert "Driver 2.1" in page
    assert "Driver" in client.get(f"{base}/").content.decode()


def test_pages_of_reviews_and_actions(reviewed, sign_in, at):
    at(NOW + 2 * HOUR)
    client = sign_in(reviewed.opened_by)
    base = f"/incidents/{reviewed.pk}"
    assert "To be held; the text names no date" in client.get(f"{base}/").content.decode()
    assert client.post(f"{base}/review/plan/", {"planned_on": "2026-12-01"}).status_code == 302
    body = {"held_on": "2026-11-23", **SAID}
    assert client.post(f"{base}/review/", body).status_code == 302
    assert client.post(f"{base}/actions/", {"text": "Fix", "owner": "Tom"}).status_code == 302
    task = reviewed.follow_ups.get()
    assert client.post(f"{base}/actions/{task.pk}/done/").status_code == 302
    page = client.get(f"{base}/").content.decode()
    assert "What went well" in page
    assert "Calls" in page


def test_pages_of_an_event(sign_in, at):
    order = agreement()
    event(order, date(2026, 11, 22), date(2026, 11, 25))
    open_event_summaries(now=NOW + 3 * DAY)
    summary = EventSummary.objects.get()
    at(NOW + 4 * DAY)
    client = sign_in(order.created_by)
    assert client.get("/incidents/events/").content.decode().count("To be given") == 1
    path = f"/incidents/events/{summary.pk}"
    assert "Nothing was opened in the window." in client.get(f"{path}/").content.decode()
    assert client.post(f"{path}/close/", {"text": "All well"}).status_code == 302
    assert "All well" in client.get(f"{path}/").content.decode()


def test_pages_of_an_emergency(order, csam, client):
    body = {"location": host_of(order).pk, "emergency": "Ransom", "authorised_by": "Jana"}
    assert client.post("/incidents/emergencies/new/", body).status_code == 422
    all_of = dict.fromkeys(YES, "on")
    assert client.post("/incidents/emergencies/new/", {**body, **all_of}).status_code == 302
    start = EmergencyStart.objects.get()
    path = f"/incidents/emergencies/{start.pk}"
    assert client.post(f"{path}/scope/", {"scope": "Servers"}).status_code == 302
    assert "isn't executed yet" in client.get(f"{path}/").content.decode()
    assert client.post(f"{path}/contract/", {"signed_on": "2026-11-23"}).status_code == 302
    assert "Executed" in client.get("/incidents/emergencies/").content.decode()


def test_strangers_find_no_page(order, csam, sign_in, at, reviewed):
    at(NOW)
    problem = open_problem(
        title="x", incidents=[factories.incident(order) for _n in "ab"], by=csam, now=NOW
    )
    start = start_emergency(
        location=host_of(order), emergency="x", authorised_by="y", by=csam, now=NOW, **YES
    )
    booking = event(reviewed.order, date(2026, 11, 1), date(2026, 11, 2))
    open_event_summaries(now=NOW)
    summary = EventSummary.objects.get(booking=booking)
    client = sign_in(factories.csam())
    for path in (
        f"problems/{problem.pk}",
        f"problems/{problem.pk}/solve",
        f"emergencies/{start.pk}",
        f"emergencies/{start.pk}/contract",
        f"events/{summary.pk}",
        f"events/{summary.pk}/close",
        f"{reviewed.pk}/review",
    ):
        assert client.get(f"/incidents/{path}/").status_code == 404
    rows = client.get("/incidents/problems/").context["rows"]
    assert rows == []


# --- programs -------------------------------------------------------------------------------


def test_programs_group_solve_review_and_look_back(order, csam, at, reviewed):
    at(NOW + 2 * HOUR)
    api = client_of(csam)
    ids = [factories.incident(order).pk for _number in range(2)]
    answer = api.post("/api/v1/problems/", {"title": "Driver", "incidents": ids}, format="json")
    assert (answer.status_code, answer.json()["incidents"]) == (201, ids)
    number = answer.json()["id"]
    solved = api.post(f"/api/v1/problems/{number}/solve/", {"cause": "2.1"}, format="json")
    assert solved.json()["solved_at"] is not None
    told = post(api, f"{ids[0]}/follow-ups/", {"text": "Patch", "owner": "Tom"})
    assert [one["text"] for one in told["follow_ups"]] == ["Patch"]
    body = {"held_on": "2026-11-23", **SAID}
    assert post(api, f"{ids[0]}/review/", body, status=422)["code"] == "no_review"
    mine = client_of(reviewed.opened_by)
    assert post(mine, f"{reviewed.pk}/review/", body)["review"]["held_on"] == "2026-11-23"
    query = {
        "customer": order.customer_id,
        "since": "2026-11-01T00:00:00Z",
        "until": "2026-12-01T00:00:00Z",
    }
    assert api.get("/api/v1/incidents/history/", query).json()["total"] == 2
    assert api.get("/api/v1/incidents/history/", {**query, "since": "x"}).status_code == 400


def test_programs_authorise_an_emergency_and_close_a_summary(order, csam, at):
    at(NOW)
    api = client_of(csam)
    body = {"location": host_of(order).pk, "emergency": "Ransom", "authorised_by": "Jana"}
    refused = api.post("/api/v1/emergency-starts/", body, format="json")
    assert refused.json()["code"] == "acknowledgement_required"
    made = api.post("/api/v1/emergency-starts/", {**body, **YES}, format="json")
    assert made.status_code == 201
    path = f"/api/v1/emergency-starts/{made.json()['id']}/contract/"
    assert api.post(path, {"signed_on": "2026-11-23"}, format="json").status_code == 200
    booking = event(agreement(), date(2026, 11, 1), date(2026, 11, 2))
    open_event_summaries(now=NOW)
    summary = EventSummary.objects.get(booking=booking)
    mine = client_of(booking.order.created_by)
    path = f"/api/v1/event-summaries/{summary.pk}/close/"
    assert mine.post(path, {"text": "Well"}, format="json").json()["closed_at"] is not None
    assert api.post(path, {"text": "Well"}, format="json").status_code == 404
