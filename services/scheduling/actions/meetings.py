"""Quarterly meetings of UER: planned with their attendees, held with minutes (2.5-UE20)."""

from datetime import date, datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import User
from accounts.rules.calendar_days import local_date, refuse_after, refuse_before
from accounts.rules.refusal import Refused
from services.scheduling.actions.lines import hold_line, require_standing_order
from services.scheduling.actions.meeting_news import tell_of_meeting
from services.scheduling.models import TeamMeeting
from services.scheduling.queries.meetings import KIND, key_of, quarter_begins
from services.scheduling.rules.onboarding import check_meeting_day
from workorders.actions.deadlines import meet_deadlines
from workorders.models import Deadline, WorkOrderLine
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.term import check_day_in_term

CLAUSE = "2.5-UE20"


@transaction.atomic
def plan_meeting(
    *,
    line: WorkOrderLine,
    quarter: int,
    on: date,
    attendees: str,
    by: User,
    now: datetime,
) -> TeamMeeting:
    """Plan the meeting of a quarter, or another day for it; people are told.

    Refused in the past, before the quarter or after the order, and once it was held.
    """
    require_account_manager(by)
    people = written(attendees, field="attendees", limit=500, required=True)
    held = _held(line, quarter, on, now)
    refuse_before(local_date(now, zone_of(held.order.customer)), on, field="on", clause=CLAUSE)
    meeting = _not_held(held, quarter)
    if meeting is None:
        meeting = TeamMeeting(customer=held.order.customer, line=held, quarter=quarter)
    meeting.planned_on, meeting.attendees = on, people
    meeting.planned_at, meeting.planned_by = now, by
    meeting.save()
    tell_of_meeting(meeting, "planned", by=by, now=now)
    return meeting


@transaction.atomic
def hold_meeting(
    *,
    line: WorkOrderLine,
    quarter: int,
    on: date,
    attendees: str,
    minutes: str,
    by: User,
    now: datetime,
) -> TeamMeeting:
    """Record that the meeting of a quarter was held, with its minutes; that meets its deadline.

    It needn't have been planned. Once.
    """
    require_account_manager(by)
    people = written(attendees, field="attendees", limit=500, required=True)
    words = written(minutes, field="minutes", limit=20_000, required=True)
    held = _held(line, quarter, on, now)
    refuse_after(local_date(now, zone_of(held.order.customer)), on, field="on", clause=CLAUSE)
    meeting = _not_held(held, quarter)
    if meeting is None:
        meeting = TeamMeeting(
            customer=held.order.customer,
            line=held,
            quarter=quarter,
            planned_on=on,
            planned_at=now,
            planned_by=by,
        )
    meeting.attendees, meeting.minutes = people, words
    meeting.held_on, meeting.recorded_by = on, by
    meeting.save()
    meet_deadlines(subject_key=key_of(held, quarter), kind=KIND, by=by, now=now)
    tell_of_meeting(meeting, "held", by=by, now=now)
    return meeting


def _held(line: WorkOrderLine, quarter: int, on: date, now: datetime) -> WorkOrderLine:
    """The line, held; the day lies in the term and not before the quarter."""
    held = hold_line(line)
    require_standing_order(held, held.order.starts_on)
    due = Deadline.objects.current().filter(subject_key=key_of(held, quarter), kind=KIND)
    if not due.exists():
        raise Refused("no_such_quarter", clause=CLAUSE, field="quarter", quarter=quarter)
    check_meeting_day(on, quarter_begins=quarter_begins(held, quarter))
    check_day_in_term(on, last_day=last_day_of(held.order), first_day=held.order.starts_on)
    return held


def _not_held(line: WorkOrderLine, quarter: int) -> TeamMeeting | None:
    meeting = TeamMeeting.objects.filter(line=line, quarter=quarter).first()
    if meeting is not None and meeting.held_on is not None:
        raise Refused("already_recorded", clause=CLAUSE)
    return meeting
