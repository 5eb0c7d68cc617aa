"""When somebody is reminded of a deadline, and when their lead hears of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.rules.business_time import (
    BusinessHours,
    add_business_minutes,
    is_business_day,
    is_open,
)
from accounts.rules.calendar_days import end_of_day

# A calendar that never opens within this many days is no reason to keep silent.
FARTHEST_FORWARD = 30
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """How a kind of deadline is announced.

    `offsets` are days before the last day, the farthest first, 0 being the last day.
    `escalate_at` is the offset from which the lead is told as well, if nobody acted.
    A `for_staff` deadline is a matter of Microsoft's own people.
    """

    offsets: tuple[int, ...]
    escalate_at: int | None = None
    for_staff: bool = False


def reminder_moment(hours: BusinessHours, due_on: date, offset: int) -> datetime:
    """When the reminder of so many days before goes out to somebody with these hours.

    At the opening of that day, or of the business day before it when it is none: brought
    forward, never back.

    Clause: 2.8-C20, 0-C1
    """
    day = _business_day_by(hours, due_on - timedelta(days=offset))
    return datetime.combine(day, hours.opens, ZoneInfo(hours.zone)).astimezone(UTC)


def offset_reached(
    hours: BusinessHours, due_on: date, offsets: Iterable[int], now: datetime
) -> int | None:
    """The most urgent offset whose moment has come; None before the first.

    Clause: 2.8-C20, 0-C1
    """
    reached = [one for one in offsets if reminder_moment(hours, due_on, one) <= now]
    return min(reached, default=None)


def delivery_moment(hours: BusinessHours, now: datetime, due_at: datetime) -> datetime:
    """When mail written now goes out: in the reader's hours, but never after the deadline.

    Clause: 2.8-C20, 0-C1
    """
    if is_open(hours, now):
        return now
    opening = add_business_minutes(hours, now, 0)
    return opening if opening <= due_at else now


def digest_moment(hours: BusinessHours, on: date) -> datetime:
    """When the digest of the week of `on` goes out: at the opening of its Monday.

    If that is no business day, of the last one before it.

    Clause: 2.8-C20
    """
    monday = on - timedelta(days=on.weekday() - MONDAY)
    return reminder_moment(hours, monday, 0)


def is_in_a_digest(
    hours: BusinessHours, *, created_at: datetime, due_on: date, zone: str, on: date
) -> bool:
    """Whether a weekly digest tells of a deadline in time: the last one did or the next one will.

    `on` is today's date for the reader. One written after this week's digest and due
    before the next is told by itself.

    Clause: 2.8-C20
    """
    if created_at <= digest_moment(hours, on):
        return True
    return digest_moment(hours, on + timedelta(days=7)) <= end_of_day(due_on, zone)


def _business_day_by(hours: BusinessHours, day: date) -> date:
    """That day or the last business day before it."""
    wanted = day
    for _step in range(FARTHEST_FORWARD):
        if is_business_day(hours, day):
            return day
        day -= timedelta(days=1)
    return wanted - timedelta(days=FARTHEST_FORWARD)
