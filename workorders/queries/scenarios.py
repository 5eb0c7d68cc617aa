"""A draft beside its scenarios: what each costs, uses, leaves and gives up."""

from dataclasses import dataclass
from datetime import date

from accounts.rules.money import Money
from workorders.models import WorkOrder
from workorders.queries.execution import YearPlan, check_order, year_plans
from workorders.queries.fees import OrderTotals, order_totals


@dataclass(frozen=True, slots=True)
class Alternative:
    """The draft, or one of its scenarios, with its figures."""

    order: WorkOrder
    totals: OrderTotals
    years: tuple[YearPlan, ...]
    errors: int
    warnings: int
    services: int

    @property
    def is_draft(self) -> bool:
        """The one that the others are compared with."""
        return self.order.scenario_of_id is None

    @property
    def forfeited(self) -> Money:
        """The allowance that execution takes back, all years together (2.2-F7)."""
        zero = Money(0, self.order.currency)
        return sum((year.forfeited.result for year in self.years), zero)

    def year(self, number: int) -> YearPlan | None:
        """The plan of one contract year."""
        return next((year for year in self.years if year.number == number), None)


def headroom(year: YearPlan) -> Money | None:
    """What is free under a year's ceiling, below zero when it is exceeded; None without one."""
    return None if year.ceiling is None else year.ceiling.result - year.capped


def alternatives(root: WorkOrder, *, on: date) -> list[Alternative]:
    """The draft first, its scenarios in the order in which they were made."""
    scenarios = WorkOrder.objects.filter(scenario_of=root).select_related("customer", "edition")
    return [_alternative(order, on) for order in (root, *scenarios.order_by("pk"))]


def _alternative(order: WorkOrder, on: date) -> Alternative:
    findings = check_order(order, on)
    return Alternative(
        order,
        order_totals(order),
        tuple(year_plans(order)),
        sum(one.severity == "error" for one in findings),
        sum(one.severity == "warning" for one in findings),
        order.lines.count(),
    )
