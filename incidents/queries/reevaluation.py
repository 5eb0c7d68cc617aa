"""All running targets looked at anew in one batch; what it finds changes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from accounts.models import Location
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import (
    BusinessHours,
    add_business_minutes,
    business_minutes_between,
)
from incidents.models import Clock, Incident

# Shares at which people are warned, and the target itself.
BANDS = (0, 50, 75, 90, 100)
CHUNK = 5_000
COLUMNS = ("number", "location_id", "clock", "clock_from", "target_minutes", "due_at")
Row: TypeAlias = tuple[str, int, str, datetime, int, datetime]


@dataclass(frozen=True, slots=True)
class Differing:
    """A target that the calendar of today would set otherwise: its holidays changed since."""

    number: str
    kept: datetime
    reckoned: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How many running targets have used which share, and those that would differ."""

    bands: Mapping[int, int]
    differing: tuple[Differing, ...]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.bands.values())


def reevaluate(*, now: datetime) -> Standing:
    """Every target that runs at `now`, reckoned again from what it was reckoned from.

    Three queries and one pass, however many there are. What is kept stays: a target is
    never recomputed silently (0-C15).
    """
    hours = {
        place.pk: business_hours(place)
        for place in Location.objects.filter(incidents__in=Incident.objects.unanswered())
        .distinct()
        .prefetch_related("own_holidays")
    }
    bands = dict.fromkeys(BANDS, 0)
    differing: list[Differing] = []
    counted: Counter[int] = Counter()
    for number, place, clock, since, minutes, due_at in _running():
        reckoned = _due(clock, since, minutes, hours[place])
        counted[_band(clock, since, minutes, reckoned, now, hours[place])] += 1
        if reckoned != due_at:
            differing.append(Differing(number, due_at, reckoned))
    return Standing({**bands, **counted}, tuple(differing))


def _running() -> Iterator[Row]:
    rows = Incident.objects.unanswered().order_by().values_list(*COLUMNS)
    return rows.iterator(chunk_size=CHUNK)


def _due(clock: str, since: datetime, minutes: int, hours: BusinessHours) -> datetime:
    if clock == Clock.BUSINESS_HOURS:
        return add_business_minutes(hours, since, minutes)
    return since + timedelta(minutes=minutes)


def _band(
    clock: str, since: datetime, minutes: int, due_at: datetime, now: datetime, hours: BusinessHours
) -> int:
    """The highest share that is reached; at the target itself it isn't late (0-C8)."""
    if now > due_at:
        return BANDS[-1]
    if now <= since:
        return BANDS[0]
    used = now - since
    if clock == Clock.BUSINESS_HOURS:
        used = business_minutes_between(hours, since, now)
    percent = 100 * used // timedelta(minutes=minutes)
    return max(band for band in BANDS[:-1] if band <= percent)
