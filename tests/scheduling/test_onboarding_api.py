"""Onboardings in the API."""

import pytest
from django.urls import reverse

from services.scheduling.models import ImprovementPlan, MonitoringScenario
from tests import factories
from tests.scheduling.plans import line_of, onboarded, plan, scenario

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def line():
    return line_of(onboarded())


@pytest.fixture
def staff(sign_in, line):
    return sign_in(line.order.created_by)


@pytest.fixture
def customer(sign_in, line):
    return sign_in(factories.customer_administrator(line.order.customer))


def post(client, view, *args, key="", **fields):
    headers = {"Idempotency-Key": key} if key else {}
    address = reverse(f"api:{view}", args=args)
    return client.post(address, fields, content_type="application/json", headers=headers)


def test_an_onboarding_is_told_and_completed_part_by_part(staff, line):
    address = reverse("api:onboarding-detail", args=[line.pk])
    told = staff.get(address).json()
    assert (told["gate_open"], told["scenarios_left"], told["plans_left"]) == (False, 7, 2)
    assert [part["part"] for part in told["parts"]] == ["intake", "material", "onboarding"]
    task = post(
        staff, "onboarding-task-list", line=line.pk, part="intake", title="Contacts",
        owner="customer",
    )  # fmt: skip
    assert task.status_code == 201
    early = post(staff, "onboarding-complete", line.pk, part="intake")
    assert (early.status_code, early.json()["code"]) == (422, "tasks_open")
    post(staff, "onboarding-task-done", task.json()["id"], note="sheet")
    done = post(staff, "onboarding-complete", line.pk, part="intake", at="2026-11-20T10:00+01:00")
    assert (done.json()["gate_open"], done.json()["intake_on_time"]) == (True, False)
    listed = staff.get(reverse("api:onboarding-task-list"), {"open": "true"}).json()
    assert listed["results"] == []


def test_the_onboardings_in_reach_are_listed(staff, sign_in, line):
    factories.line(factories.draft(line.order.customer, by=line.order.created_by))
    meetings = line_of(onboarded("unified-enhanced-response"))
    address = reverse("api:onboarding-list")
    (row,) = staff.get(address).json()["results"]
    assert (row["id"], row["order"], row["offering"]) == (
        line.pk, line.order_id, line.offering.code,
    )  # fmt: skip
    assert staff.get(reverse("api:onboarding-detail", args=[row["id"]])).status_code == 200
    theirs = sign_in(meetings.order.created_by).get(address).json()["results"]
    assert [one["id"] for one in theirs] == [meetings.pk]


@pytest.mark.clause("2.4-AP36")
def test_scenarios_are_told_to_customers_without_thresholds(staff, customer, line):
    late = {
        "line": line.pk, "name": "Checkout", "resources": "app", "watches": "capacity",
        "response": "Call", "agreed_by": "Harriet Shaw", "thresholds": "3 of 5",
    }  # fmt: skip
    refused = post(staff, "monitoring-scenario-list", **late)
    assert (refused.status_code, refused.json()["code"]) == (422, "after_onboarding")
    made = post(staff, "monitoring-scenario-list", **late, override_reason="New shop").json()
    assert (made["state"], made["thresholds"]) == ("defined", "3 of 5")
    for to in ("ready", "tested", "active"):
        step = post(staff, "monitoring-scenario-step", made["id"], to=to)
        assert step.json()["state"] == to
    trigger = post(
        staff, "monitoring-scenario-triggers", made["id"], at="2026-11-23T10:24+01:00", signal="S"
    )
    assert (trigger.json()["case_asked"], trigger.json()["signal"]) == (True, "S")
    address = reverse("api:monitoring-scenario-detail", args=[made["id"]])
    seen = customer.get(address).json()
    assert (seen["thresholds"], seen["triggers"][0]["signal"]) == (None, None)
    post(staff, "monitoring-scenario-thresholds", made["id"], thresholds="5 of 5")
    retired = post(staff, "monitoring-scenario-retire", made["id"], reason="Replaced").json()
    assert (retired["state"], retired["thresholds"]) == ("retired", "5 of 5")
    standing = staff.get(reverse("api:monitoring-scenario-list"), {"standing": "true"}).json()
    assert standing["results"] == []


def test_a_plan_is_asked_for_once_for_a_key(customer, staff, line):
    wish = {"line": line.pk, "title": "Failover", "focus": "cost", "wanted_from": "2026-12-07"}
    first = post(customer, "improvement-plan-list", key="k", **wish)
    again = post(customer, "improvement-plan-list", key="k", **wish)
    assert (first.status_code, again.json()) == (201, first.json())
    asked = ImprovementPlan.objects.get()
    day = post(staff, "improvement-plan-schedule", asked.pk, on="2026-11-23")
    assert day.json()["state"] == "scheduled"
    done = post(staff, "improvement-plan-deliver", asked.pk, on="2026-11-23", outcome="Done")
    assert done.json()["state"] == "delivered"
    post(staff, "improvement-plan-decline", plan(line).pk, reason="No")
    post(customer, "improvement-plan-withdraw", plan(line).pk)
    counting = staff.get(reverse("api:improvement-plan-list"), {"counting": "true"}).json()
    assert [one["id"] for one in counting["results"]] == [asked.pk]
    plan(line)
    third = post(customer, "improvement-plan-list", **wish)
    assert (third.status_code, third.json()["code"]) == (422, "sip_limit")
    assert third.json()["figures"]["first_day"] == "2027-11-23"


def test_strangers_find_nothing(sign_in, line):
    one, asked = scenario(line), plan(line)
    stranger = sign_in(factories.csam(factories.host().customer))
    for name, row in (
        ("onboarding-detail", line),
        ("monitoring-scenario-detail", one),
        ("improvement-plan-detail", asked),
    ):
        assert stranger.get(reverse(f"api:{name}", args=[row.pk])).status_code == 404
    unknown = post(
        stranger, "improvement-plan-list", line=line.pk, title="x", focus="cost",
        wanted_from="2026-12-07",
    )  # fmt: skip
    assert unknown.status_code == 400
    assert post(stranger, "onboarding-complete", line.pk, part="intake").status_code == 404
    assert MonitoringScenario.objects.get().ready_at is None


def test_a_line_without_an_onboarding_is_none(staff, line):
    other = line.order.lines.exclude(pk=line.pk).first()
    if other is not None:
        address = reverse("api:onboarding-detail", args=[other.pk])
        assert staff.get(address).status_code == 404
