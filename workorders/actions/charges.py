"""Charges that are billed besides the price of the lines: recorded, and taken back."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.actions.checks import require_account_manager
from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from workorders.models import Charge, OrderLocation, WorkOrder
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.billing_parts import check_travel

Kind = Charge.Kind

# What people record; the other kinds are written by the act that causes them.
AGREED: dict[str, tuple[str, ...]] = {
    Kind.TRAVEL: ("2.7-T29", "2.3-P7"),
    Kind.OTHER: ("2.6-M20",),
}
LONGEST_TEXT = 200


@transaction.atomic
def record_charge(
    *,
    order: WorkOrder,
    location: Location,
    kind: str,
    amount: Money,
    on: date,
    text: str,
    by: User,
    now: datetime,
    agreed_on: date | None = None,
    prepaid: bool = False,
    billable_on: date | None = None,
    offering: Offering | None = None,
    idempotency_key: str = "",
) -> Charge:
    """Record a charge that both sides agreed: travel for a visit `on` a day, or another.

    Travel is billed only when it was agreed by the day of the visit and not paid in
    advance. The charge is in the currency of the order, at a location that it lists, for
    a day of its term; it is billable from that day unless a later one is given. A key
    used before answers with the charge of that time, or is refused for another one.
    """
    require_account_manager(by)
    if kind not in AGREED:
        raise Refused("charge_not_recorded_by_hand", field="kind")
    written = text.strip()
    _check_place(order, location)
    _check_amount(order, amount)
    _check_day(order, on, billable_on)
    _check_text(written)
    if kind == Kind.TRAVEL:
        check_travel(agreed_on=agreed_on, visit_on=on, prepaid=prepaid)
    row = Charge(
        order=order,
        location=location,
        offering=offering,
        kind=kind,
        amount_minor=amount.minor,
        currency=amount.currency,
        billable_on=billable_on or on,
        text=written,
        clauses=list(AGREED[kind]),
        subject_key=_subject(kind, on, agreed_on),
        at=now,
        by=by,
        idempotency_key=f"charge:{order.pk}:{idempotency_key}" if idempotency_key else None,
    )
    return _once(row)


@transaction.atomic
def take_back_charge(
    *,
    charge: Charge,
    reason: str,
    by: User,
    now: datetime,
    idempotency_key: str = "",
) -> Charge:
    """Undo a charge by a new row of the same amount below zero; once.

    The charge itself stays as it was. What is taken back is billable today, or on the
    day of the charge while that lies ahead, so that they meet on one invoice.
    """
    require_account_manager(by)
    current = (
        Charge.objects.select_related("order__customer", "location", "offering")
        .select_for_update(of=("self",))
        .get(pk=charge.pk)
    )
    key = f"take-back:{current.pk}:{idempotency_key}" if idempotency_key else None
    if key and (done := Charge.objects.filter(idempotency_key=key).first()):
        return done
    written = reason.strip()
    if current.reverses_id is not None:
        raise Refused("takes_back_itself", field="charge")
    if earlier := Charge.objects.filter(reverses=current).first():
        raise Refused("already_reversed", field="charge", at=earlier.at)
    _check_text(written, field="reason")
    today = local_date(now, zone_of(current.order.customer))
    return Charge.objects.create(
        order=current.order,
        location=current.location,
        offering=current.offering,
        kind=current.kind,
        amount_minor=-current.amount_minor,
        currency=current.currency,
        billable_on=max(today, current.billable_on),
        text=written,
        clauses=current.clauses,
        subject_key=current.subject_key,
        at=now,
        by=by,
        idempotency_key=key,
        reverses=current,
    )


def _subject(kind: str, on: date, agreed_on: date | None) -> str:
    """The day that the charge is for, and that of the agreement where it needs one."""
    if kind != Kind.TRAVEL or agreed_on is None:
        return f"day:{on.isoformat()}"
    return f"visit:{on.isoformat()}:agreed:{agreed_on.isoformat()}"


def _check_place(order: WorkOrder, location: Location) -> None:
    if order.executed_at is None:
        raise Refused("not_executed", clause="1-A4")
    if not OrderLocation.objects.filter(order=order, location=location).exists():
        raise Refused("location_not_listed", clause="2.6-M3", field="location")


def _check_amount(order: WorkOrder, amount: Money) -> None:
    if amount.currency != order.currency:
        raise Refused(
            "charge_in_other_currency",
            clause="2.6-M21",
            field="amount",
            currency=order.currency,
            asked=amount.currency,
        )
    if amount.minor <= 0:
        raise Refused("charge_not_positive", clause="2.6-M21", field="amount")


def _check_day(order: WorkOrder, on: date, billable_on: date | None) -> None:
    last = last_day_of(order)
    if on < order.starts_on:
        raise Refused("order_not_begun", clause="0-C16", field="on", first_day=order.starts_on)
    if on > last:
        raise Refused("order_ended", clause="0-C16", field="on", last_day=last)
    if billable_on is not None and billable_on < on:
        raise Refused("billed_before_due", field="billable_on", first_day=on)


def _check_text(text: str, *, field: str = "text") -> None:
    if not text:
        raise Refused("reason_required", field=field)
    if len(text) > LONGEST_TEXT:
        raise Refused("too_long", field=field, limit=LONGEST_TEXT)


def _once(row: Charge) -> Charge:
    """Save the charge unless its key did so before; two at once write one."""
    key = row.idempotency_key
    if key is None:
        row.save(force_insert=True)
        return row
    earlier: Callable[[], Charge | None] = Charge.objects.filter(idempotency_key=key).first
    there = earlier()
    if there is None:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            there = earlier()
            if there is None:
                raise
        else:
            return row
    same = ("order_id", "location_id", "kind", "amount_minor", "subject_key", "text")
    if any(getattr(there, name) != getattr(row, name) for name in same):
        raise Refused("idempotency_key_reused", field="Idempotency-Key")
    return there
