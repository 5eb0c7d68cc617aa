"""The CSAM's day: four figures, the queue, the portfolio, the value at risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Prefetch, Q

from accounts.models import Assignment, Customer, Location, User
from accounts.rules.money import Money
from incidents.models import Incident
from services.scheduling.models import ServiceRequest
from ussd_portal.queries import holdings, queue, risk
from workorders.models import Deadline, WorkOrder
from workorders.queries.deadlines import upcoming_deadlines
from workorders.queries.entitlements import EntitlementStanding
from workorders.queries.risk import value_at_risk
from workorders.wording.resolving import ACTIONS

WEEK = timedelta(days=7)
BEHIND = 10
Reason: TypeAlias = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """The four headline figures with what stands beneath them."""

    lapsing: Money
    lapsing_passed: Money
    clocks_near: int
    open_incidents: int
    next_clock: Incident | None
    requests: int
    oldest_request: datetime | None
    deadlines: int
    first_deadline: datetime | None
    week_start: date
    week_end: date


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """A customer at a glance."""

    customer: Customer
    host: Location | None
    order: WorkOrder | None
    pace: holdings.Pace | None
    credits_left: int
    next_deadline: Deadline | None
    open_incidents: int
    health: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that the page shows."""

    figures: Figures
    queue: queue.Queue
    portfolio: list[PortfolioRow]
    risks: list[risk.RiskRow]
    months: list[risk.RiskMonth]
    covered: list[Assignment]

    @property
    def total_at_risk(self) -> Money:
        """In dollars, at the rates frozen on the orders."""
        return Money(sum(row.dollars.minor for row in self.risks), "USD")


def read_today(
    user: User,
    *,
    now: datetime,
    today: date,
    customer: str = "",
    kind: str = "",
    everything: bool = False,
) -> Today:
    """The day of `user`; a fixed number of queries whatever the portfolio."""
    customers = list(
        Customer.objects.visible_to(user)
        .prefetch_related(Prefetch("locations", Location.objects.filter(role=Location.Role.HOST)))
        .annotate(
            open_incidents=Count("incidents", filter=Q(incidents__closed_at=None), distinct=True)
        )
    )
    orders = holdings.orders_in_force(customers, today=today)
    held = holdings.standings_by_order(
        [one for several in orders.values() for one in several], viewer=user
    )
    risks = risk.risk_rows(value_at_risk(user, now=now), today=today)
    clocks, requests = queue.open_clocks(user), queue.waiting_requests(user)
    return Today(
        figures=_figures(user, customers, risks, clocks, requests, now, today),
        queue=queue.attention_queue(
            user,
            customers,
            risks,
            clocks,
            requests,
            now=now,
            customer=customer,
            kind=kind,
            everything=everything,
        ),
        portfolio=_portfolio(user, customers, orders, held, risks, now, today),
        risks=risks,
        months=risk.by_month(risks, today=today),
        covered=list(
            Assignment.objects.active()
            .filter(user=user, covers_for__isnull=False)
            .select_related("covers_for", "customer")
        ),
    )


def read_portfolio(
    user: User, customers: list[Customer], *, now: datetime, today: date
) -> list[PortfolioRow]:
    """These customers at a glance; a fixed number of queries however many there are.

    They come with their open incidents counted and their locations prefetched.
    """
    orders = holdings.orders_in_force(customers, today=today)
    held = holdings.standings_by_order(
        [one for several in orders.values() for one in several], viewer=user
    )
    risks = risk.risk_rows(value_at_risk(user, now=now), today=today)
    return _portfolio(user, customers, orders, held, risks, now, today)


def _figures(
    user: User,
    customers: list[Customer],
    risks: list[risk.RiskRow],
    clocks: list[Incident],
    waiting: list[ServiceRequest],
    now: datetime,
    today: date,
) -> Figures:
    soon = risk.within(risks, today=today)
    last = today + WEEK - timedelta(days=1)
    week = (
        Deadline.objects.visible_to(user)
        .open()
        .filter(due_at__gte=now, due_on__range=(today, last))
    )
    deadlines = week.aggregate(number=Count("pk"), first=Min("due_at"))
    return Figures(
        lapsing=_sum(soon),
        lapsing_passed=_sum(row for row in soon if row.when == "passed"),
        clocks_near=len(queue.near_target(clocks, now)),
        open_incidents=sum(one.open_incidents for one in customers),  # type: ignore[attr-defined]
        next_clock=clocks[0] if clocks else None,
        requests=len(waiting),
        oldest_request=waiting[0].requested_at if waiting else None,
        deadlines=deadlines["number"],
        first_deadline=deadlines["first"],
        week_start=today,
        week_end=last,
    )


def _sum(rows: Iterable[risk.RiskRow]) -> Money:
    return Money(sum(row.dollars.minor for row in rows), "USD")


def _portfolio(
    user: User,
    customers: list[Customer],
    orders: dict[int, list[WorkOrder]],
    held: dict[int, list[EntitlementStanding]],
    risks: list[risk.RiskRow],
    now: datetime,
    today: date,
) -> list[PortfolioRow]:
    upcoming: dict[int, Deadline] = {}
    late: dict[int, Deadline] = {}
    rows = upcoming_deadlines(user, now=now).filter(kind__in=list(ACTIONS))
    for deadline in rows[:2000]:
        target = late if deadline.due_at < now else upcoming
        target.setdefault(deadline.customer_id, deadline)
    lost = {row.order.customer_id: row for row in risks if row.is_past}
    return [
        _portfolio_row(one, orders.get(one.pk, []), held, upcoming, late, lost, now, today)
        for one in customers
    ]


def _portfolio_row(
    customer: Customer,
    orders: list[WorkOrder],
    held: dict[int, list[EntitlementStanding]],
    upcoming: dict[int, Deadline],
    late: dict[int, Deadline],
    lost: dict[int, risk.RiskRow],
    now: datetime,
    today: date,
) -> PortfolioRow:
    order = orders[0] if orders else None
    pace = None
    if order is not None:
        own = holdings.held_under(order, orders, held)
        pace = holdings.pace_of(order, own, today=today)
    standings = [one for each in orders for one in held.get(each.pk, [])]
    health, reason = _health(order, pace, late.get(customer.pk), lost.get(customer.pk), now)
    places = customer.locations.all()
    return PortfolioRow(
        customer=customer,
        host=next((place for place in places if place.role == Location.Role.HOST), None),
        order=order,
        pace=pace,
        credits_left=holdings.credits_left(standings, today=today),
        next_deadline=upcoming.get(customer.pk),
        open_incidents=customer.open_incidents,  # type: ignore[attr-defined]
        health=health,
        reason=reason,
    )


def _health(
    order: WorkOrder | None,
    pace: holdings.Pace | None,
    late: Deadline | None,
    lost: risk.RiskRow | None,
    now: datetime,
) -> tuple[str, Reason]:
    """Late: value is left past the cut-off; at risk: a duty is late, or use lags behind.

    Days late are calendar days where the deadline counts, as in the queue.
    """
    if order is None or pace is None:
        return "pause", ("no_order", 0)
    if lost is not None:
        return "late", ("cutoff", lost)
    if late is not None:
        return "risk", (late.kind, (now.astimezone(ZoneInfo(late.zone)).date() - late.due_on).days)
    if pace.behind >= BEHIND:
        return "risk", ("behind", pace.behind)
    return ("ok", ("ahead", -pace.behind)) if pace.behind < 0 else ("ok", ("behind", pace.behind))
