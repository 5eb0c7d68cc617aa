"""What attendees hear: they have addresses, not accounts. One mail for each thing that happens."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions.messages import tell, write_mail
from accounts.rules.calendar_days import local_date
from accounts.wording.calendars import calendar_text
from services.scheduling.models import Attendee, Booking
from services.scheduling.queries.moves import moved_from
from services.scheduling.queries.terms import zone_of
from services.scheduling.wording.calendars import booking_event
from services.scheduling.wording.seats import AttendeeNews, attendee_mail, for_attendee
from workorders.queries.locations import zone_of as host_zone_of
from workorders.queries.recipients import account_managers_of


def tell_attendee(
    attendee: Attendee,
    booking: Booking,
    news: AttendeeNews,
    *,
    now: datetime,
    had_seat: bool = False,
) -> None:
    """Write to the attendee, in Chinese where the session is in Chinese, else in English.

    Who has a seat gets the session for their calendar; it is cancelled with the session,
    or with a seat that they `had_seat`.
    """
    language = "zh-hans" if booking.language.startswith("zh") else "en"
    zone = zone_of(booking)
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        words = attendee_mail(news, attendee, booking, zone=zone)
        html = render_to_string("scheduling/attendees/mail.html", {"mail": words})
        entry = ""
        if had_seat or attendee.state == Attendee.State.ENROLLED:
            earlier = moved_from([booking])[booking.pk]
            event = booking_event(booking, earlier=earlier)
            entry = calendar_text([for_attendee(event, now=now, withdrawn=had_seat)])
    write_mail(
        address=attendee.email,
        language=language,
        subject_key=f"attendee:{attendee.pk}:{news}",
        subject=words.subject,
        text=words.text,
        html=html,
        now=now,
        calendar=entry,
    )


def tell_of_free_seat(attendee: Attendee, booking: Booking, *, now: datetime) -> None:
    """The attendee and those who are concerned learn that a seat became free."""
    tell_attendee(attendee, booking, "promoted", now=now)
    today = local_date(now, host_zone_of(booking.customer))
    people = {person.pk: person for person in account_managers_of(booking.customer, today)}
    if Booking.objects.visible_to(attendee.entered_by).filter(pk=booking.pk).exists():
        people[attendee.entered_by_id] = attendee.entered_by
    for person in people.values():
        tell(
            recipient=person,
            subject_key=f"attendee:{attendee.pk}:promoted",
            template="scheduling/messages/seat",
            context={"attendee": attendee, "booking": booking, "base_url": settings.BASE_URL},
            now=now,
            link=reverse("scheduling:booking-detail", args=[booking.pk]),
            customer=booking.customer,
        )
