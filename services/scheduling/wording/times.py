"""When something takes place, in the words of a zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.wording import formats


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: its days, its times on the wall, the zone's name, all in `words`."""

    days: str
    times: str
    zone: str
    words: str

    def __str__(self) -> str:
        return self.words


def span(starts_at: datetime, ends_at: datetime, zone: str) -> Span:
    """``Thu 3 Dec 2026``, ``09:00 to 17:00``, ``CET``; a day's end is its midnight.

    Several days name both, and each with its time: ``Thu 3 Dec, 09:00 to Fri 4 Dec 2026,
    17:00 CET``.
    """
    place = ZoneInfo(zone)
    first, last = starts_at.astimezone(place), ends_at.astimezone(place)
    last_day = last.date() - timedelta(days=1) if _ends_the_day(last) else last.date()
    begins, ends = formats.clock_time(starts_at, zone), _end_words(last)
    name = formats.zone_name(starts_at, zone)
    if last_day <= first.date():
        days = formats.day(first)
        times = _("%(first)s to %(last)s") % {"first": begins, "last": ends}
        return Span(days, times, name, _whole(days, times, name))
    same_year = first.year == last_day.year
    opening, closing = _both_days(first.date(), last_day, year=not same_year)
    days = _("%(first)s to %(last)s") % {"first": opening, "last": closing}
    times = _("from %(first)s, until %(last)s") % {"first": begins, "last": ends}
    words = _("%(first_day)s, %(first)s to %(last_day)s, %(last)s %(zone)s") % {
        "first_day": opening,
        "first": begins,
        "last_day": closing,
        "last": ends,
        "zone": name,
    }
    return Span(days, times, name, words)


def _both_days(first: date, last: date, *, year: bool) -> tuple[str, str]:
    """Both days; the year once, where both languages put it, unless there are two."""
    chinese = formats.is_chinese()
    return (
        formats.day(first, year=year or chinese),
        formats.day(last, year=year or not chinese),
    )


def _ends_the_day(last: datetime) -> bool:
    return last.time() == time.min


def _end_words(last: datetime) -> str:
    """``17:00``; the end of a day is ``midnight``, in Chinese ``24:00``."""
    return _("midnight") if _ends_the_day(last) else last.strftime("%H:%M")


def _whole(days: str, times: str, zone: str) -> str:
    if formats.is_chinese():
        return f"{days} {times}（{zone}）"
    return f"{days}, {times} {zone}"
