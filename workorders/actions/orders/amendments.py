"""Amendments: an order of its own that adds services within the term of another."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from accounts.actions.checks import require_account_manager
from accounts.models import User
from accounts.rules.calendar_days import local_date
from workorders.actions.orders.drafts import check_fields, count_edit
from workorders.models import OrderLocation, WorkOrder
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of, state_of
from workorders.rules.amendment import check_amendable, check_amendment_days

LONGEST_NUMBER = 30


@transaction.atomic
def draft_amendment(
    *, order: WorkOrder, by: User, now: datetime, starts_on: date | None = None, title: str = ""
) -> WorkOrder:
    """A draft that amends an executed order: the next number, its locations, no allowance.

    It begins today, or with the order where that hasn't begun, unless another day is
    given, and ends with the order. Edition, currency and rate are the order's, frozen at
    its execution; the order itself isn't changed.
    """
    require_account_manager(by)
    amended = hold_order(order)
    zone = zone_of(amended.customer)
    today, last_day = local_date(now, zone), last_day_of(amended)
    check_amendable(
        state=state_of(amended, now=now, zone=zone),
        last_day=last_day,
        is_amendment=amended.amends_id is not None,
    )
    first_day = starts_on or max(today, amended.starts_on)
    check_amendment_days(
        first=first_day,
        last=last_day,
        amended_first=amended.starts_on,
        amended_last=last_day,
        on=today,
    )
    return _draft(amended, first_day, last_day, title, by=by, now=now)


def hold_order(order: WorkOrder) -> WorkOrder:
    """The order as it stands, kept until the transaction ends: one act on it at a time."""
    return (
        WorkOrder.objects.select_related("customer", "edition")
        .select_for_update(of=("self",))
        .get(pk=order.pk)
    )


def _draft(
    amended: WorkOrder, first_day: date, last_day: date, title: str, *, by: User, now: datetime
) -> WorkOrder:
    highest = WorkOrder.objects.filter(amends=amended).aggregate(Max("amendment_number"))
    number = (highest["amendment_number__max"] or 0) + 1
    draft = WorkOrder(
        number=_number(amended.number, number),
        customer=amended.customer,
        edition=amended.edition,
        title=title.strip(),
        currency=amended.currency,
        units_per_usd=amended.units_per_usd,
        starts_on=first_day,
        ends_on=last_day,
        multi_country=amended.multi_country,
        amends=amended,
        amendment_number=number,
        created_at=now,
        created_by=by,
        version=0,
    )
    check_fields(draft)
    count_edit(draft, by=by, now=now, change="drafted")
    rows = OrderLocation.objects.filter(order=amended).order_by("pk")
    OrderLocation.objects.bulk_create(
        OrderLocation(order=draft, location_id=row.location_id, units_per_usd=row.units_per_usd)
        for row in rows
    )
    return draft


def _number(amended: str, number: int) -> str:
    """``WO-25-0117/A2``; a number that leaves no room is cut short."""
    suffix = f"/A{number}"
    return amended[: LONGEST_NUMBER - len(suffix)] + suffix
