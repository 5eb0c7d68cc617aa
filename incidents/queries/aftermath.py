"""What an Azure event leaves: its window and every incident that was opened in it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from incidents.models import Incident, IncidentReview, Problem
from incidents.models.aftermath import ProblemQuerySet, ReviewQuerySet
from incidents.models.incidents import IncidentQuerySet
from incidents.queries.situations import EVENT
from services.scheduling.models import Booking, SuccessActivity
from services.scheduling.rules.events import (
    EventIncident,
    EventSummary,
    EventWindow,
    event_summary,
)

# How far back an ended event is looked for that has no summary yet.
LOOK_BACK = timedelta(days=400)
# How many incidents are offered to be grouped.
OFFERED = 30


def window_of(booking: Booking) -> EventWindow:
    """The days of an event at its place of delivery, both whole."""
    zone = booking.location.time_zone
    last = booking.ends_at - timedelta(microseconds=1)
    return EventWindow(local_date(booking.starts_at, zone), local_date(last, zone))


def incidents_in_event(booking: Booking) -> IncidentQuerySet:
    """Every incident of the customer that was opened in the window (A-AE9)."""
    window, zone = window_of(booking), ZoneInfo(booking.location.time_zone)
    return (
        Incident.objects.filter(
            customer=booking.customer_id,
            submitted_at__gte=_midnight(window.first_day, zone),
            submitted_at__lt=_midnight(window.last_day + timedelta(days=1), zone),
        )
        .select_related("location", "component", "chart")
        .order_by("submitted_at", "pk")
    )


def summary_of(booking: Booking) -> EventSummary:
    """How many there were and how many of them are open, by the rule of the text."""
    zone = booking.location.time_zone
    return event_summary(
        window_of(booking),
        [
            EventIncident(local_date(one.submitted_at, zone), one.closed_at is not None)
            for one in incidents_in_event(booking)
        ],
    )


def ended_events(now: datetime) -> list[Booking]:
    """Confirmed events whose window is over and that have no summary yet."""
    found = Booking.objects.filter(
        entitlement__offering__code=EVENT,
        cancelled_at=None,
        event_confirmed_on__isnull=False,
        incident_summary=None,
        ends_at__gt=now - LOOK_BACK,
        ends_at__lte=now,
    ).select_related("location", "customer")
    return [
        booking
        for booking in found.order_by("ends_at", "pk")
        if local_date(now, booking.location.time_zone) > window_of(booking).last_day
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def recurring_with(incident: Incident, *, seen_by: User) -> IncidentQuerySet:
    """Other incidents of the customer, of the same product where there are any, the latest first."""
    others = (
        Incident.objects.visible_to(seen_by)
        .filter(customer=incident.customer_id)
        .exclude(pk=incident.pk)
        .order_by("-submitted_at", "-pk")
    )
    near = others.filter(component=incident.component_id)
    offered = (near if near.exists() else others)[:OFFERED].values_list("pk", flat=True)
    return Incident.objects.filter(pk__in=list(offered))


def reviews_with(customer: Customer, *, seen_by: User) -> ReviewQuerySet:
    """Reviews after incidents of severity 1: those to be held, then the latest first (2.5-UE8)."""
    rows = IncidentReview.objects.visible_to(seen_by).filter(incident__customer=customer)
    return rows.select_related("incident__location").order_by(
        F("held_on").desc(nulls_first=True), "-pk"
    )


def plan_activities(customer: Customer, *, seen_by: User) -> QuerySet[SuccessActivity]:
    """Activities of the customer's success plan under which an action can be tracked."""
    rows = SuccessActivity.objects.visible_to(seen_by).filter(customer=customer)
    return rows.filter(done_on=None, dropped_reason="")


def problems_for(incident: Incident, *, seen_by: User) -> ProblemQuerySet:
    """Open problems of the customer that the incident can be added to."""
    rows = Problem.objects.visible_to(seen_by).filter(customer=incident.customer_id, solved_at=None)
    return rows.exclude(incidents=incident)
