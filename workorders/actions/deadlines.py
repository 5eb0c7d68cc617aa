"""Writes of deadlines: set again, met, waived, withdrawn, put off. Nothing is forgotten.

Every action that makes a date true says so by `refresh_deadlines`: these are the dates of
this subject, no others. What resolves one says `meet_deadlines`, and an action after
which nothing is due any more `withdraw_deadlines`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.actions.checks import require_account_manager
from accounts.actions.outbox import withhold
from accounts.models import Customer, Location, User
from accounts.rules.calendar_days import end_of_day
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from workorders.models import Deadline, WorkOrder
from workorders.queries.execution import PlannedDeadline

# Recalculations of one date at the same moment are rare; each attempt lets one through.
ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """What deadlines belong to: a booking, an incident, a line; `key` as in ``booking:12``."""

    key: str
    label: str
    customer: Customer
    order: WorkOrder | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One date of a subject: of which kind, whose turn it is, and how it follows."""

    kind: str
    owner: str
    date: Explained[date]


@transaction.atomic
def refresh_deadlines(
    *, subject: Subject, dates: Iterable[Due], kinds: Collection[str], now: datetime
) -> list[Deadline]:
    """Make these the dates of a subject, as far as `kinds` go.

    A date that is the same stays as it is, another one replaces it, an open one that is no
    longer among them becomes history. Each date says in which zone it counts.
    """
    wanted = list(dates)
    if strange := [one.kind for one in wanted if one.kind not in kinds]:
        raise ValueError(f"dates of kinds that aren't refreshed: {strange}")
    written = [
        set_deadline(
            kind=one.kind,
            subject_key=subject.key,
            subject_label=subject.label,
            customer=subject.customer,
            order=subject.order,
            location=subject.location,
            due=one.date,
            zone=one.date.zone,
            owner=one.owner,
            now=now,
        )
        for one in wanted
    ]
    for kind in set(kinds) - {one.kind for one in wanted}:
        withdraw_deadlines(subject_key=subject.key, kind=kind, now=now)
    return written


def set_deadline(
    *,
    kind: str,
    subject_key: str,
    customer: Customer,
    due: Explained[date],
    zone: str,
    owner: str,
    now: datetime,
    order: WorkOrder | None = None,
    location: Location | None = None,
    subject_label: str = "",
) -> Deadline:
    """Write down by when somebody must act; a recalculation replaces the earlier row.

    The same date with the same explanation changes nothing. A replaced row stays as
    history; a deadline that was met or waived and gets another date is open again.
    """
    row = Deadline(
        customer=customer,
        order=order,
        location=location,
        kind=kind,
        subject_key=subject_key,
        subject_label=subject_label[:200],
        owner=owner,
        due_on=due.result,
        due_at=end_of_day(due.result, zone),
        zone=zone,
        explained=due.as_data(),
        clauses=list(due.clauses),
        created_at=now,
        remind_at=now,
    )
    for _attempt in range(ATTEMPTS):
        try:
            return _put_in_place(row)
        except IntegrityError:
            continue  # set by somebody else in this moment: theirs is replaced in turn
    return _put_in_place(row)


def set_planned_deadline(
    *, order: WorkOrder, planned: PlannedDeadline, zone: str, now: datetime
) -> Deadline:
    """Write down a date of an order, as execution or a recalculation plans it."""
    return set_deadline(
        kind=planned.kind,
        subject_key=planned.subject_key,
        subject_label=planned.subject_label,
        customer=order.customer,
        order=order,
        due=planned.due,
        zone=zone,
        owner=planned.owner,
        now=now,
    )


@transaction.atomic
def _put_in_place(row: Deadline) -> Deadline:
    """Replace what stands there by `row`, unless it says the same."""
    current = (
        Deadline.objects.current()
        .select_for_update(of=("self",))
        .filter(kind=row.kind, subject_key=row.subject_key)
        .first()
    )
    if current is not None:
        same = (current.due_on, current.zone, current.explained)
        if same == (row.due_on, row.zone, row.explained):
            return current
        withdraw_deadline(deadline=current, now=row.created_at)
    row.save(force_insert=True)
    return row


