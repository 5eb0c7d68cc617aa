"""What is written to attendees, and how a workshop's enrolment is put into words."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.utils.translation import gettext as _

from accounts.wording import formats
from services.scheduling.models import Attendee, Booking
from services.scheduling.queries.terms import zone_of

AttendeeNews: TypeAlias = Literal[
    "enrolled", "waiting", "promoted", "withdrawn", "moved", "held", "cancelled"
]


@dataclass(frozen=True, slots=True)
class AttendeeMail:
    """A mail in words; the paragraphs are the same in text and HTML."""

    subject: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """As plain text."""
        return "\n\n".join(self.paragraphs) + "\n"


def attendee_mail(news: AttendeeNews, attendee: Attendee, booking: Booking) -> AttendeeMail:
    """What happened, when and where the session is, who takes care of it."""
    subjects = {
        "enrolled": _("You have a seat: {what}"),
        "waiting": _("You are on the waiting list: {what}"),
        "promoted": _("A seat became free for you: {what}"),
        "withdrawn": _("Your seat was given back: {what}"),
        "moved": _("New date: {what}"),
        "held": _("It takes place: {what}"),
        "cancelled": _("Cancelled: {what}"),
    }
    said = {
        "enrolled": _("{customer} has enrolled you."),
        "waiting": _("All seats are taken. You will hear as soon as one becomes free for you."),
        "promoted": _("You were on the waiting list and have a seat now."),
        "withdrawn": _("You no longer take part, or wait for a seat."),
        "moved": _("The session has a new date. Your place stays as it was."),
        "held": _("The session takes place as planned."),
        "cancelled": _("The session doesn’t take place. There is nothing that you have to do."),
    }
    zone = zone_of(booking)
    lines = [
        _("Hello {name},").format(name=attendee.name),
        said[news].format(customer=booking.customer.name),
        _("{what}: {starts} to {ends}, {place}, {mode}").format(
            what=booking.heading,
            starts=formats.instant(booking.starts_at, zone, year=True),
            ends=formats.instant(booking.ends_at, zone, year=True),
            place=booking.location.name,
            mode=booking.get_mode_display(),
        ),
    ]
    if news in {"enrolled", "promoted"}:
        lines.append(_("It is recorded only when everybody who takes part has agreed."))
    lines.append(_("Questions go to your contact at {customer}.").format(customer=booking.customer.name))
    return AttendeeMail(subjects[news].format(what=booking.heading), tuple(lines))
