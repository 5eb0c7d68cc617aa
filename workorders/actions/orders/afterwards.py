"""What happens to an executed order: intake, early termination, overridden refusals."""

from datetime import date, datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager
from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from workorders.actions.deadlines import meet_deadline, set_planned_deadline, withdraw_deadline
from workorders.actions.orders.amendments import hold_order
from workorders.actions.orders.drafts import count_edit
from workorders.models import Deadline, Entitlement, Override, WorkOrder, WorkOrderLine
from workorders.models.entitlements import EntitlementQuerySet
from workorders.queries.agreement import MCSAP
from workorders.queries.dependants import (
    SUSPENDED,
    dependants_of,
    dependent_dates,
    early_end_of_base,
)
from workorders.queries.ending import amendments_ending, drafts_ending, falling_deadlines
from workorders.queries.execution import term_deadlines
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.term import check_ending_day

# The closed list of 0-C17 with its clauses, and what a clause itself leaves to staff.
OVERRIDABLE: dict[str, tuple[str, ...]] = {
    "host_only": ("2.5-UE22", "0-C17"),
    "portal_required": ("2.8-C8", "0-C17"),
    "after_onboarding": ("2.4-AP37", "0-C17"),
    "staff_approval_required": ("2.5-DS4",),
    "late_request": ("2.8-C20",),
    "rescheduling_charge": ("2.7-T19",),
    "fewer_events": ("2.4-AE8", "2.4-AE9"),
    "customer_resources": ("2.4-AE15",),
}


@transaction.atomic
def record_intake(*, line: WorkOrderLine, at: datetime, by: User, now: datetime) -> WorkOrderLine:
    """Record when the MCSAP intake document was complete; that opens the reactive features.

    The gate opens at that instant, however late (2.4-AP11). Once.
    """
    require_account_manager(by)
    current = (
        WorkOrderLine.objects.select_related("order", "offering")
        .select_for_update(of=("self",))
        .get(pk=line.pk)
    )
    if current.offering.code != MCSAP and MCSAP not in current.offering.includes:
        raise Refused("not_mcsap", clause="2.4-AP10", field="line")
    if current.order.executed_at is None:
        raise Refused("not_executed", clause="2.4-AP10")
    if current.intake_completed_at is not None:
        raise Refused("already_recorded", clause="2.4-AP10", at=current.intake_completed_at)
    if at > now:
        raise Refused("in_the_future", clause="2.4-AP10", field="at", at=at, now=now)
    current.intake_completed_at = at
    current.save(update_fields=["intake_completed_at"])
    due = Deadline.objects.open().filter(
        kind=Deadline.Kind.MCSAP_INTAKE, subject_key=f"line:{current.pk}"
    )
    for deadline in due:
        meet_deadline(deadline=deadline, by=by, now=at)
    return current


@transaction.atomic
def terminate_order(
    *, order: WorkOrder, on: date, reason: str, by: User, now: datetime
) -> WorkOrder:
    """End an order early, with the end of `on`; what is unused then lapses (2.7-T10).

    The last day is still in force (0-C16). It can't lie in the past: services used since
    then would have had no ground. Its amendments end with it, and so do services that
    other orders sell under its base package (2.1-B1); what that is, `ending_of` tells.
    """
    require_account_manager(by)
    current = hold_order(order)
    zone = zone_of(current.customer)
    _check_termination(current, on, local_date(now, zone), reason)
    dependants = dependants_of(current, on)
    held = WorkOrder.objects.select_for_update(of=("self",))
    amendments = list(amendments_ending(current, on).select_for_update(of=("self",)))
    for one in (current, *amendments):
        one.terminated_on = on
        one.termination_reason = reason.strip()
        count_edit(one, by=by, now=now, change="terminated")
        _end_entitlements(Entitlement.objects.filter(order=one), on)
        _reset_deadlines(one, zone, now)
        if (ended := early_end_of_base(one)) is not None:
            _reset_dependent_dates(one, ended, zone, now)
    for draft in drafts_ending(current, dependants, on).select_for_update(of=("self",)):
        draft.ends_on = on
        count_edit(draft, by=by, now=now, change="changed: ends_on")
    # What is being booked of them is finished first, and what comes later sees the new end.
    list(held.filter(pk__in=[one.pk for one in dependants]).order_by("pk"))
    _end_entitlements(
        Entitlement.objects.filter(order__in=dependants).exclude(
            offering__co_termination=SUSPENDED
        ),
        on,
    )
    for one in dependants:
        _reset_dependent_dates(one, on, zone, now)
    return current


@transaction.atomic
def override_refusal(
    *,
    customer: Customer,
    subject_key: str,
    code: str,
    reason: str,
    by: User,
    now: datetime,
) -> Override:
    """Record that staff override a refusal, with the reason that is shown with the result.

    Only what is on the closed list of 0-C17, and what a clause itself leaves to staff.
    """
    require_account_manager(by)
    if code not in OVERRIDABLE:
        raise Refused("not_overridable", clause="0-C17", code_refused=code)
    if not reason.strip():
        raise Refused("reason_required", clause="0-C17", field="reason")
    return Override.objects.create(
        customer=customer,
        subject_key=subject_key,
        code=code,
        clauses=list(OVERRIDABLE[code]),
        reason=reason.strip(),
        by=by,
        at=now,
    )


def _check_termination(order: WorkOrder, on: date, today: date, reason: str) -> None:
    if order.executed_at is None:
        raise Refused("not_executed", clause="0-C16")
    check_ending_day(on, today, first_day=order.starts_on, last_day=last_day_of(order))
    if not reason.strip():
        raise Refused("reason_required", field="reason")
    if len(reason.strip()) > 300:
        raise Refused("too_long", field="reason", limit=300)


def _end_entitlements(held: EntitlementQuerySet, on: date) -> None:
    """Those that would begin later are never usable; the sweep lapses them with the rest."""
    held.filter(usable_until__gt=on, usable_from__lte=on).update(usable_until=on)


def _reset_deadlines(order: WorkOrder, zone: str, now: datetime) -> None:
    """The dates that hang on the end move; those after it are withdrawn."""
    planned = list(term_deadlines(order, zone))
    for due in planned:
        set_planned_deadline(order=order, planned=due, zone=zone, now=now)
    kept = {(due.kind, due.subject_key) for due in planned}
    for deadline in falling_deadlines(order):
        if (deadline.kind, deadline.subject_key) not in kept:
            withdraw_deadline(deadline=deadline, now=now)


def _reset_dependent_dates(order: WorkOrder, on: date, zone: str, now: datetime) -> None:
    """Dates of services that other orders sell under the base package that ends (2.1-B1)."""
    for deadline, planned in list(dependent_dates(order, on, Deadline.objects.open())):
        if planned is None:
            withdraw_deadline(deadline=deadline, now=now)
        else:
            set_planned_deadline(order=order, planned=planned, zone=zone, now=now)
