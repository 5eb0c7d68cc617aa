"""Events as an iCalendar object (RFC 5545), for subscriptions and for files in mails.

Instants are written in UTC, so that no reader has to know a zone's clock changes; the
zones are named in the text. A UID belongs to what happens and outlives every change of
its date; SEQUENCE grows with each change, and what falls away is cancelled, not left out.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vDuration, vText

READ_AGAIN = timedelta(hours=1)
PRODUCT = "-//USSD Portal//Calendar//EN"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry; without an end it is an instant, as a deadline is; no `url` for outsiders."""

    uid: str
    sequence: int
    modified: datetime
    starts_at: datetime
    summary: str
    description: str
    url: str
    ends_at: datetime | None = None
    location: str = ""
    is_cancelled: bool = False
    category: str = ""


def uid_of(*parts: object) -> str:
    """The same for the same thing of this portal, whatever happens to its date."""
    said = "|".join(str(part) for part in parts)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}@{host}"


def calendar_text(events: Iterable[CalendarEvent], *, name: str = "") -> str:
    """The object that publishes these events; with a `name` it is one to subscribe to."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", vDuration(READ_AGAIN), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", vDuration(READ_AGAIN))
    for event in events:
        calendar.add_component(_component(event))
    return str(calendar.to_ical(), "utf-8")


def _component(event: CalendarEvent) -> Event:
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", _utc(event.modified))
    entry.add("last-modified", _utc(event.modified))
    entry.add("dtstart", _utc(event.starts_at))
    if event.ends_at is not None:
        entry.add("dtend", _utc(event.ends_at))
    entry.add("summary", event.summary)
    entry.add("description", event.description)
    if event.url:
        entry.add("url", event.url)
    if event.location:
        entry.add("location", event.location)
    if event.category:
        entry.add("categories", [vText(event.category)])
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    # A deadline takes nobody's time; a delivery does.
    is_free = event.ends_at is None or event.is_cancelled
    entry.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    return entry


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
