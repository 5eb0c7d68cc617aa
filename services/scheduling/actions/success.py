"""Writes of success plans: objectives, activities, actions, deliveries, evidence of duties."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date, refuse_after
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.catalog.models import PillarActivity
from services.scheduling.models import (
    Booking,
    DutyEvidence,
    SuccessAction,
    SuccessActivity,
    SuccessObjective,
)
from services.scheduling.rules.success import DUTIES
from workorders.actions.deadlines import meet_deadlines, set_deadline, withdraw_deadlines
from workorders.models import Deadline
from workorders.queries.locations import zone_of

KIND = Deadline.Kind.SUCCESS_ACTIVITY
Row = TypeVar("Row", SuccessObjective, SuccessActivity, SuccessAction)


@transaction.atomic
def add_objective(
    *,
    customer: Customer,
    title: str,
    measure: str,
    due_on: date,
    owner: str,
    by: User,
    now: datetime,
    owner_name: str = "",
) -> SuccessObjective:
    """Write down what is to be reached, how that is seen, and by when."""
    require_account_manager(by)
    return SuccessObjective.objects.create(
        customer=customer,
        title=written(title, field="title", limit=160, required=True),
        measure=written(measure, field="measure", limit=300, required=True),
        due_on=due_on,
        **_author(owner, owner_name, by, now),
    )


@transaction.atomic
def achieve_objective(
    *, objective: SuccessObjective, on: date, result: str, by: User, now: datetime
) -> SuccessObjective:
    """Say that an objective is reached, and what shows it."""
    require_account_manager(by)
    words = written(result, field="result", limit=300, required=True)
    current = _standing(SuccessObjective, objective)
    _check_past(on, current.customer, now)
    return _changed(current, achieved_on=on, result=words)


@transaction.atomic
def plan_activity(
    *,
    customer: Customer,
    pillar_activity: str,
    title: str,
    starts_on: date,
    due_on: date,
    owner: str,
    by: User,
    now: datetime,
    owner_name: str = "",
    objective: SuccessObjective | None = None,
) -> SuccessActivity:
    """Plan an activity of one of the pillars for a period, both days included."""
    require_account_manager(by)
    words = written(title, field="title", limit=160, required=True)
    if due_on < starts_on:
        raise Refused("ends_before_start", field="due_on")
    if not PillarActivity.objects.filter(code=pillar_activity).exists():
        raise Refused("no_such_activity", clause="B-S3, B-S9, B-S14", field="pillar_activity")
    if objective is not None:
        if objective.customer_id != customer.pk:
            raise ValueError("the objective is another customer's")
        objective = _standing(SuccessObjective, objective)
    activity = SuccessActivity.objects.create(
        customer=customer,
        objective=objective,
        pillar_activity=pillar_activity,
        title=words,
        starts_on=starts_on,
        due_on=due_on,
        **_author(owner, owner_name, by, now),
    )
    _set_date(activity, now)
    return activity


@transaction.atomic
def finish_activity(
    *, activity: SuccessActivity, on: date, outcome: str, by: User, now: datetime
) -> SuccessActivity:
    """Record that an activity is done, and what came of it; its actions have to be done."""
    require_account_manager(by)
    words = written(outcome, field="outcome", limit=500, required=True)
    current = _standing(SuccessActivity, activity)
    _check_past(on, current.customer, now)
    left = SuccessAction.objects.filter(activity=current, done_on=None).count()
    if left:
        raise Refused("actions_open", clause="B-S10", count=left)
    meet_deadlines(subject_key=_key(current), kind=KIND, by=by, now=now)
    return _changed(current, done_on=on, outcome=words)


@transaction.atomic
def drop_from_plan(
    *, row: SuccessObjective | SuccessActivity, reason: str, by: User, now: datetime
) -> SuccessObjective | SuccessActivity:
    """Give up an objective or an activity; the reason stays with it."""
    require_account_manager(by)
    words = written(reason, field="reason", limit=300, required=True)
    if isinstance(row, SuccessObjective):
        return _changed(_standing(SuccessObjective, row), dropped_reason=words)
    activity = _standing(SuccessActivity, row)
    withdraw_deadlines(subject_key=_key(activity), now=now)
    return _changed(activity, dropped_reason=words)


@transaction.atomic
def link_deliveries(
    *, activity: SuccessActivity, bookings: Collection[Booking], by: User, now: datetime
) -> SuccessActivity:
    """Say which bookings are for an activity: these, no others. Cancelled ones are not."""
    require_account_manager(by)
    current = _held(SuccessActivity, activity)
    for booking in bookings:
        if booking.customer_id != current.customer_id:
            raise ValueError(f"{booking} is another customer's")
        if booking.cancelled_at is not None:
            raise Refused("already_cancelled", field="bookings", at=booking.cancelled_at)
    current.bookings.set(bookings)
    return current


@transaction.atomic
def add_action(
    *,
    activity: SuccessActivity,
    title: str,
    due_on: date,
    owner: str,
    by: User,
    now: datetime,
    owner_name: str = "",
) -> SuccessAction:
    """Add a step to an activity that isn't over."""
    require_account_manager(by)
    words = written(title, field="title", limit=160, required=True)
    current = _standing(SuccessActivity, activity)
    return SuccessAction.objects.create(
        customer=current.customer,
        activity=current,
        title=words,
        due_on=due_on,
        **_author(owner, owner_name, by, now),
    )