@transaction.atomic
def meet_deadline(*, deadline: Deadline, by: User | None, now: datetime) -> Deadline:
    """Record that what was due has been done; a second time changes nothing."""
    current = _fresh(deadline)
    if current.waived_at is not None:
        raise Refused("deadline_waived", due_on=current.due_on)
    if current.met_at is None:
        current.met_at = now
        current.met_by = by
        current.save(update_fields=["met_at", "met_by"])
        _take_back_reminders([current.pk], now)
    return current


@transaction.atomic
def meet_deadlines(*, subject_key: str, kind: str, by: User | None, now: datetime) -> int:
    """What was due of this kind for a subject has been done; the number that were open."""
    due = Deadline.objects.open().filter(subject_key=subject_key, kind=kind)
    return len([meet_deadline(deadline=one, by=by, now=now) for one in due])


@transaction.atomic
def waive_deadline(*, deadline: Deadline, by: User, reason: str, now: datetime) -> Deadline:
    """Give up a deadline; who, when and why are kept and shown."""
    require_account_manager(by)
    written = _written(reason, limit=300)
    current = _fresh(deadline)
    if current.met_at is not None:
        raise Refused("deadline_met", due_on=current.due_on)
    current.waived_at = now
    current.waived_by = by
    current.waived_reason = written
    current.save(update_fields=["waived_at", "waived_by", "waived_reason"])
    _take_back_reminders([current.pk], now)
    return current


@transaction.atomic
def withdraw_deadlines(*, subject_key: str, now: datetime, kind: str = "") -> int:
    """Nothing is due for this subject any more: its open deadlines become history."""
    open_ones = Deadline.objects.open().filter(subject_key=subject_key)
    if kind:
        open_ones = open_ones.filter(kind=kind)
    gone = list(open_ones.values_list("pk", flat=True))
    if gone:
        _take_back_reminders(gone, now)
    return open_ones.filter(pk__in=gone).update(superseded_at=now)


def withdraw_deadline(*, deadline: Deadline, now: datetime) -> None:
    """Replaced by another date, or by nothing; the row stays as history."""
    deadline.superseded_at = now
    deadline.save(update_fields=["superseded_at"])
    _take_back_reminders([deadline.pk], now)


@transaction.atomic
def snooze_deadline(
    *, deadline: Deadline, until: datetime, reason: str, by: User, now: datetime
) -> Deadline:
    """Take a deadline off the attention queue for a while; the date itself stays."""
    require_account_manager(by)
    written = _written(reason, limit=200)
    current = _fresh(deadline)
    if until <= now:
        raise Refused("in_the_past", field="until", until=until, now=now)
    if until > current.due_at > now:
        raise Refused("snooze_past_the_deadline", field="until", due_on=current.due_on)
    current.snoozed_until = until
    current.snoozed_reason = written
    current.save(update_fields=["snoozed_until", "snoozed_reason"])
    return current


def _take_back_reminders(deadlines: Iterable[int], now: datetime) -> None:
    """Reminders that were written and wait for the morning would ask for what is settled."""
    withhold(subject_keys=[f"deadline:{pk}" for pk in deadlines], now=now)


def _fresh(deadline: Deadline) -> Deadline:
    """The row as it stands, locked; refused when a later calculation replaced it."""
    current = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
    if current.superseded_at is not None:
        same = {"kind": current.kind, "subject_key": current.subject_key}
        later = Deadline.objects.current().filter(**same).first()
        if later is None:
            raise Refused("deadline_withdrawn")
        raise Refused("deadline_replaced", due_on=later.due_on)
    return current


def _written(reason: str, *, limit: int) -> str:
    text = reason.strip()
    if not text:
        raise Refused("reason_required", field="reason")
    if len(text) > limit:
        raise Refused("too_long", field="reason", limit=limit)
    return text
