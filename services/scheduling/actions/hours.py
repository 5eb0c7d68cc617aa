"""Log delivered hours against what is left of them, and take back what was logged wrongly."""

from datetime import date, datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from services.scheduling.actions.checks import hold
from services.scheduling.models import Engineer, HourLog
from services.scheduling.queries.hours import binding_hours
from services.scheduling.rules.hours import check_logged_hours
from workorders.actions import ledger
from workorders.actions.holdings import move_units
from workorders.models import Account, Entitlement, Transfer
from workorders.models.orders import Unit


@transaction.atomic
def log_hours(
    *,
    entitlement: Entitlement,
    worked_on: date,
    minutes: int,
    note: str,
    by: User,
    now: datetime,
    engineer: Engineer | None = None,
    idempotency_key: str = "",
) -> HourLog:
    """Take delivered `minutes` off what is neither booked nor used (2.5-ED3).

    Refused (`insufficient_hours`) when less is left: hours that are reserved for a session
    are delivered with it. The day lies in the days of use, at the place of delivery.
    """
    require_account_manager(by)
    key = f"hours:{by.pk}:{idempotency_key}" if idempotency_key else None
    words = written(note, field="note", limit=300, required=True)
    held = hold(entitlement)
    if held.unit != Unit.MINUTE:
        raise Refused("not_sold_in_hours", clause="2.5-ED2, 2.3-OP6", field="entitlement")

    def act() -> HourLog:
        _check_day(held, worked_on, minutes, now)
        log = HourLog.objects.create(
            customer=held.order.customer,
            order=held.order,
            entitlement=held,
            location=held.location,
            worked_on=worked_on,
            minutes=minutes,
            note=words,
            engineer=engineer,
            logged_at=now,
            logged_by=by,
        )
        move_units(
            entitlement=held,
            source=Account.Bucket.AVAILABLE,
            target=Account.Bucket.DELIVERED,
            kind=Transfer.Kind.DELIVER,
            quantity=minutes,
            subject_key=f"hours:{log.pk}",
            by=by,
            on=worked_on,
            now=now,
            reason=words,
            clauses=("2.5-ED3",),
            idempotency_key=key,
        )
        return log

    return ledger.once(key, act=act, earlier=_log_of)


@transaction.atomic
def take_back_hours(*, log: HourLog, reason: str, by: User, now: datetime) -> HourLog:
    """Undo a log by a movement the other way round; both stay on record (2.5-ED3).

    It counts today at the place of delivery, so what was told of earlier days stays true.
    Once: the second time is refused (`already_reversed`).
    """
    require_account_manager(by)
    why = written(reason, field="reason", limit=300, required=True)
    held = hold(log.entitlement)
    logged = Transfer.objects.get(subject_key=f"hours:{log.pk}", kind=Transfer.Kind.DELIVER)
    ledger.reverse(logged, on=local_date(now, held.location.time_zone), now=now, by=by, reason=why)
    return log


def _check_day(held: Entitlement, worked_on: date, minutes: int, now: datetime) -> None:
    if held.order.executed_at is None:
        raise Refused("not_executed", clause="1-A4")
    if worked_on < held.usable_from:
        raise Refused("too_early", clause="2.3-P4", field="worked_on", first_day=held.usable_from)
    if worked_on > held.usable_until:
        raise Refused("too_late", clause="2.7-T10", field="worked_on", last_day=held.usable_until)
    check_logged_hours(
        binding_hours(held),
        worked_on=worked_on,
        minutes=minutes,
        today=local_date(now, held.location.time_zone),
    )


def _log_of(transfer: Transfer) -> HourLog:
    """The log of an earlier movement."""
    return HourLog.objects.get(pk=transfer.subject_key.removeprefix("hours:"))
