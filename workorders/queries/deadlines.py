"""Deadlines with their status, for lists, calendars and the reminders."""

from datetime import datetime
from typing import Literal, TypeAlias

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from workorders.models import Deadline, WorkOrder
from workorders.models.deadlines import DeadlineQuerySet

Status: TypeAlias = Literal["open", "met", "missed", "waived", "passed", "replaced"]

# Dates that simply arrive: nobody meets or misses them.
DATES = frozenset(
    {
        Deadline.Kind.REQUEST_CUTOFF,
        Deadline.Kind.EXPIRY,
        Deadline.Kind.CONTRACT_YEAR_END,
        Deadline.Kind.FREE_CANCELLATION,
        Deadline.Kind.DELIVERY,
        Deadline.Kind.RCA_REQUEST,
        Deadline.Kind.SIP_WINDOW,
    }
)

STATUS_WORDS = {
    "open": _("open"),
    "met": _("met"),
    "missed": _("missed"),
    "waived": _("waived"),
    "passed": _("passed"),
    "replaced": _("replaced"),
}


def status_of(deadline: Deadline, now: datetime) -> Status:
    """Where a deadline stands, from facts and clock alone.

    Met exactly at the last second is in time (0-C1). What was done late stays missed.
    """
    if deadline.superseded_at is not None:
        return "replaced"
    if deadline.waived_at is not None:
        return "waived"
    if deadline.met_at is not None:
        return "met" if deadline.met_at <= deadline.due_at else "missed"
    if now <= deadline.due_at:
        return "open"
    return "passed" if deadline.kind in DATES else "missed"


def with_status(deadlines: DeadlineQuerySet, status: str, now: datetime) -> DeadlineQuerySet:
    """Those of one status; the same distinctions as `status_of`, made by the database."""
    current = deadlines.current()
    waiting = current.filter(met_at=None, waived_at=None)
    match status:
        case "open":
            return waiting.filter(due_at__gte=now)
        case "met":
            return current.filter(waived_at=None, met_at__lte=F("due_at"))
        case "missed":
            late = Q(met_at__gt=F("due_at")) | Q(met_at=None, due_at__lt=now) & ~Q(kind__in=DATES)
            return current.filter(late, waived_at=None)
        case "waived":
            return current.filter(waived_at__isnull=False)
        case "passed":
            return waiting.filter(due_at__lt=now, kind__in=DATES)
        case "replaced":
            return deadlines.filter(superseded_at__isnull=False)
    raise ValueError(f"no such status: {status}")


def upcoming_deadlines(
    viewer: User,
    *,
    now: datetime,
    until: datetime | None = None,
    customer: Customer | None = None,
    order: WorkOrder | None = None,
    with_late: bool = True,
    with_snoozed: bool = True,
) -> DeadlineQuerySet:
    """What the viewer still has to see done, the next first; late duties come before.

    Dates that have simply passed are left out.
    """
    rows = Deadline.objects.visible_to(viewer).open()
    late = ~Q(kind__in=DATES) if with_late else Q(pk__in=[])
    rows = rows.filter(Q(due_at__gte=now) | late)
    if until is not None:
        rows = rows.filter(due_at__lt=until)
    if customer is not None:
        rows = rows.filter(customer=customer)
    if order is not None:
        rows = rows.filter(order=order)
    if not with_snoozed:
        rows = rows.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
    return rows.select_related("customer", "order", "location").order_by("due_at", "pk")


def order_deadlines(order: WorkOrder, viewer: User) -> DeadlineQuerySet:
    """All current deadlines of an order, with those that are over."""
    rows = Deadline.objects.visible_to(viewer).current().filter(order=order)
    return rows.select_related("location", "waived_by", "met_by").order_by("due_at", "pk")


def times_replaced(deadline: Deadline) -> int:
    """How often the date of this subject was replaced or withdrawn so far."""
    same = {"kind": deadline.kind, "subject_key": deadline.subject_key}
    return Deadline.objects.filter(**same, superseded_at__isnull=False).count()
