"""Value at risk as the workspace shows it: by customer and day, and by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Customer
from accounts.rules.calendar_days import add_months
from accounts.rules.money import Money
from services.catalog.queries import terms_of
from workorders.models import WorkOrder
from workorders.queries.risk import SOON, AtRisk
from workorders.queries.terms import last_day_of
from workorders.rules.milestones import request_cutoff

HORIZON_MONTHS = 12


@dataclass(frozen=True, slots=True)
class RiskRow:
    """What lapses for one customer on one day, if nothing more is booked.

    `dollars` is at the rate frozen on the order, nothing where it states none.
    """

    order: WorkOrder
    lapses_on: date
    request_until: date
    left: Money
    dollars: Money
    is_past: bool
    today: date

    @property
    def customer(self) -> Customer:
        """Whose it is."""
        return self.order.customer

    @property
    def when(self) -> str:
        """``passed``, ``soon`` (cut-off within 90 days) or ``later``."""
        if self.is_past:
            return "passed"
        return "soon" if self.request_until - self.today <= SOON else "later"


@dataclass(frozen=True, slots=True)
class RiskMonth:
    """A month of the chart: US cents by whether they can still be requested."""

    first_day: date
    passed: int
    soon: int
    later: int

    @property
    def total(self) -> int:
        """Everything that lapses in the month."""
        return self.passed + self.soon + self.later


def risk_rows(items: Iterable[AtRisk], *, today: date) -> list[RiskRow]:
    """One row an order, day of lapse and state of the cut-off, the nearest first."""
    groups: dict[tuple[int, date, bool], list[AtRisk]] = {}
    last = add_months(today, HORIZON_MONTHS)
    for item in items:
        if item.last_day <= last:
            key = (item.account.order_id, item.last_day, item.urgency == "past_cutoff")
            groups.setdefault(key, []).append(item)
    rows = [_row(members, day, past, today) for (_order, day, past), members in groups.items()]
    return sorted(rows, key=lambda row: (row.lapses_on, not row.is_past, -row.dollars.minor))


def by_month(rows: Iterable[RiskRow], *, today: date) -> list[RiskMonth]:
    """Twelve months from this one, with what lapses in each."""
    sums: dict[date, dict[str, int]] = {}
    for row in rows:
        month = sums.setdefault(row.lapses_on.replace(day=1), {})
        month[row.when] = month.get(row.when, 0) + row.dollars.minor
    starts = (add_months(today.replace(day=1), offset) for offset in range(HORIZON_MONTHS))
    return [
        RiskMonth(
            start, *(sums.get(start, {}).get(name, 0) for name in ("passed", "soon", "later"))
        )
        for start in starts
    ]


def within(rows: Iterable[RiskRow], *, today: date, span: timedelta = SOON) -> list[RiskRow]:
    """Those that lapse within `span`."""
    return [row for row in rows if row.lapses_on <= today + span]


def _row(members: list[AtRisk], day: date, past: bool, today: date) -> RiskRow:
    order = members[0].account.order
    same = [one for one in members if one.value.currency == order.currency]
    cutoff = request_cutoff(terms_of(order.edition).request, order_end=last_day_of(order)).result
    return RiskRow(
        order,
        day,
        cutoff if past or today <= cutoff <= day else day,
        Money(sum(one.value.minor for one in same), order.currency),
        Money(sum(one.usd_minor or 0 for one in members), "USD"),
        past,
        today,
    )
