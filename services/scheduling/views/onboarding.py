"""The onboarding tab of an order."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import refusal_status
from accounts.http.access import viewer
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling.models import OnboardingTask
from services.scheduling.queries.onboarding import (
    LinePlan,
    PartPlan,
    ScenarioRow,
    onboarding_plan,
    plan_state,
)
from services.scheduling.wording.plans import (
    NEXT_STEPS,
    PART_CLAUSES,
    PLAN_STATES,
    SCENARIO_STATES,
    UER_CLAUSES,
)
from workorders.models import Deadline, WorkOrder
from workorders.queries.deadlines import status_of
from workorders.views.order_page import of_executed, order_page
from workorders.wording.states import Shown, deadline_state

Part = OnboardingTask.Part


@of_executed
def order_onboarding(request: Any, order: WorkOrder) -> HttpResponse:
    """What the onboarding of the order's services still needs, and what it has opened."""
    return onboarding_answer(request, order)


def onboarding_answer(
    request: Any, order: WorkOrder, *, refusal: Refused | None = None, said: str = ""
) -> HttpResponse:
    """The tab as it stands: a page, or the tab alone for HTMX."""
    page = order_page(request, order)
    person, now = viewer(request), page.now
    plan = onboarding_plan(order, viewer=person, now=now)
    context = page.context(request, "onboarding") | {
        "plan": plan,
        "cards": [_card(line, person, now) for line in plan.lines],
        "is_standing": plan.today <= page.last,
        "may_manage": person.manages_agreements,
        "may_act": person.may_act_for_customer,
        "refusal": refusal,
        "said": said,
    }
    fragment = "#tab" if request.htmx else ""
    status = refusal_status(refusal) if refusal else 200
    template = f"scheduling/order_onboarding.html{fragment}"
    return render(request, template, context, status=status)


def _card(line: LinePlan, person: User, now: datetime) -> dict[str, Any]:
    """One line with its parts, scenarios and plans as they are shown."""
    tasks = [
        (part, task, person.manages_agreements or task.owner == Deadline.Owner.CUSTOMER)
        for part in line.parts
        for task in part.tasks
    ]
    return {
        "plan": line,
        "parts": [_part(part, now, of_mcsap=line.is_mcsap) for part in line.parts],
        "monitors_state": _state(line.monitors, now),
        "scenarios": [_scenario(row) for row in line.scenarios],
        "retired": [_scenario(row) for row in line.retired],
        "free": line.scenarios_max - len(line.scenarios),
        "plans": [(plan, PLAN_STATES[plan_state(plan)]) for plan in line.plans],
        "window": line.window.next_on.as_data() if line.window else None,
        "meetings": [(due, meeting, _state(due, now)) for due, meeting in line.meetings],
        "has_tasks": bool(tasks),
        "open_tasks": [row for row in tasks if row[1].done_at is None],
        "done_tasks": [row for row in tasks if row[1].done_at is not None],
    }


def _part(part: PartPlan, now: datetime, *, of_mcsap: bool) -> dict[str, Any]:
    return {
        "part": part,
        "state": _state(part.deadline, now),
        "clauses": PART_CLAUSES[Part(part.part)] if of_mcsap else UER_CLAUSES,
        "done": len(part.tasks) - part.open_tasks,
    }


def _state(deadline: Deadline | None, now: datetime) -> Shown | None:
    return deadline_state(deadline, status_of(deadline, now), now) if deadline else None


def _scenario(row: ScenarioRow) -> dict[str, Any]:
    return {
        "row": row,
        "shown": SCENARIO_STATES[row.state],
        "next": NEXT_STEPS.get(row.state),
    }
