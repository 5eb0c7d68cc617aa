"""Reminders of deadlines: in time, in the reader's language, in business hours, once.

A reminder belongs to a number of days before the last day. It goes out at 08:00 in the
reader's zone on that day; if the reader doesn't work then, on the business day before:
brought forward, never back. Of several that were missed only the most urgent one is
sent. The outbox keeps one message for each deadline, reader, offset and channel.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import Location, User
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import (
    BusinessHours,
    add_business_minutes,
    is_business_day,
    is_open,
)
from accounts.rules.calendar_days import local_date
from accounts.wording.calendars import calendar_text
from workorders.models import Deadline
from workorders.queries.deadlines import times_replaced
from workorders.queries.lapsing import lapsing_with
from workorders.queries.locations import host_of
from workorders.queries.recipients import account_managers_of, administrators_of, contacts_of
from workorders.wording.calendars import deadline_event
from workorders.wording.reminders import ReminderWords

Kind = Deadline.Kind

BATCH = 500
QUIET_UNTIL, QUIET_FROM = time(8), time(18)
# A calendar that never opens within this many days is no reason to keep silent.
FARTHEST_FORWARD = 30

# Days before the last day, by kind; 0 is the last day itself.
OFFSETS: dict[str, tuple[int, ...]] = {
    Kind.REQUEST_CUTOFF: (90, 75, 60, 30, 14, 7, 3, 1, 0),
    Kind.EXPIRY: (90, 60, 30, 14, 7, 1, 0),
    Kind.CONTRACT_YEAR_END: (90, 60, 30, 14, 7, 3, 1, 0),
    Kind.ALLOCATION: (30, 14, 7, 3, 1, 0),
    Kind.MCSAP_INTAKE: (7, 3, 1, 0),
    Kind.MCSAP_MATERIAL: (14, 7, 3, 1, 0),
    Kind.MCSAP_ONBOARDING: (30, 14, 7, 1, 0),
    Kind.MCSAP_MONITORS: (14, 7, 1, 0),
    Kind.UER_ONBOARDING: (30, 14, 7, 1, 0),
    Kind.FREE_CANCELLATION: (3, 1, 0),
    Kind.EVENT_CONFIRMATION: (14, 7, 3, 1, 0),
    Kind.DELIVERY: (7, 1),
    Kind.RCA_REQUEST: (3, 1, 0),
    Kind.RCA_DELIVERY: (5, 2, 1, 0),
    Kind.SIP_WINDOW: (0,),
    Kind.QUARTERLY_REVIEW: (30, 14, 7, 1, 0),
    Kind.MINIMUM_ENROLMENT: (14, 7, 3, 1, 0),
    Kind.RENEWAL_START: (90, 60, 30, 14, 7, 3, 1, 0),
}
# Matters between Microsoft's own people.
WITHOUT_CUSTOMER = frozenset(
    {Kind.MCSAP_MONITORS, Kind.ALLOCATION, Kind.RENEWAL_START, Kind.MINIMUM_ENROLMENT}
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is reminded, with the hours in which mail may reach them."""

    person: User
    hours: BusinessHours
    location: Location | None = None


def announce_deadlines(*, now: datetime) -> int:
    """Write the reminders that are due; the number of messages written.

    Each deadline is looked at when its next reminder is due for somebody, so an idle
    sweep costs one index look-up. Safe to repeat and in many workers at once.
    """
    return sum(_announce_one(pk, now) for pk in _to_look_at(now))


def readers_of(deadline: Deadline, *, on: date) -> Iterator[Reader]:
    """Account managers on a day, the customer's administrators, the location's contacts."""
    for person in account_managers_of(deadline.customer, on):
        yield Reader(person, BusinessHours(person.time_zone, QUIET_UNTIL, QUIET_FROM))
    if deadline.kind in WITHOUT_CUSTOMER:
        return
    host = host_of(deadline.customer)
    for person in administrators_of(deadline.customer):
        yield Reader(person, _hours(person, host))
    if deadline.location is not None:
        for person in contacts_of(deadline.location):
            yield Reader(person, _hours(person, deadline.location), deadline.location)


def send_moment(hours: BusinessHours, due_on: date, offset: int) -> datetime:
    """When the reminder of so many days before goes out to somebody with these hours.

    At the opening of that day, or of the business day before it when it is none.
    """
    day = due_on - timedelta(days=offset)
    for _step in range(FARTHEST_FORWARD):
        if is_business_day(hours, day):
            break
        day -= timedelta(days=1)
    return datetime.combine(day, hours.opens, ZoneInfo(hours.zone)).astimezone(UTC)


def delivery_moment(hours: BusinessHours, now: datetime, due_at: datetime) -> datetime:
    """When mail written now goes out: in the reader's hours, but never after the deadline."""
    if is_open(hours, now):
        return now
    opening = add_business_minutes(hours, now, 0)
    return opening if opening <= due_at else now


def _to_look_at(now: datetime) -> Iterator[int]:
    """The deadlines to look at, in batches; none twice, even if another worker holds it."""
    last = 0
    while True:
        rows = Deadline.objects.to_remind(now).filter(pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


@transaction.atomic
def _announce_one(pk: int, now: datetime) -> int:
    """Look at one deadline, unless another worker does so or has done so."""
    rows = Deadline.objects.to_remind(now).select_related("customer", "location", "order")
    deadline = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    return 0 if deadline is None else _announce(deadline, now)


def _announce(deadline: Deadline, now: datetime) -> int:
    """Remind each reader once of the most urgent offset; then look away until the next."""
    written = 0
    following: list[datetime] = []
    offsets = OFFSETS.get(deadline.kind, ())
    if now <= deadline.due_at:
        plain = BusinessHours(deadline.zone, QUIET_UNTIL, QUIET_FROM)
        readers = list(readers_of(deadline, on=local_date(now, deadline.zone)))
        for hours in [plain, *(reader.hours for reader in readers)]:
            moments = (send_moment(hours, deadline.due_on, offset) for offset in offsets)
            following.extend(moment for moment in moments if moment > now)
        for reader in readers:
            reached = [
                offset
                for offset in offsets
                if send_moment(reader.hours, deadline.due_on, offset) <= now
            ]
            if reached:
                written += _remind(deadline, reader, min(reached), now)
    deadline.remind_at = min(following, default=None)
    deadline.save(update_fields=["remind_at"])
    return written


def _remind(deadline: Deadline, reader: Reader, offset: int, now: datetime) -> int:
    words = ReminderWords(deadline, now, lapsing_with(deadline, at=reader.location))

    def entry() -> str:
        return calendar_text([deadline_event(deadline, replaced=times_replaced(deadline))])

    return len(
        tell(
            recipient=reader.person,
            subject_key=f"deadline:{deadline.pk}",
            offset=str(offset),
            template="workorders/messages/reminder",
            context={"deadline": deadline, "words": words, "base_url": settings.BASE_URL},
            now=now,
            due_at=delivery_moment(reader.hours, now, deadline.due_at),
            link=reverse("workorders:deadline-detail", args=[deadline.pk]),
            customer=deadline.customer,
            calendar=entry,
        )
    )


def _hours(person: User, location: Location | None) -> BusinessHours:
    """The person's own zone and the days on which their location works."""
    if location is None:
        return BusinessHours(person.time_zone, QUIET_UNTIL, QUIET_FROM)
    return replace(
        business_hours(location), zone=person.time_zone, opens=QUIET_UNTIL, closes=QUIET_FROM
    )
