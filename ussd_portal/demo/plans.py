"""Play onboardings: tasks, monitoring scenarios with their triggers, improvement plans."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import translation

from accounts.models import User
from services.scheduling import actions
from services.scheduling.models import MonitoringScenario, OnboardingTask
from services.scheduling.queries.onboarding import (
    is_mcsap,
    is_uer,
    onboarded_lines,
    parts_of,
)
from services.scheduling.wording.plans import usual_tasks
from ussd_portal.demo import script
from ussd_portal.demo.portfolio import Stage
from ussd_portal.demo.shapes import Org
from workorders.models import Deadline, WorkOrderLine

Part = OnboardingTask.Part


@dataclass(frozen=True)
class Scenario:
    """A monitoring scenario; times are days from today, None: not reached yet."""

    name: str
    resources: str
    watches: str
    response: str
    thresholds: str
    defined: int
    ready: int | None = None
    tested: int | None = None
    active: int | None = None
    retired: int | None = None
    late: str = ""


@dataclass(frozen=True)
class Plan:
    """An improvement plan; days from today."""

    title: str
    focus: str
    requested: int
    starts: int | None = None
    delivered: int | None = None
    outcome: str = ""


SCENARIOS = {
    "Northwind Retail": (
        Scenario("Checkout", "app-checkout-weu, sql-orders-weu", "availability",
                 "Call the web operations lead; prepare failover to North Europe",
                 "Failed probes in 3 of 5 minutes", -70, -48, -40, -38),
        Scenario("Product search", "search-catalog-weu", "performance",
                 "Scale out the search service", "95th percentile above 900 ms for 10 minutes",
                 -68, -47, -41, -38),
        Scenario("Stock synchronisation", "sb-stock-weu, func-stock-weu", "capacity",
                 "Pause the nightly import", "Queue older than 15 minutes", -66, -30, -12),
        Scenario("Store network", "er-leeds-01, vpn-stores", "connectivity",
                 "Tell the network desk", "", -61, -20),
        Scenario("Old web shop", "vm-shop-legacy", "availability", "Tell web operations", "",
                 -60, retired=-33),
        Scenario("Gift cards", "func-giftcards-weu", "availability",
                 "Switch the gift-card page off", "", -9,
                 late="Launched after the onboarding; agreed with Harriet Shaw on the call"),
    ),
}  # fmt: skip
PLANS = {
    "Northwind Retail": (
        Plan("Failover of the checkout rehearsed", "resiliency", -22, -14, -8,
             "Failover takes 11 minutes now; two runbooks rewritten."),
        Plan("Cost of the test environments", "cost", -3),
    ),
    "Fabrikam Health": (
        Plan("Claims database without single point of failure", "resiliency", -250, -230, -215,
             "Zone-redundant since May; the read-only incident can't happen that way again."),
        Plan("Latency of the portal in the evening", "performance", -40, 6),
    ),
}  # fmt: skip
# Quarterly meetings: attendees beside the customer's administrator, minutes. By language.
MEETINGS = {
    False: (
        "CSAM, incident manager, team lead",
        (
            "No severity 1 in the quarter; contacts and escalation path checked.",
            "Two severity 1 incidents looked at; alerts of the gateways are tuned.",
            "Changes of the next quarter walked through; freeze weeks agreed.",
        ),
    ),
    True: (
        "客户成功帐户管理员、事件经理、团队负责人",
        (
            "本季度无严重性 1 事件；已核对联系人与升级路径。",
            "回顾两起严重性 1 事件；已调整网关告警。",
            "梳理下季度的变更；商定冻结周。",
        ),
    ),
}
# Whose onboarding ended earlier by consent: so many days after the first of the term.
EARLY_END = {"Fabrikam Health": 44}
# How many of the usual tasks are done where an onboarding is still under way.
DONE_SO_FAR = {"Wingtip Logistics": 3}


def play_plans(stage: Stage) -> None:
    """Every onboarding of the customers on stage."""
    for org in script.PORTFOLIO:
        for order in stage.orders.get(org.name, ()):
            for line in onboarded_lines(order):
                _Onboarding(stage, org, line).play()


class _Onboarding:
    """One line's onboarding."""

    def __init__(self, stage: Stage, org: Org, line: WorkOrderLine) -> None:
        self.stage, self.org, self.line = stage, org, line
        self.by: User = stage.csams[org.csam]
        self.customer: User = stage.people[org.administrator[1]]
        self.begun = (line.order.starts_on - stage.today).days

    def play(self) -> None:
        """Tasks, then what Plus and MCSAP bring."""
        self._tasks()
        if is_uer(self.line):
            self._meetings()
        if is_mcsap(self.line) and self.org.name in EARLY_END:
            self._end_early(EARLY_END[self.org.name])
        if Part.MATERIAL in parts_of(self.line):
            for scenario in SCENARIOS.get(self.org.name, ()):
                self._scenario(scenario)
        if Part.INTAKE in parts_of(self.line):
            for plan in PLANS.get(self.org.name, ()):
                self._plan(plan)

    def _tasks(self) -> None:
        asked = self.stage.moment(self.begun)
        with translation.override(self.org.language):
            tasks = actions.begin_onboarding(
                line=self.line, tasks=usual_tasks(parts_of(self.line)), by=self.by, now=asked
            )
        done = DONE_SO_FAR.get(self.org.name, len(tasks))
        for number, task in enumerate(tasks[:done]):
            by = self.customer if task.owner == Deadline.Owner.CUSTOMER else self.by
            actions.complete_task(
                task=task, by=by, now=self.stage.moment(min(-1, self.begun + 2 + number))
            )

    def _meetings(self) -> None:
        """What is over was held in time, the next one is planned."""
        attendees, minutes = MEETINGS[self.org.is_chinese]
        rows = Deadline.objects.current().filter(
            kind=Deadline.Kind.QUARTERLY_REVIEW, subject_key__startswith=f"line:{self.line.pk}:"
        )
        for number, due in enumerate(rows.order_by("due_on"), 1):
            on = due.due_on - timedelta(days=11)
            ago = (on - self.stage.today).days
            told: dict[str, Any] = {
                "line": self.line,
                "quarter": number,
                "on": on,
                "attendees": f"{self.org.administrator[0]}, {attendees}",
                "by": self.by,
            }
            if ago >= 0:
                actions.plan_meeting(**told, now=self.stage.moment(-1))
                return
            words = minutes[number % len(minutes)]
            actions.hold_meeting(**told, minutes=words, now=self.stage.moment(ago, 16))

    def _end_early(self, days: int) -> None:
        actions.end_onboarding_early(
            line=self.line,
            on=self.line.order.starts_on + timedelta(days=days),
            agreed=self.org.administrator[0],
            by=self.by,
            now=self.stage.moment(self.begun + days),
        )

    def _scenario(self, one: Scenario) -> None:
        moment = self.stage.moment
        scenario = actions.define_scenario(
            line=self.line,
            name=one.name,
            resources=one.resources,
            watches=one.watches,
            response=one.response,
            thresholds=one.thresholds,
            agreed_by=self.org.administrator[0],
            override_reason=one.late,
            by=self.by,
            now=moment(one.defined),
        )
        for to, day in (("ready", one.ready), ("tested", one.tested), ("active", one.active)):
            if day is not None:
                actions.advance_scenario(scenario=scenario, to=to, by=self.by, now=moment(day))
        if one.retired is not None:
            actions.retire_scenario(
                scenario=scenario,
                reason="The old shop is switched off",
                by=self.by,
                now=moment(one.retired),
            )
        if one.active is not None:
            self._triggers(scenario)

    def _triggers(self, scenario: MonitoringScenario) -> None:
        for day, case in ((-19, "2611190040001234"), (-2, "")):
            if scenario.name == "Checkout":
                actions.record_trigger(
                    scenario=scenario,
                    at=self.stage.moment(day, 4),
                    case_number=case,
                    signal="Probe failures from two regions",
                    by=self.by,
                    now=self.stage.moment(day, 5),
                )

    def _plan(self, one: Plan) -> None:
        moment = self.stage.moment
        plan = actions.request_plan(
            line=self.line,
            title=one.title,
            focus=one.focus,
            wanted_from=self.stage.day(one.starts or one.requested + 14),
            by=self.customer,
            now=moment(one.requested),
        )
        if one.starts is not None:
            plan = actions.schedule_plan(
                plan=plan, on=self.stage.day(one.starts), by=self.by, now=moment(one.requested + 1)
            )
        if one.delivered is not None:
            actions.deliver_plan(
                plan=plan,
                on=self.stage.day(one.delivered),
                outcome=one.outcome,
                by=self.by,
                now=moment(one.delivered, 15),
            )
