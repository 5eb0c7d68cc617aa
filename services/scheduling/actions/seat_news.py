"""What attendees hear: they have addresses, not accounts. One mail for each thing that happens."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions.messages import tell, write_mail
from accounts.rules.calendar_days import local_date
from services.scheduling.models import Attendee, Booking
from services.scheduling.queries.terms import zone_of
from services.scheduling.wording.seats import AttendeeNews, attendee_mail
from workorders.queries.locations import zone_of as host_zone_of
from workorders.queries.recipients import account_managers_of


def tell_attendee(
    attendee: Attendee, booking: Booking, news: AttendeeNews, *, now: datetime
) -> None:
    """Write to the attendee, in Chinese where the session is in Chinese, else in English."""
    language = "zh-hans" if booking.language.startswith("zh") else "en"
    with translation.override(language), timezone.override(ZoneInfo(zone_of(booking))):
        words = attendee_mail(news, attendee, booking, zone=zone_of(booking))
        html = render_to_string("scheduling/attendees/mail.html", {"mail": words})
    write_mail(
        address=attendee.email,
        language=language,
        subject_key=f"attendee:{attendee.pk}:{news}",
        subject=words.subject,
        text=words.text,
        html=html,
        now=now,
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
