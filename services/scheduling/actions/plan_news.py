"""Who hears of monitors and improvement plans: account managers and administrators."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import User
from services.scheduling.models import ImprovementPlan, MonitoringScenario, MonitorTrigger
from workorders.models import WorkOrder
from workorders.queries.recipients import people_of_order


def tell_of_monitor(
    scenario: MonitoringScenario,
    news: str,
    *,
    by: User,
    now: datetime,
    trigger: MonitorTrigger | None = None,
) -> None:
    """Write `news` (monitor_active, monitor_case) to everybody concerned but its author."""
    key = f"trigger:{trigger.pk}" if trigger else f"scenario:{scenario.pk}"
    words = {"scenario": scenario, "trigger": trigger, "by": by, "base_url": settings.BASE_URL}
    link = reverse("incidents:incident-open") if trigger else _page_of(scenario.line.order)
    _tell_all(scenario.line.order, f"{key}:{news}", news, words, link, by=by, now=now)


def tell_of_plan(plan: ImprovementPlan, news: str, *, by: User, now: datetime) -> None:
    """Write that a plan was requested, scheduled, delivered, declined or withdrawn."""
    words = {"plan": plan, "news": news, "by": by, "base_url": settings.BASE_URL}
    # A plan may be put on another day: each day is told once.
    key = f"plan:{plan.pk}:{news}" + (f":{plan.starts_on}" if news == "scheduled" else "")
    _tell_all(plan.line.order, key, "plan", words, _page_of(plan.line.order), by=by, now=now)


def _tell_all(
    order: WorkOrder,
    key: str,
    template: str,
    words: dict[str, object],
    link: str,
    *,
    by: User,
    now: datetime,
) -> None:
    for person in people_of_order(order, now=now):
        if person.pk != by.pk:
            tell(
                recipient=person,
                subject_key=key,
                template=f"scheduling/messages/{template}",
                context=words,
                now=now,
                link=link,
                customer=order.customer,
            )


def _page_of(order: WorkOrder) -> str:
    return reverse("scheduling:order-onboarding", args=[order.pk])
