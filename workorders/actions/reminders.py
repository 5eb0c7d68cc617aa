"""Reminders of deadlines: in time, in the reader's language and hours, once.

A reminder belongs to a number of days before the last day. It goes out at 08:00 in the
reader's zone on that day; if the reader doesn't work then, on the business day before:
brought forward, never back. Of several that were missed only the most urgent one is
sent. Near the last day, and once a duty was missed, the team's lead hears of it too. The
outbox keeps one message for each deadline, reader, offset and channel.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.actions.messages import BOTH, tell
from accounts.models import Message, User
from accounts.rules.business_time import BusinessHours
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.wording.calendars import calendar_text
from workorders.models import Deadline
from workorders.queries.deadlines import DATES, times_replaced
from workorders.queries.lapsing import LOSSES, lapsing_with
from workorders.queries.reminders import (
    POLICIES,
    QUIET_FROM,
    QUIET_UNTIL,
    Reader,
    due_offset,
    leads_to_tell,
    readers_of,
)
from workorders.rules.reminding import delivery_moment, is_in_a_digest, reminder_moment
from workorders.wording.calendars import deadline_event
from workorders.wording.reminders import ReminderWords

BATCH = 500
LEASE = timedelta(minutes=5)
MISSED = "missed"
# What was missed longer ago than this is no news any more; the lists show it.
NEWS_FOR = timedelta(days=7)


def announce_deadlines(*, now: datetime) -> int:
    """Write the reminders that are due; the number of messages written.

    Each deadline is looked at when its next reminder is due for somebody, so an idle
    sweep costs one index look-up. Safe to repeat and in many workers at once: a batch is
    claimed with a lease, and what a killed worker had claimed comes back after it.
    """
    written = 0
    while batch := claim_due(now=now):
        written += sum(_announce_one(pk, now) for pk in batch)
    return written


def claim_due(*, now: datetime) -> list[int]:
    """Take a batch of the deadlines to look at, the most overdue first; nobody else gets them."""
    with transaction.atomic(savepoint=False):
        rows = Deadline.objects.to_remind(now).order_by("remind_at")
        rows = rows.select_for_update(of=("self",), skip_locked=True)
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        if batch:
            Deadline.objects.filter(pk__in=batch).update(remind_at=now + LEASE)
    return batch


@transaction.atomic
def _announce_one(pk: int, now: datetime) -> int:
    """Look at one deadline of a claim, unless it was settled or claimed anew meanwhile."""
    rows = Deadline.objects.open().filter(remind_at=now + LEASE)
    rows = rows.select_related("customer", "location", "order")
    deadline = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if deadline is None:
        return 0
    written = _announce(deadline, now) if now <= deadline.due_at else _tell_missed(deadline, now)
    deadline.save(update_fields=["remind_at"])
    return written


def _announce(deadline: Deadline, now: datetime) -> int:
    """Remind each reader once of the most urgent offset; then look away until the next."""
    readers = list(readers_of(deadline, on=local_date(now, deadline.zone)))
    leads = list(leads_to_tell(deadline))
    deadline.remind_at = _next_look(deadline, [*readers, *leads], now)
    written = 0
    for reader in [*readers, *leads]:
        offset = due_offset(deadline, reader, now)
        if offset is not None:
            written += _remind(deadline, reader, str(offset), now)
    return written


def _next_look(deadline: Deadline, readers: list[Reader], now: datetime) -> datetime | None:
    """When the next reminder is due for somebody; for a duty also when it is missed."""
    plain = BusinessHours(deadline.zone, QUIET_UNTIL, QUIET_FROM)
    following = [
        moment
        for hours in [plain, *(reader.hours for reader in readers)]
        for offset in POLICIES[deadline.kind].offsets
        if (moment := reminder_moment(hours, deadline.due_on, offset)) > now
    ]
    if deadline.kind not in DATES:
        following.append(deadline.due_at)
    return min(following, default=None)


def _tell_missed(deadline: Deadline, now: datetime) -> int:
    """A duty that nobody fulfilled: account managers and their leads hear of it, once."""
    deadline.remind_at = None
    if deadline.kind in DATES or now - deadline.due_at > NEWS_FOR:
        return 0
    on = local_date(now, deadline.zone)
    managers = [one for one in readers_of(deadline, on=on) if one.person.manages_agreements]
    readers = [*managers, *leads_to_tell(deadline)]
    return sum(_remind(deadline, reader, MISSED, now) for reader in readers)


def _remind(deadline: Deadline, reader: Reader, offset: str, now: datetime) -> int:
    lapsing = lapsing_with(deadline, at=reader.location)
    if reader.is_lead and deadline.kind in LOSSES and not lapsing:
        return 0  # everything is booked: somebody acted
    is_missed = offset == MISSED
    return len(
        tell(
            recipient=reader.person,
            subject_key=f"deadline:{deadline.pk}",
            offset=offset,
            template=f"workorders/messages/{_template(reader, is_missed=is_missed)}",
            context=_context(deadline, lapsing, now),
            now=now,
            due_at=_delivery(deadline, reader, now, is_missed=is_missed),
            link=reverse("workorders:deadline-detail", args=[deadline.pk]),
            customer=deadline.customer,
            channels=BOTH if _by_mail(deadline, reader, now) else (Message.Channel.INBOX,),
            calendar=lambda: calendar_text(
                [deadline_event(deadline, replaced=times_replaced(deadline))]
            ),
        )
    )


def _template(reader: Reader, *, is_missed: bool) -> str:
    if is_missed:
        return "missed"
    return "escalated" if reader.is_lead else "reminder"


def _context(deadline: Deadline, lapsing: list[Money], now: datetime) -> dict[str, object]:
    return {
        "deadline": deadline,
        "words": ReminderWords(deadline, now, lapsing),
        "base_url": settings.BASE_URL,
    }


def _delivery(deadline: Deadline, reader: Reader, now: datetime, *, is_missed: bool) -> datetime:
    """In the reader's hours; what is over already waits for them in any case."""
    limit = datetime.max.replace(tzinfo=now.tzinfo) if is_missed else deadline.due_at
    return delivery_moment(reader.hours, now, limit)


def _by_mail(deadline: Deadline, reader: Reader, now: datetime) -> bool:
    """Not where the person chose a weekly digest and one tells of it in time."""
    person = reader.person
    if not person.manages_agreements or person.reminder_mail != User.ReminderMail.WEEKLY:
        return True
    return not is_in_a_digest(
        reader.hours,
        created_at=deadline.created_at,
        due_on=deadline.due_on,
        zone=deadline.zone,
        on=local_date(now, person.time_zone),
    )
