"""What a calendar subscription holds: deadlines and bookings as its person may see them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import CalendarFeed, Customer, User
from accounts.wording.calendars import CalendarEvent
from services.scheduling.models import Booking
from services.scheduling.queries.moves import moved_from
from services.scheduling.wording.calendars import booking_event
from workorders.models import Deadline
from workorders.wording.calendars import deadline_event

Content = CalendarFeed.Content
# How long what is over, and what was cancelled, stays to be read.
BACK = timedelta(days=90)
MOST = 2000


def feed_events(
    feed: CalendarFeed, *, now: datetime, kinds: Iterable[str] = ()
) -> list[CalendarEvent]:
    """The entries of a feed, the earliest first; `kinds` of deadlines narrow it further."""
    since, wanted = now - BACK, frozenset(kinds)
    events: list[CalendarEvent] = []
    if feed.content != Content.DELIVERIES:
        events.extend(_deadlines(feed.user, feed.customer, since, wanted))
    if feed.content != Content.DEADLINES and not wanted:
        events.extend(_bookings(feed.user, feed.customer, since))
    return sorted(events, key=lambda event: (event.starts_at, event.uid))


def _deadlines(
    person: User, customer: Customer | None, since: datetime, kinds: frozenset[str]
) -> Iterator[CalendarEvent]:
    """Current ones, and withdrawn ones as cancelled; deliveries are entries of their own."""
    later = Deadline.objects.current().filter(
        kind=OuterRef("kind"), subject_key=OuterRef("subject_key")
    )
    rows = (
        Deadline.objects.visible_to(person)
        .filter(due_at__gte=since)
        .exclude(kind=Deadline.Kind.DELIVERY)
        .filter(Q(superseded_at=None) | Q(superseded_at__gte=since) & ~Exists(later))
        .select_related("customer", "location")
        .order_by("due_at", "pk")
    )
    if customer is not None:
        rows = rows.filter(customer=customer)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    found = list(rows[:MOST])
    replaced = _times_replaced(found)
    newest = {(row.kind, row.subject_key): row for row in sorted(found, key=lambda row: row.pk)}
    for key, row in newest.items():
        yield deadline_event(row, replaced=replaced.get(key, 0))


def _times_replaced(rows: Iterable[Deadline]) -> dict[tuple[str, str], int]:
    """By kind and subject: how many of its rows a later one replaced, or nothing did."""
    earlier = (
        Deadline.objects.filter(
            superseded_at__isnull=False, subject_key__in={row.subject_key for row in rows}
        )
        .order_by()
        .values_list("kind", "subject_key")
        .annotate(times=Count("pk"))
    )
    return {(kind, key): times for kind, key, times in earlier}


def _bookings(person: User, customer: Customer | None, since: datetime) -> Iterator[CalendarEvent]:
    """Standing, delivered and cancelled ones; of moved ones where they were moved to."""
    rows = (
        Booking.objects.visible_to(person)
        .filter(ends_at__gte=since, moved_to=None)
        .select_related("customer", "location", "entitlement__offering")
        .order_by("starts_at", "pk")
    )
    if customer is not None:
        rows = rows.filter(customer=customer)
    found = list(rows[:MOST])
    chains = moved_from(found)
    for booking in found:
        yield booking_event(booking, earlier=chains[booking.pk])
