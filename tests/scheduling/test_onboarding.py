"""Onboarding as it is acted on: tasks, parts and the gate, scenarios, triggers, improvement plans."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import (
    ImprovementPlan,
    MonitoringScenario,
    MonitorTrigger,
    OnboardingTask,
)
from services.scheduling.queries.onboarding import (
    line_of as line_seen,
)
from services.scheduling.queries.onboarding import (
    onboarding_plan,
    plan_state,
    state_of_scenario,
)
from tests import factories
from tests.scheduling.plans import LAST_DAY, STARTS, line_of, onboarded, plan, scenario
from workorders.models import Deadline, Override
from workorders.queries.programmes import programmes_of

pytestmark = pytest.mark.django_db
NOW = factories.NOW
Kind, Part = Deadline.Kind, OnboardingTask.Part
berlin = factories.berlin_moment
FIRST = berlin(STARTS)


@pytest.fixture
def line():
    return line_of(onboarded())


@pytest.fixture
def csam(line):
    return line.order.created_by


def refused(act, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(**fields)
    return caught.value


def ask(line, part=Part.INTAKE, owner="customer", **fields):
    values = {"title": "Contacts", "by": line.order.created_by, "now": FIRST}
    return actions.ask_task(line=line, part=part, owner=owner, **{**values, **fields})


def due(line, kind):
    return Deadline.objects.current().get(subject_key=f"line:{line.pk}", kind=kind)


# --- tasks and parts ------------------------------------------------------------------------


@pytest.mark.clause("2.4-AP10", "2.4-AP11")
def test_the_intake_is_complete_when_its_tasks_are_and_then_opens_the_gate(line, csam):
    task = ask(line)
    open_yet = refused(actions.complete_part, line=line, part=Part.INTAKE, by=csam, now=FIRST)
    assert (open_yet.code, open_yet.clauses) == ("tasks_open", ("2.4-AP10",))
    customer = factories.customer_administrator(line.order.customer)
    actions.complete_task(task=task, by=customer, now=FIRST, note="Contacts.xlsx")
    actions.complete_part(line=line, part=Part.INTAKE, by=csam, now=FIRST)
    line.refresh_from_db()
    assert line.intake_completed_at == FIRST
    assert due(line, Kind.MCSAP_INTAKE).met_at == FIRST
    gates = {
        at: [one.gate_open for one in programmes_of(line.order.customer, location=None, instant=at)]
        for at in (FIRST - timedelta(seconds=1), FIRST)
    }
    assert list(gates.values()) == [[False], [True]]


def test_a_dropped_task_keeps_nothing_open(line, csam):
    task = ask(line)
    actions.drop_task(task=task, by=csam, now=FIRST)
    actions.complete_part(line=line, part=Part.INTAKE, by=csam, now=FIRST, at=FIRST)
    again = refused(actions.complete_part, line=line, part=Part.INTAKE, by=csam, now=FIRST)
    assert again.code == "already_recorded"
    assert refused(actions.drop_task, task=task, by=csam, now=FIRST).code == "already_recorded"


@pytest.mark.clause("2.4-AP38", "2.4-AP13")
def test_material_and_onboarding_meet_their_own_dates_once(line, csam):
    for part, kind in (
        (Part.MATERIAL, Kind.MCSAP_MATERIAL),
        (Part.ONBOARDING, Kind.MCSAP_ONBOARDING),
    ):
        actions.complete_part(line=line, part=part, by=csam, now=FIRST)
        assert due(line, kind).met_at == FIRST
        again = refused(actions.complete_part, line=line, part=part, by=csam, now=FIRST)
        assert again.code == "already_recorded"
    assert refused(ask, line=line, part=Part.MATERIAL).code == "part_complete"


@pytest.mark.clause("2.4-AP8")
def test_mcsap_without_plus_has_no_material():
    line = line_of(onboarded("mcsap"))
    assert refused(ask, line=line, part=Part.MATERIAL).code == "no_such_part"


@pytest.mark.clause("2.5-UE15")
def test_uer_has_an_onboarding_alone_with_its_own_clause():
    line = line_of(onboarded("unified-enhanced-response"))
    ask(line, Part.ONBOARDING)
    by = line.order.created_by
    still = refused(actions.complete_part, line=line, part=Part.ONBOARDING, by=by, now=FIRST)
    assert still.clauses == ("2.5-UE15",)


def test_customers_do_their_own_tasks_alone(line):
    customer = factories.customer_administrator(line.order.customer)
    theirs, ours = ask(line), ask(line, owner="csam")
    assert refused(actions.complete_task, task=ours, by=customer, now=FIRST).code == "not_allowed"
    viewer = factories.viewer(line.order.customer)
    assert refused(actions.complete_task, task=theirs, by=viewer, now=FIRST).code == "not_allowed"
    actions.complete_task(task=theirs, by=customer, now=FIRST)
    assert refused(actions.complete_task, task=theirs, by=customer, now=FIRST).code == (
        "already_recorded"
    )
    assert refused(ask, line=line, by=customer).code == "not_allowed"


def test_the_usual_tasks_are_listed_once_on_an_empty_list(line, csam):
    tasks = [(Part.INTAKE, "customer", "Contacts"), (Part.ONBOARDING, "csam", "Kick-off")]
    made = actions.begin_onboarding(line=line, tasks=tasks, by=csam, now=FIRST)
    assert [task.title for task in made] == ["Contacts", "Kick-off"]
    again = refused(actions.begin_onboarding, line=line, tasks=tasks, by=csam, now=FIRST)
    assert again.code == "already_recorded"


def test_an_order_that_is_over_takes_no_tasks(line):
    after = berlin(date(2027, 9, 1))
    assert refused(ask, line=line, now=after).code == "order_ended"


# --- scenarios ------------------------------------------------------------------------------


@pytest.mark.clause("2.4-AP35", "2.4-AP37", "0-C3")
def test_scenarios_are_defined_up_to_the_end_of_day_60_at_the_host(line):
    assert scenario(line).slot == 1
    late = refused(scenario, line=line, now=berlin(LAST_DAY + timedelta(days=1), 0, 0))
    assert (late.code, late.overridable, late.figures["last_day"]) == (
        "after_onboarding", True, LAST_DAY,
    )  # fmt: skip


@pytest.mark.clause("2.4-AP37", "0-C17")
def test_a_late_scenario_needs_a_written_reason_that_is_kept(line, csam):
    late = scenario(line, now=NOW, override_reason="  Launched in November ")
    kept = Override.objects.get(subject_key=f"scenario:{late.pk}")
    assert (kept.code, kept.reason, kept.by) == ("after_onboarding", "Launched in November", csam)
    assert kept.clauses == ["2.4-AP37", "0-C17"]


@pytest.mark.clause("2.4-AP35", "0-C17")
@pytest.mark.parametrize(
    ("fields", "code"),
    [({"agreed_by": " "}, "not_agreed"), ({"name": ""}, "reason_required")],
)
def test_a_reason_overrides_nothing_else(line, fields, code):
    assert refused(scenario, line=line, now=NOW, override_reason="Because", **fields).code == code
    assert not MonitoringScenario.objects.exists()


@pytest.mark.clause("2.4-AP35")
def test_the_eighth_waits_until_one_is_retired(line, csam):
    made = [scenario(line, name=f"Scenario {n}") for n in range(7)]
    full = refused(scenario, line=line, now=NOW, override_reason="Because")
    assert (full.code, full.figures) == ("scenario_limit", {"allowed": 7})
    actions.retire_scenario(scenario=made[2], reason="Replaced", by=csam, now=FIRST)
    assert scenario(line, name="Eighth").slot == 3


@pytest.mark.clause("2.4-AP8", "2.4-AP33")
def test_monitoring_belongs_to_plus():
    assert refused(scenario, line=line_of(onboarded("mcsap"))).code == "plus_only"
    uer = line_of(onboarded("unified-enhanced-response"))
    assert refused(scenario, line=uer).code == "not_mcsap"


def test_two_scenarios_never_have_one_number(line):
    first = scenario(line)
    twin = MonitoringScenario.objects.get(pk=first.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


@pytest.mark.clause("2.4-AP39", "2.4-AP40")
def test_the_monitors_are_ready_when_the_last_one_is(line, csam):
    one, other = scenario(line), scenario(line, name="Search")
    actions.advance_scenario(scenario=one, to="ready", by=csam, now=NOW)
    assert due(line, Kind.MCSAP_MONITORS).met_at is None
    actions.advance_scenario(scenario=other, to="ready", by=csam, now=NOW)
    assert due(line, Kind.MCSAP_MONITORS).met_at == NOW


@pytest.mark.clause("2.4-AP40")
def test_the_customer_is_told_that_a_monitor_is_active(line, csam):
    administrator = factories.customer_administrator(line.order.customer, language="zh-hans")
    one = scenario(line)
    skipped = refused(actions.advance_scenario, scenario=one, to="active", by=csam, now=NOW)
    assert skipped.code == "monitor_not_tested"
    for to in ("ready", "tested", "active"):
        one = actions.advance_scenario(scenario=one, to=to, by=csam, now=NOW)
    assert state_of_scenario(one) == "active"
    told = Message.objects.get(subject_key=f"scenario:{one.pk}:monitor_active", channel="email")
    assert told.recipient == administrator
    assert "Checkout" in told.subject
    assert one.thresholds not in told.text + told.html


def active(line):
    one = scenario(line)
    for to, hour in (("ready", 9), ("tested", 10), ("active", 11)):
        one = actions.advance_scenario(
            scenario=one, to=to, by=line.order.created_by, now=berlin(date(2026, 11, 20), hour)
        )
    return one


@pytest.mark.clause("2.4-AP40", "2.4-AP41")
def test_a_trigger_is_judged_as_the_monitor_stood_at_its_moment(line, csam):
    administrator = factories.customer_administrator(line.order.customer)
    one = active(line)
    early = actions.record_trigger(
        scenario=one, at=berlin(date(2026, 11, 20), 10, 30), by=csam, now=NOW
    )
    assert (early.responded, early.case_asked) == (False, False)
    with_case = actions.record_trigger(scenario=one, at=NOW, case_number="123", by=csam, now=NOW)
    assert (with_case.responded, with_case.case_asked) == (True, False)
    without = actions.record_trigger(scenario=one, at=NOW, by=csam, now=NOW, signal="secret")
    assert (without.responded, without.case_asked) == (True, True)
    told = Message.objects.get(subject_key=f"trigger:{without.pk}:monitor_case", channel="email")
    assert told.recipient == administrator
    assert "secret" not in told.text + told.html
    assert Message.objects.filter(subject_key__startswith="trigger:").count() == 2
    named = actions.name_case(trigger=without, case_number="456", by=csam, now=NOW)
    assert named.case_number == "456"
    twice = refused(actions.name_case, trigger=without, case_number="7", by=csam, now=NOW)
    assert twice.code == "already_recorded"


def test_a_trigger_lies_neither_ahead_nor_after_the_end_of_its_scenario(line, csam):
    one = active(line)
    ahead = NOW + timedelta(minutes=1)
    assert refused(actions.record_trigger, scenario=one, at=ahead, by=csam, now=NOW).code == (
        "in_the_future"
    )
    actions.retire_scenario(scenario=one, reason="Over", by=csam, now=NOW)
    for act in (
        lambda: actions.record_trigger(scenario=one, at=NOW, by=csam, now=NOW),
        lambda: actions.retire_scenario(scenario=one, reason="Over", by=csam, now=NOW),
        lambda: actions.change_thresholds(scenario=one, thresholds="", by=csam, now=NOW),
        lambda: actions.advance_scenario(scenario=one, to="ready", by=csam, now=NOW),
    ):
        assert refused(act).code == "monitor_retired"


@pytest.mark.clause("2.4-AP36")
def test_thresholds_are_for_staff_alone(line, csam):
    one = actions.change_thresholds(scenario=scenario(line), thresholds="5 of 5", by=csam, now=NOW)
    assert one.thresholds == "5 of 5"
    customer = factories.customer_administrator(line.order.customer)
    seen = {
        person: onboarding_plan(line.order, viewer=person, now=NOW).lines[0].shows_thresholds
        for person in (csam, customer)
    }
    assert seen == {csam: True, customer: False}


# --- improvement plans ----------------------------------------------------------------------


@pytest.mark.clause("2.4-AP29", "2.4-AP12")
def test_two_plans_in_any_twelve_months_and_the_next_day_is_a_date(line):
    order = line.order
    plan(line), plan(line, title="Second")
    third = refused(plan, line=line, title="Third")
    assert (third.code, third.figures["first_day"]) == ("sip_limit", date(2027, 11, 23))
    assert not Deadline.objects.open().filter(kind=Kind.SIP_WINDOW).exists()  # after the order
    seen = onboarding_plan(order, viewer=order.created_by, now=NOW).lines[0].window
    assert (seen.left, seen.next_on.result) == (0, date(2027, 11, 23))


@pytest.mark.clause("2.4-AP29")
def test_the_day_of_the_next_plan_is_kept_within_a_longer_order_and_goes_with_a_withdrawal():
    line = line_of(onboarded("mcsap", ends_on=date(2028, 8, 31)))
    first, _second = plan(line), plan(line)
    kept = Deadline.objects.open().get(kind=Kind.SIP_WINDOW)
    assert (kept.due_on, kept.clauses) == (date(2027, 11, 23), ["2.4-AP29"])
    actions.withdraw_plan(plan=first, by=line.order.created_by, now=NOW)
    assert not Deadline.objects.open().filter(kind=Kind.SIP_WINDOW).exists()
    assert plan_state(plan(line, title="Third")) == "requested"


@pytest.mark.clause("2.4-AP29")
def test_declined_plans_dont_count_and_say_why(line, csam):
    asked = plan(line)
    assert refused(actions.decline_plan, plan=asked, reason=" ", by=csam, now=NOW).code == (
        "reason_required"
    )
    declined = actions.decline_plan(plan=asked, reason="Part of the last one", by=csam, now=NOW)
    assert plan_state(declined) == "declined"
    plan(line), plan(line)
    over = refused(actions.schedule_plan, plan=declined, on=date(2026, 12, 7), by=csam, now=NOW)
    assert over.code == "plan_over"


@pytest.mark.clause("2.4-AP29")
def test_plans_count_over_all_orders_of_the_customer(line):
    plan(line), plan(line)
    customer = line.order.customer
    other = line_of(onboarded("mcsap", of=customer, starts_on=date(2026, 9, 2)))
    assert refused(plan, line=other).code == "sip_limit"


@pytest.mark.clause("2.4-AP12", "0-C3")
def test_a_plan_begins_after_the_onboarding_days_and_within_the_order(line, csam):
    early = berlin(date(2026, 9, 10))
    day60 = refused(plan, line=line, wanted_from=LAST_DAY, now=early)
    assert (day60.code, day60.figures["first_day"]) == (
        "onboarding_period", LAST_DAY + timedelta(days=1),
    )  # fmt: skip
    asked = plan(line, wanted_from=LAST_DAY + timedelta(days=1), now=early)
    for day, code in (
        (LAST_DAY, "onboarding_period"),
        (date(2027, 9, 1), "order_ended"),
        (date(2026, 11, 22), "in_the_past"),
    ):
        assert refused(actions.schedule_plan, plan=asked, on=day, by=csam, now=NOW).code == code


def test_a_plan_is_scheduled_and_delivered_and_everybody_is_told(line, csam):
    asked = plan(line)
    not_yet = refused(
        actions.deliver_plan, plan=asked, on=NOW.date(), outcome="Done", by=csam, now=NOW
    )
    assert not_yet.code == "plan_not_scheduled"
    actions.schedule_plan(plan=asked, on=date(2026, 12, 7), by=csam, now=NOW)
    later = datetime(2026, 12, 9, 9, tzinfo=UTC)
    for day, code in (
        (date(2026, 12, 10), "in_the_future"),
        (date(2026, 12, 6), "before_it_begins"),
    ):
        act = {"plan": asked, "on": day, "outcome": "Done", "by": csam, "now": later}
        assert refused(actions.deliver_plan, **act).code == code
    done = actions.deliver_plan(
        plan=asked, on=date(2026, 12, 9), outcome="Failover in 11 minutes", by=csam, now=later
    )
    assert plan_state(done) == "delivered"
    assert refused(actions.withdraw_plan, plan=done, by=csam, now=later).code == "plan_over"
    told = Message.objects.filter(subject_key__startswith="plan:", channel="email")
    assert {message.subject_key.split(":")[2] for message in told} == {
        "requested", "scheduled", "delivered",
    }  # fmt: skip


@pytest.mark.clause("2.4-AP46")
def test_without_base_support_no_plan_is_asked_for():
    base = factories.executed(
        factories.draft(starts_on=STARTS, ends_on=date(2026, 10, 31)), now=berlin(STARTS)
    )
    order = onboarded("mcsap", of=base.customer, base_price_minor=0, now=berlin(date(2026, 9, 2)))
    assert refused(plan, line=line_of(order)).code == "base_required"


def test_before_the_term_no_plan_is_asked_for(line):
    assert refused(plan, line=line, now=berlin(date(2026, 8, 31))).code == "order_not_begun"
    viewer = factories.viewer(line.order.customer)
    assert refused(plan, line=line, by=viewer).code == "not_allowed"


# --- whom it is for -------------------------------------------------------------------------


def test_a_stranger_sees_nothing_of_it(line, csam):
    scenario(line), ask(line), plan(line)
    actions.record_trigger(scenario=active(line), at=NOW, by=csam, now=NOW)
    stranger = factories.customer_administrator(factories.host().customer)
    for model in (OnboardingTask, MonitoringScenario, MonitorTrigger, ImprovementPlan):
        assert model.objects.visible_to(csam).exists()
        assert not model.objects.visible_to(stranger).exists()
    assert line_seen(csam, line.pk) == line
    assert line_seen(stranger, line.pk) is None


def test_the_plan_costs_the_same_queries_for_many_rows(line, csam, django_assert_max_num_queries):
    def read():
        with django_assert_max_num_queries(20) as seen:
            onboarding_plan(line.order, viewer=csam, now=NOW)
        return len(seen)

    scenario(line), ask(line)
    few = read()
    for n in range(6):
        scenario(line, name=f"Scenario {n}")
        ask(line, title=f"Task {n}")
    assert read() == few


@pytest.mark.clause("2.5-UE20")
def test_uer_has_a_meeting_each_quarter_on_the_tab(sign_in):
    line = line_of(onboarded("unified-enhanced-response"))
    seen = onboarding_plan(line.order, viewer=line.order.created_by, now=NOW).lines[0]
    assert [due.due_on for due, _meeting in seen.meetings] == [
        date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 31), date(2027, 8, 31),
    ]  # fmt: skip
    page = sign_in(line.order.created_by).get(f"/schedule/orders/{line.order_id}/onboarding/")
    assert "Quarterly meetings with the team" in page.content.decode()
