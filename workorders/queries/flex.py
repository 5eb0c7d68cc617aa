"""The flex allowance of an order, year by year: allotted, committed, capped, used, lapsing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import User
from accounts.rules.calendar_days import ContractYear
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from workorders.models import WorkOrder
from workorders.queries.entitlements import EntitlementStanding, can_be_left, standings, worth
from workorders.queries.execution import YearPlan, year_plans
from workorders.queries.terms import flex_year_of


@dataclass(slots=True)
class FlexGauge:
    """One contract year's allowance.

    Of a draft what execution would do; of an executed order what was done. `delivered`,
    `booked`, `lapsed` and `open` are what the services paid with it are worth by where
    they stand; charges of late cancellations count as used, and what stands ready for
    its whole term as booked: it can't be left over.
    """

    year: ContractYear
    allotted: Money
    committed: Money
    capped: Money
    ceiling: Explained[Money] | None
    forfeited: Explained[Money]
    delivered: Money
    booked: Money
    lapsed: Money
    open: Money
    lines: list[EntitlementStanding] = field(default_factory=list)

    @property
    def unallocated(self) -> Money:
        """Not allotted to a line: lost when the order is executed (2.2-F7)."""
        return self.allotted - min(self.allotted, self.committed)


def flex_gauges(order: WorkOrder, *, viewer: User | None = None) -> list[FlexGauge]:
    """The allowance of each contract year that has any."""
    owned = standings(order, viewer=viewer) if order.executed_at else []
    return [
        _gauge(order, plan, [one for one in owned if one.entitlement.flex_year == plan.number])
        for plan in year_plans(order)
        if plan.allotted or plan.committed
    ]


def _gauge(order: WorkOrder, plan: YearPlan, lines: list[EntitlementStanding]) -> FlexGauge:
    losable = [one for one in lines if can_be_left(one.entitlement)]
    standing = [one for one in lines if not can_be_left(one.entitlement)]
    return FlexGauge(
        year=flex_year_of(order, plan.number),
        allotted=plan.allotted,
        committed=plan.committed,
        capped=plan.capped,
        ceiling=plan.ceiling,
        forfeited=plan.forfeited,
        delivered=_value(order, lines, ("delivered", "charged", "redeemed")),
        booked=_value(order, losable, ("reserved",))
        + _value(order, standing, ("reserved", "left")),
        lapsed=_value(order, lines, ("lapsed",)),
        open=_value(order, losable, ("left",)),
        lines=lines,
    )


def _value(order: WorkOrder, lines: Iterable[EntitlementStanding], names: tuple[str, ...]) -> Money:
    minor = sum(
        worth(one.entitlement, sum(getattr(one.standing, name) for name in names)) for one in lines
    )
    return Money(minor, order.currency)
