"""Play success plans: objectives, activities of the pillars, deliveries for them, evidence."""

from dataclasses import dataclass

from accounts.models import User
from services.scheduling import actions
from services.scheduling.models import Booking, SuccessActivity
from ussd_portal.demo import script
from ussd_portal.demo.portfolio import Stage
from ussd_portal.demo.shapes import Org
from workorders.models import Deadline

Owner = Deadline.Owner


@dataclass(frozen=True)
class Activity:
    """An activity; days from today. `services` are those whose deliveries are for it."""

    code: str
    title: str
    starts: int
    due: int
    owner: str = Owner.CSAM
    done: int | None = None
    outcome: str = ""
    services: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True)
class Objective:
    """An objective with its activities."""

    title: str
    measure: str
    due: int
    activities: tuple[Activity, ...]
    achieved: int | None = None
    result: str = ""


OBJECTIVES = {
    "Contoso Motors": (
        Objective(
            "No unplanned stop of a production line because of IT", "0 stops a quarter", 120,
            (
                Activity("proactive-resiliency", "Recovery of the line control rehearsed", -200, 40,
                         services=("rap-as-a-service",), action="Send the runbook of hall 3"),
                Activity("problem-management", "Recurring problems reviewed each month", -300, 60,
                         services=("assessment-program",)),
                Activity("disaster-preparedness", "Crisis exercise with both teams", -90, -6),
            ),
        ),
        Objective(
            "Administrators of all sites trained on the new platform", "30 people certified", -20,
            (
                Activity("technical-optimization", "Workshops by site", -400, -30,
                         services=("workshops",), done=-32, outcome="34 people certified"),
            ),
            achieved=-28, result="34 certificates, list with Jana Vogt",
        ),
        Objective(
            "Identity hardened before the audit", "All findings of 2025 closed", 55,
            (
                Activity("proactive-security", "Findings closed one by one", -150, 50,
                         services=("security-services",), action="Name the owner of each finding"),
                Activity("customer-relationship-management", "Review with both boards", 20, 50),
            ),
        ),
    ),
    "蓝湖制造": (
        Objective(
            "产线数据库全年无计划外停机", "每季度停机 0 次", 100,
            (
                Activity("proactive-resiliency", "演练主备切换", -160, 30,
                         services=("rap-as-a-service",), action="提供切换手册"),
                Activity("technical-optimization", "按站点开展研讨", -200, 60,
                         services=("workshops",)),
                Activity("lifecycle-management", "更新终止支持产品的计划", -60, -4),
            ),
        ),
    ),
}  # fmt: skip
# Clause, evidence, who answers for it; recorded so many days ago.
EVIDENCE = {
    "Contoso Motors": (
        ("2.8-C12", "Service plan of 2026, agreed in the quarterly meeting", "Jana Vogt", 40),
        ("2.8-C14", "Restore test of the plant databases, protocol 26-11", "Luis Ortega", 18),
        ("2.8-C13", "Contacts checked", "Jana Vogt", 12),
    ),
    "蓝湖制造": (
        ("2.8-C12", "2026 年服务计划，季度会议商定", "周敏", 30),
        ("2.8-C14", "数据库恢复测试记录", "何嘉", 15),
    ),
}


def play_success(stage: Stage) -> None:
    """The success plans of the customers on stage."""
    for org in script.PORTFOLIO:
        if org.name not in stage.customers:
            continue
        for objective in OBJECTIVES.get(org.name, ()):
            _objective(stage, org, objective)
        for clause, evidence, who, ago in EVIDENCE.get(org.name, ()):
            actions.record_evidence(
                customer=stage.customers[org.name],
                clause=clause,
                evidence=evidence,
                on=stage.day(-ago),
                owner=Owner.CUSTOMER,
                owner_name=who,
                by=stage.people[org.administrator[1]],
                now=stage.moment(-ago),
            )


def _objective(stage: Stage, org: Org, one: Objective) -> None:
    customer, by = stage.customers[org.name], stage.csams[org.csam]
    begun = stage.moment(min(activity.starts for activity in one.activities))
    objective = actions.add_objective(
        customer=customer,
        title=one.title,
        measure=one.measure,
        due_on=stage.day(one.due),
        owner=Owner.CUSTOMER,
        owner_name=org.administrator[0],
        by=by,
        now=begun,
    )
    for activity in one.activities:
        planned = actions.plan_activity(
            customer=customer,
            objective=objective,
            pillar_activity=activity.code,
            title=activity.title,
            starts_on=stage.day(activity.starts),
            due_on=stage.day(activity.due),
            owner=activity.owner,
            owner_name=by.name,
            by=by,
            now=begun,
        )
        _deliveries(stage, planned, activity, by)
    if one.achieved is not None:
        actions.achieve_objective(
            objective=objective,
            on=stage.day(one.achieved),
            result=one.result,
            by=by,
            now=stage.moment(one.achieved, 15),
        )


def _deliveries(stage: Stage, planned: SuccessActivity, one: Activity, by: User) -> None:
    bookings = Booking.objects.filter(
        customer=planned.customer,
        cancelled_at=None,
        entitlement__offering__code__in=one.services,
    )
    actions.link_deliveries(activity=planned, bookings=list(bookings), by=by, now=stage.moment(-1))
    if one.action:
        actions.add_action(
            activity=planned,
            title=one.action,
            due_on=stage.day(10),
            owner=Owner.CUSTOMER,
            by=by,
            now=stage.moment(-5),
        )
    if one.done is not None:
        actions.finish_activity(
            activity=planned,
            on=stage.day(one.done),
            outcome=one.outcome,
            by=by,
            now=stage.moment(one.done, 15),
        )
