"""Orders that sell services under another order's base package, and what ends with it."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from workorders.models import Deadline, Transfer, WorkOrder, WorkOrderLine
from workorders.models.deadlines import DeadlineQuerySet
from workorders.queries.agreement import with_base
from workorders.queries.execution import PlannedDeadline, term_deadlines
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of

SUSPENDED = "suspended"
Kind = Deadline.Kind


def dependants_of(order: WorkOrder, on: date) -> list[WorkOrder]:
    """Other orders that sell services under this order's base package after the day (2.1-B1).

    The base package of an order is the latest to begin of those in force on its first day;
    an amendment has that of the order that it amends.
    """
    mine = WorkOrder.objects.executed().filter(customer=order.customer_id, scenario_of=None)
    bases = list(with_base(mine).order_by("-starts_on", "-pk"))
    if order not in bases:
        return []
    others = (
        mine.exclude(pk__in=[base.pk for base in bases])
        .exclude(amends__in=bases)
        .filter(Q(terminated_on=None) | Q(terminated_on__gt=on), ends_on__gt=on)
        .select_related("customer", "edition", "amends")
    )
    return [
        row
        for row in others.order_by("starts_on", "pk")
        if _base_on((row.amends or row).starts_on, bases, order) == order
    ]


def _base_on(day: date, bases: Iterable[WorkOrder], ended: WorkOrder | None) -> WorkOrder | None:
    """As it was agreed: the order in question counts to the end of its term."""
    for base in bases:
        last = base.ends_on if base == ended else last_day_of(base)
        if base.starts_on <= day <= last:
            return base
    return None


def early_end_of_base(order: WorkOrder) -> date | None:
    """The last day of an order's base package, where another order brings it and ended early."""
    first = (order.amends or order).starts_on
    mine = WorkOrder.objects.executed().filter(customer=order.customer_id, scenario_of=None)
    bases = list(with_base(mine).order_by("-starts_on", "-pk"))
    if order in bases or order.amends in bases:
        return None
    base = next((one for one in bases if one.starts_on <= first <= one.ends_on), None)
    return base.terminated_on if base is not None else None


def dependent_dates(
    order: WorkOrder, on: date, rows: DeadlineQuerySet
) -> Iterator[tuple[Deadline, PlannedDeadline | None]]:
    """Which of `rows` change when the base package of the order ends with a day.

    The allowance of the contract year that contains the day is used by then; what lies
    after the day falls (nothing planned), for the services are over. The order itself runs
    on, and so do its expiry and what belongs to suspended services.

    Clause: 2.1-B1, 2.2-F4, 2.4-AP46, 0-C16
    """
    ends = {
        (one.kind, one.subject_key): one
        for one in term_deadlines(order, zone_of(order.customer), last_day=on)
        if one.kind == Kind.CONTRACT_YEAR_END
    }
    kept = _suspended_subjects(order)
    for row in rows.filter(order=order, due_on__gt=on).exclude(kind=Kind.EXPIRY):
        subject = ":".join(row.subject_key.split(":")[:2])
        if subject.startswith(("order:", "line:", "booking:")) and subject not in kept:
            yield row, ends.get((row.kind, row.subject_key))


def _suspended_subjects(order: WorkOrder) -> set[str]:
    """Lines and bookings of services that are suspended, not ended (2.4-AP46)."""
    lines = WorkOrderLine.objects.filter(order=order, offering__co_termination=SUSPENDED)
    booked = Transfer.objects.filter(
        kind=Transfer.Kind.RESERVE,
        debit__entitlement__order=order,
        debit__entitlement__offering__co_termination=SUSPENDED,
    )
    return {f"line:{pk}" for pk in lines.values_list("pk", flat=True)} | set(
        booked.values_list("subject_key", flat=True)
    )
