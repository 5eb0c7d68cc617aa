"""The onboarding tab and its acts, as people of each side see them."""

import re
from datetime import date

import pytest
from django.urls import reverse

from services.scheduling import actions
from services.scheduling.models import ImprovementPlan, MonitoringScenario, OnboardingTask
from tests import factories
from tests.scheduling.forms import text_of
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
def client(sign_in, line):
    return sign_in(line.order.created_by)


@pytest.fixture
def customer(sign_in, line):
    return sign_in(factories.customer_administrator(line.order.customer))


def tab(line) -> str:
    return reverse("scheduling:order-onboarding", args=[line.order_id])


def act(name, row) -> str:
    return reverse("scheduling:onboarding-act", args=[name, row.pk])


def without_token(answer) -> str:
    """A page without what differs from one to the next."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode()).strip()


def ask(line, owner="customer"):
    return actions.ask_task(
        line=line, part="intake", title="Contacts", owner=owner, by=line.order.created_by, now=NOW
    )


def test_an_order_without_an_onboarding_has_no_such_tab(sign_in):
    order = factories.executed()
    client = sign_in(order.created_by)
    address = reverse("scheduling:order-onboarding", args=[order.pk])
    assert (
        address
        not in client.get(reverse("workorders:order-detail", args=[order.pk])).content.decode()
    )
    assert "Nothing to onboard" in text_of(client.get(address))


def test_the_tab_is_on_the_page_of_an_order_that_is_onboarded(client, line):
    page = client.get(reverse("workorders:order-detail", args=[line.order_id])).content.decode()
    assert tab(line) in page
    fragment = client.get(tab(line), headers={"HX-Request": "true"})
    assert without_token(fragment) in without_token(client.get(tab(line)))


def test_before_the_intake_the_features_are_closed_and_then_open(client, line):
    assert "Reactive features closed" in text_of(client.get(tab(line)))
    answer = client.post(act("intake", line), {"at": "2026-11-20T10:00", "key": "k"})
    assert answer["Location"] == tab(line)
    page = text_of(client.get(tab(line)))
    assert "Reactive features open" in page
    assert "delays the features but doesn't forfeit them" in page


def test_an_open_task_keeps_the_intake_from_being_complete(client, line):
    ask(line)
    answer = client.post(act("intake", line), {"at": "2026-11-20T10:00", "key": "k"})
    assert answer.status_code == 422
    assert "Open tasks: 1." in text_of(answer)


def test_tasks_are_added_done_and_dropped(client, customer, line):
    client.post(act("begin", line))
    assert OnboardingTask.objects.filter(line=line).count() == 9
    again = client.post(act("begin", line), headers={"HX-Request": "true"})
    assert again.status_code == 409
    client.post(
        act("task", line), {"part": "onboarding", "title": "Diagram", "owner": "csam", "key": "t"}
    )
    ours = OnboardingTask.objects.get(title="Diagram")
    theirs = OnboardingTask.objects.filter(owner="customer").first()
    customer.post(act("done", theirs), {"note": "sheet.xlsx", "key": "d"})
    theirs.refresh_from_db()
    assert theirs.note == "sheet.xlsx"
    assert customer.post(act("done", ours), {"key": "e"}).status_code == 422
    swapped = client.post(act("drop", ours), {"key": "f"}, headers={"HX-Request": "true"})
    assert "Diagram" not in swapped.content.decode()
    assert "The task is off the list." in swapped.content.decode()


def test_a_scenario_goes_through_its_steps_by_buttons(client, line):
    typed = {
        "name": "Checkout", "resources": "app", "watches": "capacity", "response": "Call",
        "agreed_by": "Harriet Shaw", "thresholds": "3 of 5",
    }  # fmt: skip
    late = client.post(act("scenario", line), {**typed, "key": "a"})
    assert late.status_code == 422
    assert "With both sides' agreement staff may add it" in text_of(late)
    client.post(act("scenario", line), {**typed, "override_reason": "New shop", "key": "b"})
    one = MonitoringScenario.objects.get()
    for to in ("ready", "tested", "active"):
        answer = client.post(act(to, one), headers={"HX-Request": "true"})
        assert answer.status_code == 200
    client.post(act("trigger", one), {"at": "2026-11-23T10:24", "signal": "Probe", "key": "c"})
    page = text_of(client.get(tab(line)))
    assert "Accepted by" in page
    assert "New shop" in page
    assert "answered round the clock · customer asked to open a case" in page
    client.post(act("case", one.triggers.get()), {"case_number": "2611", "key": "d"})
    client.post(act("thresholds", one), {"thresholds": "5 of 5", "key": "e"})
    assert "5 of 5" in text_of(client.get(tab(line)))
    client.post(act("retire", one), {"reason": "Replaced", "key": "f"})
    assert "1 retired scenario" in text_of(client.get(tab(line)))


@pytest.mark.clause("2.4-AP36")
def test_the_customer_sees_scenarios_without_thresholds_and_signals(customer, line):
    one = scenario(line)
    actions.record_trigger(
        scenario=one, at=NOW, signal="Probe failures", by=line.order.created_by, now=NOW
    )
    page = customer.get(tab(line)).content.decode()
    assert one.name in page
    assert one.thresholds not in page
    assert "Probe failures" not in page
    assert customer.get(act("thresholds", one)).status_code == 404


def test_the_customer_asks_for_a_plan_and_staff_answer(client, customer, line):
    form = customer.get(act("plan", line)).content.decode()
    assert 'value="2026-11-23"' in form
    typed = {
        "title": "Rehearse failover",
        "focus": "resiliency",
        "wanted_from": "2026-12-07",
        "key": "p",
    }
    customer.post(act("plan", line), typed)
    customer.post(act("plan", line), typed)  # the same key again
    asked = ImprovementPlan.objects.get()
    client.post(act("plan-day", asked), {"on": "2026-12-08", "key": "q"})
    client.post(act("plan-decline", plan(line, title="Second")), {"reason": "Later", "key": "r"})
    page = text_of(client.get(tab(line)))
    assert "8 Dec 2026" in page
    assert "Declined" in page
    customer.post(act("plan-withdraw", asked), {"key": "s"})
    asked.refresh_from_db()
    assert asked.withdrawn_at == NOW


def test_a_third_plan_is_refused_with_the_day_of_the_next(customer, line):
    plan(line), plan(line)
    typed = {"title": "Third", "focus": "cost", "wanted_from": "2026-12-07", "key": "p"}
    answer = customer.post(act("plan", line), typed)
    assert answer.status_code == 422
    assert "the next from Tue 23 Nov 2027" in text_of(answer)
    assert "The next can be asked for from Tue 23 Nov 2027" in text_of(customer.get(tab(line)))


def test_viewers_look_and_strangers_find_nothing(sign_in, line):
    viewer = sign_in(factories.viewer(line.order.customer))
    assert viewer.get(tab(line)).status_code == 200
    assert viewer.get(act("plan", line)).status_code == 404
    stranger = sign_in(factories.csam())
    one = scenario(line)
    for address in (tab(line), act("task", line), act("retire", one), act("nothing", line)):
        assert stranger.get(address).status_code == 404
    assert stranger.post(act("ready", one)).status_code == 404


def test_wrong_input_is_told_beside_its_field(client, line):
    answer = client.post(
        act("task", line), {"part": "material", "title": "", "owner": "csam", "key": "x"}
    )
    assert answer.status_code == 422
    mcsap = line_of(onboarded("mcsap"))
    by = mcsap.order.created_by
    assert by.manages_agreements
    assert client.get(act("ready", scenario(line))).status_code == 404
    assert (
        client.post(
            act("plan", line), {"title": "x", "focus": "?", "wanted_from": "soon"}
        ).status_code
        == 422
    )


def test_the_tab_is_chinese_for_chinese_readers(sign_in, line):
    scenario(line)
    person = factories.csam(line.order.customer, language="zh-hans")
    page = text_of(sign_in(person).get(tab(line)))
    assert "监控方案" in page
    assert "服务改进计划" in page
    assert date(2026, 10, 30).strftime("%Y年") in page
