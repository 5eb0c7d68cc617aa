"""What is written to attendees, and how a workshop's enrolment is put into words."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rules.refusal import Refused
from accounts.wording import formats
from accounts.wording.calendars import CalendarEvent
from accounts.wording.refusals import refusal_words
from services.scheduling.models import Attendee, Booking, Workshop
from workorders.wording.states import Shown

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


def attendee_mail(
    news: AttendeeNews, attendee: Attendee, booking: Booking, *, zone: str
) -> AttendeeMail:
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
    lines.append(
        _("Questions go to your contact at {customer}.").format(customer=booking.customer.name)
    )
    return AttendeeMail(subjects[news].format(what=booking.heading), tuple(lines))


def for_attendee(event: CalendarEvent, *, now: datetime, withdrawn: bool) -> CalendarEvent:
    """The session without the portal's address; cancelled for whoever gave the seat back."""
    return replace(
        event,
        url="",
        modified=now,
        sequence=event.sequence + withdrawn,
        is_cancelled=event.is_cancelled or withdrawn,
    )


@dataclass(frozen=True, slots=True)
class SeatGauge:
    """A bar of a hundred: how far it is filled, where the minimum stands, and the words."""

    filled: int
    minimum_at: int | None
    falls_short: bool
    label: str


def seat_gauge(workshop: Workshop, *, falls_short: bool) -> SeatGauge:
    """Taken seats against the capacity; without one against the minimum or what is taken."""
    whole = workshop.capacity or max(workshop.minimum or 0, workshop.taken, 1)
    taken, minimum = workshop.taken, workshop.minimum
    return SeatGauge(
        filled=taken * 100 // whole,
        minimum_at=minimum * 100 // whole if minimum else None,
        falls_short=falls_short,
        label=seats_words(workshop),
    )


def seats_words(workshop: Workshop) -> str:
    """“9 of 12 seats taken, minimum 8”."""
    taken, capacity = formats.number(workshop.taken), workshop.capacity
    if capacity is None:
        words = ngettext("%(taken)s attendee", "%(taken)s attendees", workshop.taken) % {
            "taken": taken
        }
    else:
        words = _("{taken} of {seats} seats taken").format(
            taken=taken, seats=formats.number(capacity)
        )
    if workshop.minimum:
        least = _("minimum {least}").format(least=formats.number(workshop.minimum))
        return formats.beside(words, least)
    return words


def decision_state(
    workshop: Workshop, *, due_at: datetime | None, falls_short: bool, now: datetime
) -> Shown | None:
    """How the decision stands; None where there is nothing to decide (any more)."""
    if workshop.decision == Workshop.Decision.HOLD:
        return Shown("held", _("Takes place"), "circle-check", "ok")
    if workshop.decision == Workshop.Decision.CANCEL:
        return Shown("cancelled", _("Cancelled for low enrolment"), "ban", "pause")
    if due_at is None:
        return None
    if now > due_at:
        return Shown("late", _("Decision overdue"), "alert-triangle", "late")
    if falls_short:
        return Shown("short", _("Below the minimum"), "alert-triangle", "risk")
    return Shown("enough", _("Minimum reached"), "circle-check", "ok")


MISSING_WORDS = {
    "notice": gettext_lazy("notice beforehand"),
    "consent": gettext_lazy("consent of everybody who takes part"),
    "written_permission": gettext_lazy("written permission of the region"),
}
VERDICT_WORDS = {
    "seat": ("ok", "circle-check", gettext_lazy("gets a seat")),
    "waits": ("pause", "clock", gettext_lazy("goes on the waiting list")),
}


def verdict_shown(verdict: str) -> Shown:
    """What becomes of a row of several people."""
    if verdict in VERDICT_WORDS:
        role, icon, words = VERDICT_WORDS[verdict]
        return Shown(verdict, words, icon, role)
    return Shown(verdict, refusal_words(Refused(verdict)).title, "alert-circle", "late")