@transaction.atomic
def finish_action(*, action: SuccessAction, by: User, now: datetime) -> SuccessAction:
    """Record that a step is done; the customer's people do their own, staff all of them."""
    require_acting_person(by)
    current = _held(SuccessAction, action)
    if by.is_customer and current.owner != Deadline.Owner.CUSTOMER:
        raise Refused("not_allowed", role=by.role)
    if current.done_on is not None:
        raise Refused("already_recorded")
    return _changed(current, done_on=local_date(now, zone_of(current.customer)))


@transaction.atomic
def record_evidence(
    *,
    customer: Customer,
    clause: str,
    evidence: str,
    on: date,
    owner: str,
    by: User,
    now: datetime,
    owner_name: str = "",
) -> DutyEvidence:
    """Keep evidence that a responsibility of section 2.8 is met; earlier evidence stays."""
    require_acting_person(by)
    words = written(evidence, field="evidence", limit=500, required=True)
    if clause not in DUTIES:
        raise Refused("no_such_responsibility", clause="2.8-C1", field="clause")
    _check_past(on, customer, now)
    return DutyEvidence.objects.create(
        customer=customer,
        clause=clause,
        evidence=words,
        on=on,
        **_author(owner, owner_name, by, now),
    )


def _key(activity: SuccessActivity) -> str:
    return f"activity:{activity.pk}"


def _set_date(activity: SuccessActivity, now: datetime) -> None:
    """By when it is done: its own last day, which counts where the host is."""
    zone = zone_of(activity.customer)
    set_deadline(
        kind=KIND,
        subject_key=_key(activity),
        subject_label=activity.title,
        customer=activity.customer,
        due=Explained(
            activity.due_on,
            inputs=(("first_day", activity.starts_on), ("last_day", activity.due_on)),
            clauses=("B-S10",),
            readings=("0-C1",),
            zone=zone,
        ),
        zone=zone,
        owner=activity.owner,
        now=now,
    )


def _author(owner: str, owner_name: str, by: User, now: datetime) -> dict[str, Any]:
    return {
        "owner": owner,
        "owner_name": written(owner_name, field="owner_name", limit=120),
        "created_at": now,
        "created_by": by,
    }


def _held(model: type[Row], row: Row) -> Row:
    rows: Any = model._default_manager.select_for_update(of=("self",))
    found: Row = rows.select_related("customer").get(pk=row.pk)
    return found


def _standing(model: type[Row], row: Row) -> Row:
    """The row as it stands, held; refused when it is over."""
    current = _held(model, row)
    over = ("achieved_on", "done_on", "dropped_reason")
    if any(getattr(current, name, None) for name in over):
        raise Refused("plan_row_over", clause="B-S10")
    return current


def _check_past(on: date, customer: Customer, now: datetime) -> None:
    refuse_after(local_date(now, zone_of(customer)), on, field="on")


def _changed(row: Row, **columns: Any) -> Row:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    return row
