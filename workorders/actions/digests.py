"""The weekly digest: one mail instead of many, for account managers who chose so."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import Message, User
from accounts.rules.calendar_days import local_date
from workorders.models import Deadline
from workorders.queries.deadlines import upcoming_deadlines
from workorders.queries.lapsing import lapsing_with
from workorders.queries.reminders import office_hours
from workorders.rules.reminding import delivery_moment, digest_moment
from workorders.wording.reminders import ReminderWords

HORIZON = timedelta(days=90)
WEEK = timedelta(days=7)
MOST = 100
# A digest that could not be written for so long is left out; the next one tells it all.
TOO_OLD = timedelta(days=3)


def write_digests(*, now: datetime) -> int:
    """Write the digests of this week that are due; the number written. Safe to repeat."""
    people = User.objects.filter(
        reminder_mail=User.ReminderMail.WEEKLY,
        role__in=(User.Role.CSAM, User.Role.CSAM_LEAD),
        is_active=True,
    )
    return sum(_write_one(person, now) for person in people.order_by("pk"))


def _write_one(person: User, now: datetime) -> int:
    today = local_date(now, person.time_zone)
    hours = office_hours(person)
    moment = digest_moment(hours, today)
    subject_key = f"digest:{person.pk}"
    week = "{}-W{:02}".format(*today.isocalendar())
    if not moment <= now < moment + TOO_OLD:
        return 0
    if Message.objects.filter(key=f"{subject_key}|{person.pk}|{week}|email").exists():
        return 0
    found = upcoming_deadlines(person, now=now, until=now + HORIZON)
    rows = list(found[:MOST])
    if not rows:
        return 0
    written = tell(
        recipient=person,
        subject_key=subject_key,
        offset=week,
        template="workorders/messages/digest",
        context={
            "parts": _parts(rows, now),
            "counts": found.aggregate(
                late=Count("pk", filter=Q(due_at__lt=now)),
                week=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + WEEK)),
                later=Count("pk", filter=Q(due_at__gte=now + WEEK)),
                all=Count("pk"),
            ),
            "listed": len(rows),
            "horizon_days": HORIZON.days,
            "base_url": settings.BASE_URL,
        },
        now=now,
        due_at=delivery_moment(hours, now, now + TOO_OLD),
        link=reverse("workorders:deadline-list"),
        channels=(Message.Channel.EMAIL,),
    )
    return len(written)


def _parts(rows: list[Deadline], now: datetime) -> list[tuple[str, list[ReminderWords]]]:
    """What is late, what is due within a week, what comes later; those that hold anything."""
    parts: dict[str, list[ReminderWords]] = {"late": [], "week": [], "later": []}
    for row in rows:
        part = "late" if row.due_at < now else "week" if row.due_at < now + WEEK else "later"
        parts[part].append(ReminderWords(row, now, lapsing_with(row)))
    return [(part, entries) for part, entries in parts.items() if entries]
