"""What is learnt afterwards: reviews, event summaries, problems, emergency starts, history."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.rules.refusal import Refused
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
from incidents.actions.emergencies import agree_scope, record_contract, start_emergency
from incidents.actions.progress import (
    ask_customer,
    close_incident,
    meet_duty,
    record_first_response,
)
from incidents.actions.queue import save_view
from incidents.models import (
    EmergencyStart,
    EventSummary,
    FollowUp,
    Incident,
    IncidentReview,
    Problem,
    SavedView,
)
from incidents.queries.history import history_of
from tests import factories
from tests.incidents.scenes import NOW, UER, agreement, event, hold, host_of
from tests.incidents.test_api import client_of, post

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SAID = {"attendees": "All", "went_well": "Calls", "to_improve": "Logs"}


def code_of(act, **fields) -> str:
    """The code of the refusal."""
    with pytest.raises(Refused) as refused:
        act(**fields)
    return refused.value.code


@pytest.fixture
def order():
    """The base package over 2026."""
    return factories.executed()


@pytest.fixture
def csam(order):
    """The account manager."""
    return order.created_by


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


# --- emergency starts -----------------------------------------------------------------------

YES = {"signs_promptly": True, "pays_before_signature": True, "bears_risk": True}


@pytest.mark.clause("2.4-IR2", "2.4-IR3", "2.4-IR4", "2.4-IR5")
def test_an_emergency_starts_on_the_customers_word_with_all_consequences_on_record(order, csam):
    person = factories.customer_administrator(order.customer)
    act = {
        "location": host_of(order),
        "emergency": "Ransom note on file servers",
        "authorised_by": person.name,
        "by": person,
        "now": NOW,
    }
    for missing in YES:
        fields = {**act, **YES, missing: False}
        assert code_of(start_emergency, **fields) == "acknowledgement_required"
    start = start_emergency(**act, **YES, idempotency_key="k")
    assert start_emergency(**act, **YES, idempotency_key="k") == start
    assert (start.order, start.authorised_at) == (order, NOW)
    assert agree_scope(start=start, scope="File servers", by=csam).scope == "File servers"
    sign = {"start": start, "by": csam, "now": NOW + 9 * DAY}
    assert code_of(record_contract, **sign, signed_on=date(2027, 1, 1)) == "in_the_future"
    assert code_of(record_contract, **sign, signed_on=date(2026, 11, 1)) == "contract_signed"
    assert record_contract(**sign, signed_on=date(2026, 11, 30)).signed_on == date(2026, 11, 30)
    assert code_of(record_contract, **sign, signed_on=date(2026, 11, 30)) == "already_recorded"
    for fields in ({"bears_risk": False}, {"authorised_by": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EmergencyStart.objects.update(**fields)


@pytest.mark.clause("2.4-IR2")
def test_without_an_agreement_or_with_mscir_bought_there_is_no_early_start(csam):
    act = {"emergency": "x", "authorised_by": "y", "by": csam, "now": NOW, **YES}
    assert code_of(start_emergency, location=factories.host(), **act) == "base_required"
    bought = agreement()
    hold(bought, "mscir")
    assert code_of(start_emergency, location=host_of(bought), **act) == "contract_signed"


# --- history --------------------------------------------------------------------------------


def looked_back(order, by, now=NOW + 9 * DAY):
    """The history of November."""
    return history_of(
        Incident.objects.visible_to(by),
        order.customer,
        since=NOW - DAY,
        until=NOW + DAY,
        now=now,
    )


def test_history_counts_volume_response_and_duties(order, csam):
    met, late = factories.incident(order), factories.incident(order)
    factories.incident(order, severity="A", component="SQL Server")
    factories.incident(order, now=NOW + 2 * DAY)
    record_first_response(incident=met, channel="phone", by=csam, now=NOW + 20 * MINUTE)
    record_first_response(incident=late, channel="phone", by=csam, now=late.due_at + MINUTE)
    duty = met.duties.get(code="change_control_access")
    ask_customer(incident=met, duty=duty, text="", by=csam, now=NOW + HOUR)
    meet_duty(incident=met, duty=duty, by=csam, now=NOW + 2 * HOUR)
    history = looked_back(order, csam)
    assert history.total == 3
    row = next(one for one in history.severities if one.severity == "B")
    assert (row.opened, row.response.met, row.response.missed, row.median_minutes) == (2, 1, 1, 20)
    assert (history.response.met, history.response.missed, history.response.percent) == (1, 2, 33)
    assert [(one.label, one.total) for one in history.products] == [
        ("Windows Server", 2),
        ("SQL Server", 1),
    ]
    assert (history.duty.met, history.duty.percent) == (1, 100)


def test_history_says_nothing_of_what_is_open(order, csam):
    factories.incident(order)
    history = looked_back(order, csam, now=NOW)
    assert (history.response.pending, history.response.percent) == (1, None)


def test_history_costs_the_same_for_one_and_for_thirty(order, csam):
    factories.incident(order)
    costs = []
    for more in (0, 29):
        for _number in range(more):
            factories.incident(order)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            looked_back(order, csam)
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- pages ----------------------------------------------------------------------------------


@pytest.fixture
def client(order, csam, sign_in, at):
    """The CSAM, an hour later."""
    at(NOW + HOUR)
    return sign_in(csam)


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


# --- the queue ------------------------------------------------------------------------------


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


def test_the_history_page_and_its_file_tell_the_same(order, csam, client):
    incident = factories.incident(order)
    record_first_response(incident=incident, channel="phone", by=csam, now=NOW + MINUTE)
    page = client.get("/incidents/history/")
    assert page.context["history"].total == 1
    answer = client.get("/incidents/history/", {"format": "csv"})
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row for row in rows if row[:2] == ["Severity", "B"]] == [
        ["Severity", "B", "1", "1", "0", "0", "1"]
    ]
    wrong = client.get(
        "/incidents/history/",
        {"customer": order.customer_id, "since": "2026-11-23", "until": "2026-11-01"},
    )
    assert wrong.context["history"] is None


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
