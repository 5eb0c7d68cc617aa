"""Tasks of an onboarding, and the parts that are complete when their tasks are."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from services.scheduling.actions.lines import hold_line, require_standing_order
from services.scheduling.models import OnboardingTask
from services.scheduling.queries.onboarding import parts_of
from services.scheduling.rules.onboarding import check_part_complete
from workorders.actions.deadlines import meet_deadline
from workorders.actions.orders import record_intake
from workorders.models import Deadline, WorkOrderLine
from workorders.queries.locations import zone_of

Part = OnboardingTask.Part
# The clause that asks for each part.
CLAUSES = {Part.INTAKE: "2.4-AP10", Part.MATERIAL: "2.4-AP38", Part.ONBOARDING: "2.4-AP13"}
UER_CLAUSE = "2.5-UE15"


@transaction.atomic
def ask_task(
    *, line: WorkOrderLine, part: str, title: str, owner: str, by: User, now: datetime
) -> OnboardingTask:
    """Put something on the list of what the onboarding waits for.

    A part that was called complete takes no more tasks.
    """
    require_account_manager(by)
    words = written(title, field="title", limit=160, required=True)
    held = hold_line(line)
    require_standing_order(held, local_date(now, zone_of(held.order.customer)))
    due = _part_deadline(held, part)
    if due is not None and due.met_at is not None and due.met_at <= now:
        raise Refused("part_complete", clause=_clause(held, part), field="part")
    return OnboardingTask.objects.create(
        customer=held.order.customer,
        line=held,
        part=part,
        title=words,
        owner=owner,
        asked_at=now,
        asked_by=by,
    )


@transaction.atomic
def begin_onboarding(
    *, line: WorkOrderLine, tasks: Iterable[tuple[str, str, str]], by: User, now: datetime
) -> list[OnboardingTask]:
    """Begin with a list of tasks, (part, owner, title) each; once, on an empty list."""
    require_account_manager(by)
    held = hold_line(line)
    if OnboardingTask.objects.filter(line=held).exists():
        raise Refused("already_recorded", clause=_clause(held, Part.ONBOARDING))
    return [
        ask_task(line=held, part=part, owner=owner, title=title, by=by, now=now)
        for part, owner, title in tasks
        if part in parts_of(held)
    ]


@transaction.atomic
def complete_task(
    *, task: OnboardingTask, by: User, now: datetime, note: str = ""
) -> OnboardingTask:
    """Record that a task is done; the customer's people do their own, staff all of them."""
    require_acting_person(by)
    words = written(note, field="note", limit=300)
    current = _open_task(task)
    if by.is_customer and current.owner != Deadline.Owner.CUSTOMER:
        raise Refused("not_allowed", role=by.role)
    current.done_at = now
    current.done_by = by
    current.note = words
    current.save(update_fields=["done_at", "done_by", "note"])
    return current


@transaction.atomic
def drop_task(*, task: OnboardingTask, by: User, now: datetime) -> OnboardingTask:
    """Take a task off the list: it isn't needed."""
    require_account_manager(by)
    current = _open_task(task)
    current.dropped_at = now
    current.dropped_by = by
    current.save(update_fields=["dropped_at", "dropped_by"])
    return current


@transaction.atomic
def complete_part(
    *, line: WorkOrderLine, part: str, by: User, now: datetime, at: datetime | None = None
) -> WorkOrderLine:
    """Say that a part of the onboarding is complete; that meets its deadline.

    A complete intake document opens the two gated features, at `at` or now (2.4-AP11).
    Refuses `tasks_open` while something of it is missing.
    """
    require_account_manager(by)
    held = hold_line(line)
    due = _part_deadline(held, part)
    left = OnboardingTask.objects.filter(line=held, part=part).open().count()
    check_part_complete(part, open_tasks=left, clause=_clause(held, part))
    if part == Part.INTAKE:
        return record_intake(line=held, at=at or now, by=by, now=now)
    if due is None or due.met_at is not None:
        raise Refused("already_recorded", clause=_clause(held, part))
    meet_deadline(deadline=due, by=by, now=now)
    return held


def _open_task(task: OnboardingTask) -> OnboardingTask:
    """The task as it stands, held; refused when it is over."""
    current = (
        OnboardingTask.objects.select_for_update(of=("self",))
        .select_related("line__order__customer", "line__offering", "customer")
        .get(pk=task.pk)
    )
    if current.done_at is not None or current.dropped_at is not None:
        raise Refused("already_recorded")
    return current


def _part_deadline(line: WorkOrderLine, part: str) -> Deadline | None:
    """The deadline of a part; refused for a part that the line doesn't have."""
    kind = parts_of(line).get(part)
    if kind is None:
        raise Refused("no_such_part", clause="2.4-AP8", field="part")
    rows = Deadline.objects.current().filter(subject_key=f"line:{line.pk}", kind=kind)
    return rows.first()


def _clause(line: WorkOrderLine, part: str) -> str:
    is_of_uer = Part.INTAKE not in parts_of(line)
    return UER_CLAUSE if is_of_uer else CLAUSES[Part(part)]
