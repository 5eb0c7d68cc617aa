"""Record that a booked service took place, and that an event was confirmed in writing."""

import uuid
from datetime import date, datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager
from accounts.models import User
from accounts.rules.calendar_days import local_date, refuse_after
from accounts.rules.refusal import Refused
from services.catalog.queries import terms_of
from services.scheduling.actions.checks import refuse_if_over, reread, take
from services.scheduling.actions.dates import drop_dates, meet_date, subject_of
from services.scheduling.models import Booking
from services.scheduling.queries.cancellations import event_day
from services.scheduling.queries.events import is_event
from services.scheduling.queries.terms import zone_of
from services.scheduling.rules.events import check_event_notice
from workorders.actions.holdings import deliver_units, release_units
from workorders.models import Deadline


@transaction.atomic
def deliver_booking(
    *, booking: Booking, by: User, now: datetime, quantity: int | None = None
) -> Booking:
    """Record the delivery of `quantity`, by default of all that is booked; the rest is released.

    It counts on its last day at the delivery location, or today while it lasts (2.2-F4).
    Refused before it begins, for more than is booked, and for an event that nobody
    confirmed in writing.
    """
    require_account_manager(by)
    current = take(booking)
    amount = current.quantity if quantity is None else quantity
    if now < current.starts_at:
        raise Refused("not_yet_held", clause="2.5-ED3", starts_at=current.starts_at)
    if not 1 <= amount <= current.quantity:
        raise Refused(
            "more_than_booked",
            clause="2.5-ED3",
            field="quantity",
            booked=current.quantity,
            asked=amount,
        )
    if is_event(current):
        _check_notice(current, current.event_confirmed_on, agreed=current.short_notice_agreed)
    changed = (
        Booking.objects.standing()
        .filter(pk=current.pk)
        .update(
            delivered_at=now,
            delivered_by=by,
            delivered_quantity=amount,
            version=current.version + 1,
        )
    )
    if not changed:
        refuse_if_over(reread(current))
        raise ValueError(f"{current} can't be delivered")
    zone = zone_of(current)
    on = min(local_date(current.ends_at, zone), local_date(now, zone))
    group = uuid.uuid4()
    for move, moved in (
        (deliver_units, amount),
        (release_units, current.quantity - amount),
    ):
        if moved:
            move(
                entitlement=current.entitlement,
                quantity=moved,
                subject_key=subject_of(current),
                by=by,
                on=on,
                now=now,
                clauses=("2.5-ED3",),
                group=group,
            )
    meet_date(current, Deadline.Kind.DELIVERY, by=by, now=now)
    drop_dates(current, now=now)
    current.refresh_from_db()
    return current


@transaction.atomic
def confirm_event(
    *,
    booking: Booking,
    confirmed_on: date,
    by: User,
    now: datetime,
    short_notice_agreed: bool = False,
) -> Booking:
    """Record the written confirmation of an Azure event; its date decides (2.4-AE13)."""
    require_account_manager(by)
    current = take(booking)
    if not is_event(current):
        raise ValueError(f"{current} is no Azure event")
    today = local_date(now, zone_of(current))
    refuse_after(today, confirmed_on, field="event_confirmed_on", clause="2.4-AE13")
    _check_notice(current, confirmed_on, agreed=short_notice_agreed)
    Booking.objects.filter(pk=current.pk).update(
        event_confirmed_on=confirmed_on,
        short_notice_agreed=short_notice_agreed,
        version=current.version + 1,
    )
    meet_date(current, Deadline.Kind.EVENT_CONFIRMATION, by=by, now=now)
    current.refresh_from_db()
    return current


def _check_notice(booking: Booking, confirmed_on: date | None, *, agreed: bool) -> None:
    check_event_notice(
        terms_of(booking.order.edition).event,
        activity_start=event_day(booking),
        confirmed_on=confirmed_on,
        short_notice_agreed=agreed,
    )
