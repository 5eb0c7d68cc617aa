"""Azure events: which a person sees, their windows, notice and risks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from services.catalog.queries import terms_of
from services.scheduling.models import Booking, BookingQuerySet, EventBrief, EventRisk
from services.scheduling.queries.choices import Bookable
from services.scheduling.queries.proposals import EVENT
from services.scheduling.queries.terms import zone_of
from services.scheduling.rules.events import (
    EventWindow,
    event_notice_last_day,
    event_windows,
    events_needed,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True, slots=True)
class EventView:
    """An event: its windows, what the default asks for, its notice, its risks."""

    booking: Booking
    brief: EventBrief | None
    windows: tuple[EventWindow, ...]
    needed: Explained[int]
    confirm_by: Explained[date]
    risks: tuple[EventRisk, ...]

    @property
    def is_short(self) -> bool:
        """Whether it was confirmed at short notice: the assessment may be narrower (2.4-AE14)."""
        confirmed = self.booking.event_confirmed_on
        return confirmed is not None and confirmed > self.confirm_by.result

    @property
    def open_risks(self) -> int:
        """Risks that nobody settled."""
        return sum(risk.settled_on is None for risk in self.risks)

    @property
    def untold(self) -> int:
        """Risks of which the customer wasn't told in writing."""
        return sum(risk.told_at is None for risk in self.risks)


def is_event(booking: Booking) -> bool:
    """Whether an Azure event was booked."""
    return booking.entitlement.offering.subcategory == EVENT


def event_choices(choices: Iterable[Bookable]) -> list[Bookable]:
    """Of what can be booked, the Azure events."""
    return [one for one in choices if one.entitlement.offering.subcategory == EVENT]


def events_of(user: "User | AnonymousUser") -> BookingQuerySet:
    """The events that `user` may see, with the number of their risks and of the open ones."""
    return (
        Booking.objects.visible_to(user)
        .filter(entitlement__offering__subcategory=EVENT)
        .with_agreement()
        .select_related("event_brief", "moved_to")
        .annotate(
            risks=Count("event_risks"),
            risks_open=Count("event_risks", filter=Q(event_risks__settled_on=None)),
        )
    )


def days_of(booking: Booking) -> EventWindow:
    """The first and the last day that the event touches at its location."""
    zone = zone_of(booking)
    last = booking.ends_at - timedelta(microseconds=1)
    return EventWindow(local_date(booking.starts_at, zone), local_date(last, zone))


def event_view(booking: Booking, *, viewer: "User | AnonymousUser") -> EventView:
    """One event as `viewer` may see it."""
    terms, days = terms_of(booking.order.edition).event, days_of(booking)
    risks = EventRisk.objects.visible_to(viewer).filter(booking=booking)
    return EventView(
        booking=booking,
        brief=EventBrief.objects.filter(booking=booking).first(),
        windows=event_windows(terms, first_day=days.first_day, last_day=days.last_day),
        needed=events_needed(terms, first_day=days.first_day, last_day=days.last_day),
        confirm_by=event_notice_last_day(
            terms, activity_start=days.first_day, zone=zone_of(booking)
        ),
        risks=tuple(risks.select_related("found_by", "settled_by")),
    )


def other_solutions(booking: Booking, *, viewer: "User | AnonymousUser") -> list[Booking]:
    """The other solutions of the same activity: same order, same times, same moment."""
    found = events_of(viewer).filter(
        order=booking.order_id, starts_at=booking.starts_at, ends_at=booking.ends_at
    )
    return list(found.filter(cancelled_at=None).exclude(pk=booking.pk).order_by("pk"))


def is_ahead(booking: Booking, now: datetime) -> bool:
    """Whether its window is still to begin."""
    return now < booking.starts_at and booking.cancelled_at is None
