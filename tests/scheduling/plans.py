"""Orders that are onboarded, for the tests of plans: MCSAP, Plus and UER from 1 September 2026."""

from datetime import date
from typing import Any

from services.scheduling import actions
from services.scheduling.models import ImprovementPlan, MonitoringScenario
from tests import factories
from workorders.actions.orders import Scope
from workorders.models import WorkOrder, WorkOrderLine

# Day 60 of a term from 1 September 2026 is 30 October; NOW is 23 November.
STARTS = date(2026, 9, 1)
LAST_DAY = date(2026, 10, 30)
SPEND = 6_400_000_000


def onboarded(code: str = "mcsap-plus", **fields: Any) -> WorkOrder:
    """An executed order of a year with one line that begins with an onboarding."""
    fields.setdefault("starts_on", STARTS)
    fields.setdefault("ends_on", date(2027, 8, 31))
    now = fields.pop("now", factories.SIGNED)
    order = factories.draft(**fields)
    plus = {"assessed_spend_usd_minor": SPEND, "plus_noted": True} if code == "mcsap-plus" else {}
    scopes = [] if code == "unified-enhanced-response" else [Scope("subscription", "prod-001")]
    factories.line(order, code, 1, unit="subscription", scopes=scopes, **plus)
    return factories.executed(order, now=now)


def line_of(order: WorkOrder) -> WorkOrderLine:
    """Its line."""
    return order.lines.get(offering__category__in=("mission_critical", "enhanced"))


def scenario(line: WorkOrderLine, **fields: Any) -> MonitoringScenario:
    """A scenario defined on the last of the onboarding days."""
    values = {
        "name": "Checkout",
        "resources": "app-checkout",
        "watches": "availability",
        "response": "Call the lead",
        "agreed_by": "Harriet Shaw",
        "thresholds": "3 of 5 probes",
        "by": line.order.created_by,
        "now": factories.berlin_moment(LAST_DAY, 23, 59),
    }
    return actions.define_scenario(line=line, **{**values, **fields})


def plan(line: WorkOrderLine, **fields: Any) -> ImprovementPlan:
    """An improvement plan that the customer's administrator asks for at NOW."""
    values = {
        "title": "Failover rehearsed",
        "focus": "resiliency",
        "wanted_from": date(2026, 12, 7),
        "now": factories.NOW,
    }
    by = fields.pop("by", None) or factories.customer_administrator(line.order.customer)
    return actions.request_plan(line=line, by=by, **{**values, **fields})
