"""Success plans: written by the account manager, read by the customer, evidence from both."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import (
    DutyEvidence,
    SuccessAction,
    SuccessActivity,
    SuccessObjective,
)
from services.scheduling.queries.success import success_plan
from tests import factories
from tests.scheduling.forms import text_of
from workorders.models import Deadline

pytestmark = pytest.mark.django_db
NOW = factories.NOW
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def customer():
    return factories.season().customer


@pytest.fixture
def csam(customer):
    return factories.csam(customer)


def refused(act, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(**fields)
    return caught.value


def objective(customer, by, **fields):
    values = {
        "title": "No unplanned stop", "measure": "0 stops", "due_on": date(2027, 3, 31),
        "owner": "customer",
    }  # fmt: skip
    return actions.add_objective(customer=customer, by=by, now=NOW, **{**values, **fields})


def activity(customer, by, **fields):
    values = {
        "pillar_activity": "proactive-security", "title": "Findings closed",
        "starts_on": date(2026, 11, 1), "due_on": date(2026, 12, 31), "owner": "csam",
    }  # fmt: skip
    return actions.plan_activity(customer=customer, by=by, now=NOW, **{**values, **fields})


def delivered(customer):
    order = customer.work_orders.get()
    booking = factories.booking(factories.holding(order))
    ends = booking.ends_at
    return actions.deliver_booking(booking=booking, by=order.created_by, now=ends)


def page(customer) -> str:
    return reverse("scheduling:customer-success", args=[customer.pk])


def act(name, row) -> str:
    return reverse("scheduling:success-act", args=[name, row.pk])


@pytest.mark.clause("B-S2", "B-S10")
def test_deliveries_colour_the_month_in_which_they_took_place(customer, csam):
    goal = objective(customer, csam)
    one = activity(customer, csam, objective=goal)
    booking = delivered(customer)
    actions.link_deliveries(activity=one, bookings=[booking], by=csam, now=NOW)
    plan = success_plan(customer, viewer=csam, now=datetime(2027, 1, 5, tzinfo=UTC))
    heat = {
        row.code: heat.counts[plan.months.index(date(2026, 12, 1))]
        for pillar in plan.pillars
        for row, heat in pillar.rows
    }
    assert {code: count for code, count in heat.items() if count} == {"proactive-security": 1}
    assert (len(heat), len(plan.months), plan.unlinked) == (10, 12, 0)
    assert [(row.status, row.activities[0].status) for row in plan.objectives] == [
        ("under_way", "late")
    ]
    actions.link_deliveries(activity=one, bookings=[], by=csam, now=NOW)
    later = success_plan(customer, viewer=csam, now=datetime(2027, 1, 5, tzinfo=UTC))
    assert later.unlinked == 1


def test_a_location_contact_sees_no_delivery_elsewhere(customer, csam):
    one = activity(customer, csam)
    actions.link_deliveries(activity=one, bookings=[delivered(customer)], by=csam, now=NOW)
    elsewhere = factories.location_contact(factories.location(customer))
    plan = success_plan(customer, viewer=elsewhere, now=NOW)
    assert [row.bookings for row in plan.activities] == [()]


def test_a_cancelled_or_foreign_booking_is_for_no_activity(customer, csam):
    one = activity(customer, csam)
    order = customer.work_orders.get()
    booking = factories.booking(factories.holding(order))
    gone = actions.cancel_booking(
        booking=booking, party="customer", reason="Moved", by=order.created_by, now=NOW
    )
    assert (
        refused(actions.link_deliveries, activity=one, bookings=[gone], by=csam, now=NOW).code
        == "already_cancelled"
    )
    other = factories.season(factories.host().customer)
    foreign = factories.booking(factories.holding(other))
    with pytest.raises(ValueError, match="another customer"):
        actions.link_deliveries(activity=one, bookings=[foreign], by=csam, now=NOW)


def test_an_activity_is_done_when_its_actions_are(customer, csam):
    one = activity(customer, csam)
    step = actions.add_action(
        activity=one, title="Send the list", due_on=TODAY, owner="customer", by=csam, now=NOW
    )
    finish = {"activity": one, "on": TODAY, "outcome": "All closed", "by": csam, "now": NOW}
    still = refused(actions.finish_activity, **finish)
    assert (still.code, still.figures) == ("actions_open", {"count": 1})
    theirs = factories.customer_administrator(customer)
    done = actions.finish_action(action=step, by=theirs, now=NOW)
    assert done.done_on == TODAY
    assert refused(actions.finish_action, action=step, by=theirs, now=NOW).code == (
        "already_recorded"
    )
    assert actions.finish_activity(**finish).done_on == TODAY
    assert refused(actions.finish_activity, **finish).code == "plan_row_over"
    assert (
        refused(actions.drop_from_plan, row=one, reason="No", by=csam, now=NOW).code
        == "plan_row_over"
    )


def test_customers_finish_their_own_actions_alone(customer, csam):
    step = actions.add_action(
        activity=activity(customer, csam), title="Plan", due_on=TODAY, owner="csam", by=csam,
        now=NOW,
    )  # fmt: skip
    theirs = factories.customer_administrator(customer)
    assert refused(actions.finish_action, action=step, by=theirs, now=NOW).code == "not_allowed"
    assert refused(objective, customer=customer, by=theirs).code == "not_allowed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"due_on": date(2026, 10, 31)}, "ends_before_start"),
        ({"pillar_activity": "golf"}, "no_such_activity"),
        ({"title": " "}, "reason_required"),
    ],
)
def test_a_wrong_activity_is_refused(customer, csam, fields, code):
    assert refused(activity, customer=customer, by=csam, **fields).code == code
    assert not SuccessActivity.objects.exists()


def test_an_objective_is_achieved_or_dropped_once(customer, csam):
    goal = objective(customer, csam)
    ahead = date(2026, 11, 24)
    reach = {"objective": goal, "result": "0 stops", "by": csam, "now": NOW}
    assert refused(actions.achieve_objective, on=ahead, **reach).code == "in_the_future"
    assert actions.achieve_objective(on=TODAY, **reach).achieved_on == TODAY
    assert refused(activity, customer=customer, by=csam, objective=goal).code == "plan_row_over"
    other = objective(customer, csam, title="Other")
    dropped = actions.drop_from_plan(row=other, reason="Sold the plant", by=csam, now=NOW)
    assert dropped.dropped_reason == "Sold the plant"
    with pytest.raises(ValueError, match="another customer"):
        activity(factories.customer(), csam, objective=goal)


@pytest.mark.clause("2.8-C1", "2.8-C4")
def test_the_latest_evidence_of_a_duty_counts_and_contacts_show_theirs(customer, csam):
    theirs = factories.customer_administrator(customer)
    for day, words in ((date(2026, 11, 2), "First test"), (date(2026, 11, 20), "Second test")):
        actions.record_evidence(
            customer=customer, clause="2.8-C14", evidence=words, on=day, owner="customer",
            by=theirs, now=NOW,
        )  # fmt: skip
    duties = {row.code: row for row in success_plan(customer, viewer=csam, now=NOW).duties}
    assert duties["2.8-C14"].latest.evidence == "Second test"
    shown = {code for code, row in duties.items() if row.is_shown}
    assert shown == {"2.8-C2", "2.8-C4", "2.8-C14"}
    wrong = {"customer": customer, "evidence": "x", "owner": "customer", "by": theirs, "now": NOW}
    assert refused(actions.record_evidence, clause="2.8-C1", on=TODAY, **wrong).code == (
        "no_such_responsibility"
    )
    ahead = date(2026, 11, 24)
    assert refused(actions.record_evidence, clause="2.8-C14", on=ahead, **wrong).code == (
        "in_the_future"
    )


def test_a_plan_is_written_on_its_page(sign_in, customer, csam):
    client = sign_in(csam)
    assert "No objective yet" in text_of(client.get(page(customer)))
    goal = {"title": "No stop", "measure": "0", "due_on": "2027-03-31", "owner": "customer"}
    answer = client.post(act("objective", customer), {**goal, "key": "a"})
    assert answer["Location"] == page(customer)
    typed = {
        "pillar_activity": "proactive-security", "title": "Findings closed", "owner": "csam",
        "starts_on": "2026-11-01", "due_on": "2026-12-31", "objective": "",
    }  # fmt: skip
    client.post(act("activity", customer), {**typed, "key": "b"})
    one = SuccessActivity.objects.get()
    booking = delivered(customer)
    client.post(act("link", one), {"bookings": [booking.pk], "key": "c"})
    step = {"title": "Send the list", "due_on": "2026-11-01", "owner": "customer"}
    client.post(act("action", one), {**step, "key": "d"})
    seen = text_of(client.get(page(customer)))
    for words in ("No stop", "Without an objective", "late since 1 Nov 2026", "Under way"):
        assert words in seen
    early = client.post(act("done", one), {"on": "2026-11-23", "outcome": "x", "key": "e"})
    assert early.status_code == 422
    assert "Open actions: 1." in text_of(early)
    client.post(act("action-done", SuccessAction.objects.get()), {"key": "f"})
    client.post(act("done", one), {"on": "2026-11-23", "outcome": "All closed", "key": "g"})
    aim = SuccessObjective.objects.get()
    client.post(act("achieved", aim), {"on": "2026-11-23", "result": "0 stops", "key": "h"})
    assert "All closed" in text_of(client.get(page(customer)))
    wrong = client.post(act("activity", customer), {**typed, "pillar_activity": "golf"})
    assert wrong.status_code == 422


def test_the_customer_reads_the_plan_and_records_evidence(sign_in, customer, csam):
    goal = objective(customer, csam)
    theirs = sign_in(factories.customer_administrator(customer, language="zh-hans"))
    seen = text_of(theirs.get(page(customer)))
    assert "成功计划" in seen
    assert "主动安全" in seen
    assert page(customer) in theirs.get("/").content.decode()
    form = theirs.get(act("evidence", customer) + "?clause=2.8-C14")
    assert 'value="2.8-C14"' in form.content.decode()
    typed = {"clause": "2.8-C14", "evidence": "恢复测试", "on": "2026-11-20", "owner_name": "何嘉"}
    theirs.post(act("evidence", customer), {**typed, "key": "k"})
    assert DutyEvidence.objects.get().owner_name == "何嘉"
    assert theirs.get(act("achieved", goal)).status_code == 404


@pytest.mark.parametrize("clause", ["../../etc/passwd", "<script>", "2.8-C1"])
def test_evidence_of_no_duty_is_refused(clause, sign_in, customer, csam):
    client = sign_in(csam)
    assert client.get(act("evidence", customer), {"clause": clause}).status_code == 200
    fields = {"evidence": "Report", "on": "2026-11-20", "owner_name": "Jana", "key": "k"}
    assert client.post(act("evidence", customer), {**fields, "clause": clause}).status_code == 422
    assert not DutyEvidence.objects.exists()


def test_viewers_look_and_strangers_find_nothing(sign_in, customer, csam):
    goal, one = objective(customer, csam), activity(customer, csam)
    viewer = sign_in(factories.viewer(customer))
    assert viewer.get(page(customer)).status_code == 200
    assert viewer.get(act("evidence", customer)).status_code == 404
    person = factories.csam(factories.host().customer)
    for model in (SuccessObjective, SuccessActivity):
        assert not model.objects.visible_to(person).exists()
    stranger = sign_in(person)
    for address in (page(customer), act("achieved", goal), act("done", one), act("x", goal)):
        assert stranger.get(address).status_code == 404


def test_the_page_costs_the_same_queries_for_many_rows(
    customer, csam, django_assert_max_num_queries
):
    def read():
        with django_assert_max_num_queries(25) as seen:
            success_plan(customer, viewer=csam, now=NOW)
        return len(seen)

    def fill():
        goal = objective(customer, csam)
        one = activity(customer, csam, objective=goal)
        actions.add_action(activity=one, title="Step", due_on=TODAY, owner="csam", by=csam, now=NOW)
        return one

    first = fill()
    actions.link_deliveries(activity=first, bookings=[delivered(customer)], by=csam, now=NOW)
    few = read()
    for _n in range(10):
        fill()
    assert read() == few


def test_the_api_tells_the_plan_and_takes_evidence(sign_in, customer, csam):
    one = activity(customer, csam, objective=objective(customer, csam))
    actions.link_deliveries(activity=one, bookings=[delivered(customer)], by=csam, now=NOW)
    theirs = sign_in(factories.customer_administrator(customer))
    address = reverse("api:success-plan-detail", args=[customer.pk])
    told = theirs.get(address).json()
    assert [row["status"] for row in told["objectives"]] == ["under_way"]
    assert told["objectives"][0]["activities"][0]["bookings"] == [one.bookings.get().pk]
    assert (len(told["heat"]), len(told["months"]), len(told["duties"])) == (10, 12, 19)
    evidence = reverse("api:success-plan-evidence", args=[customer.pk])
    body = {"clause": "2.8-C14", "evidence": "Restore test", "on": "2026-11-20"}
    for _twice in range(2):
        made = theirs.post(
            evidence, body, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        assert made.status_code == 201
    assert DutyEvidence.objects.count() == 1
    stranger = sign_in(factories.csam(factories.host().customer))
    assert stranger.get(address).status_code == 404
    assert stranger.post(evidence, body, content_type="application/json").status_code == 404


def deadline_of(one) -> Deadline:
    return Deadline.objects.get(subject_key=f"activity:{one.pk}")


@pytest.mark.clause("B-S10")
def test_an_activity_is_due_on_its_last_day_until_it_is_done_or_dropped(customer, csam):
    one, other = activity(customer, csam), activity(customer, csam)
    due = deadline_of(one)
    assert (due.due_on, due.owner, due.kind) == (date(2026, 12, 31), "csam", "success_activity")
    actions.finish_activity(activity=one, on=TODAY, outcome="Closed", by=csam, now=NOW)
    actions.drop_from_plan(row=other, reason="Sold the plant", by=csam, now=NOW)
    assert deadline_of(one).met_at == NOW
    assert deadline_of(other).superseded_at == NOW


def test_the_api_writes_a_plan(customer, csam):
    api = APIClient()
    api.force_authenticate(csam)

    def post(path, data, status=200):
        answer = api.post(f"/api/v1/{path}", data, format="json")
        assert answer.status_code == status, answer.content
        return answer.json()

    goal = {"customer": customer.pk, "title": "No stop", "measure": "0", "due_on": "2027-03-31",
            "owner": "customer"}  # fmt: skip
    made = post("success-objectives/", goal, 201)
    plan = {"customer": customer.pk, "objective": made["id"], "title": "Closed one by one",
            "pillar_activity": "proactive-security", "starts_on": "2026-11-01",
            "due_on": "2026-12-31", "owner": "csam"}  # fmt: skip
    one = post("success-activities/", plan, 201)
    step = {"activity": one["id"], "title": "Name owners", "due_on": "2026-12-01", "owner": "csam"}
    row = post("success-actions/", step, 201)
    path = f"success-activities/{one['id']}"
    done = {"on": "2026-11-23", "outcome": "All closed"}
    assert post(f"{path}/done/", done, 422)["code"] == "actions_open"
    assert post(f"success-actions/{row['id']}/done/", {})["done_on"] == "2026-11-23"
    booking = delivered(customer)
    post(f"{path}/deliveries/", {"bookings": [booking.pk]})
    assert list(SuccessActivity.objects.get().bookings.all()) == [booking]
    assert post(f"{path}/done/", done)["done_on"] == "2026-11-23"
    achieved = {"on": "2026-11-23", "result": "0 stops"}
    assert post(f"success-objectives/{made['id']}/achieve/", achieved)["result"] == "0 stops"
    assert post(f"success-objectives/{made['id']}/drop/", {"reason": "x"}, 422)
    stranger = factories.csam(factories.customer())
    api.force_authenticate(stranger)
    for given, data in (("success-objectives/", goal), ("success-activities/", plan),
                        ("success-actions/", step)):  # fmt: skip
        post(given, data, 400)
        assert api.get(f"/api/v1/{given}").json()["results"] == []
    post(f"{path}/deliveries/", {"bookings": []}, 404)
