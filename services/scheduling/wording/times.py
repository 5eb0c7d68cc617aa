"""When something takes place, in the words of a zone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.wording import formats


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: its days, its times on the wall, the zone's name."""

    days: str
    times: str
    zone: str

    def __str__(self) -> str:
        if formats.is_chinese():
            return f"{self.days} {self.times}（{self.zone}）"
        return f"{self.days}, {self.times} {self.zone}"


def span(starts_at: datetime, ends_at: datetime, zone: str) -> Span:
    """``Thu 3 Dec 2026``, ``09:00 to 17:00``, ``CET``; several days name both."""
    place = ZoneInfo(zone)
    first, last = starts_at.astimezone(place), ends_at.astimezone(place)
    times = {
        "first": formats.clock_time(starts_at, zone),
        "last": formats.clock_time(ends_at, zone),
    }
    days = formats.day(first)
    if first.date() != last.date():
        days = _("%(first)s to %(last)s") % {"first": days, "last": formats.day(last)}
    return Span(days, _("%(first)s to %(last)s") % times, formats.zone_name(starts_at, zone))
