"""Open dates of a customer's orders, reckoned again after a zone or a calendar changed."""

from collections.abc import Iterator
from datetime import datetime

from accounts.models import Customer
from workorders.actions.deadlines import set_planned_deadline
from workorders.actions.orders.signing import refresh_draft_dates
from workorders.models import Deadline, WorkOrder
from workorders.queries.dependants import early_end_of_base
from workorders.queries.execution import PlannedDeadline, standing_deadlines, term_deadlines
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of


def recalculate_order_dates(*, customer: Customer, now: datetime) -> None:
    """Replace what comes out differently; what is met, waived or over stays as it was.

    The earlier row stays as history with what was announced of it. Bookings keep the
    terms and the zone that were frozen when they were made.
    """
    zone = zone_of(customer)
    orders = WorkOrder.objects.filter(customer=customer, scenario_of=None)
    for order in orders.select_related("customer", "edition", "amends").order_by("pk"):
        if order.executed_at is None:
            refresh_draft_dates(order, now=now)
        else:
            _recalculate(order, zone, now)


def _recalculate(order: WorkOrder, zone: str, now: datetime) -> None:
    rows = Deadline.objects.open().filter(order=order, due_at__gte=now)
    waiting = set(rows.values_list("kind", "subject_key"))
    if not waiting:
        return
    for due in _planned(order, zone):
        if (due.kind, due.subject_key) in waiting:
            set_planned_deadline(order=order, planned=due, zone=zone, now=now)


def _planned(order: WorkOrder, zone: str) -> Iterator[PlannedDeadline]:
    """The order's dates; its allowance is used before a base package that ended early does."""
    ended = early_end_of_base(order)
    for due in standing_deadlines(order, zone):
        if ended is None or due.kind != Deadline.Kind.CONTRACT_YEAR_END:
            yield due
    if ended is not None:
        last = min(ended, last_day_of(order))
        for due in term_deadlines(order, zone, last_day=last):
            if due.kind == Deadline.Kind.CONTRACT_YEAR_END:
                yield due
