"""Other libraries that reckon in business time, each behind the same two questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

from accounts.rules.business_time import BusinessHours, is_business_day

OPENS, CLOSES = time(9), time(17, 30)
HOUR = 60


@dataclass(frozen=True)
class Question:
    """Where counting starts, how many minutes, and an instant to count up to."""

    start: datetime
    minutes: int
    end: datetime


Due = Callable[[Question], datetime | None]
Elapsed = Callable[[Question], timedelta | None]


@dataclass(frozen=True)
class Peer:
    """Its answers; None for what the library doesn't define."""

    due: Due | None
    elapsed: Elapsed | None


def installed(zone: str, days_off: frozenset[date]) -> Mapping[str, Peer]:
    """Those that are there."""
    return {
        name: make(zone, days_off) for name, make in MAKERS.items() if find_spec(name) is not None
    }


def missing() -> list[str]:
    """Those that aren't."""
    return [name for name in MAKERS if find_spec(name) is None]


def workclock(zone: str, days_off: frozenset[date]) -> Peer:
    """Aware datetimes, written in Rust."""
    from workclock import Holidays, Schedule, WorkDay

    office = Schedule([WorkDay(OPENS, CLOSES), Holidays(sorted(days_off))], time_zone=zone)
    return Peer(
        due=lambda one: office.add(one.start, timedelta(minutes=one.minutes)),
        elapsed=lambda one: office.between(one.start, one.end),
    )


def businesstimedelta(zone: str, days_off: frozenset[date]) -> Peer:
    """Aware datetimes of pytz, day by day."""
    import businesstimedelta as peer
    import pytz

    local = pytz.timezone(zone)
    days = [0, 1, 2, 3, 4]
    work = peer.WorkDayRule(start_time=OPENS, end_time=CLOSES, working_days=days, tz=local)
    rules = peer.Rules([work, peer.HolidayRule(dict.fromkeys(days_off, "off"), tz=local)])

    def due(one: Question) -> datetime:
        span = peer.BusinessTimeDelta(rules, seconds=60 * one.minutes)
        found: datetime = one.start.astimezone(local) + span
        return found

    def elapsed(one: Question) -> timedelta:
        found = rules.difference(one.start.astimezone(local), one.end.astimezone(local))
        return timedelta(hours=found.hours, seconds=found.seconds)

    return Peer(due, elapsed)


def pandas(zone: str, days_off: frozenset[date]) -> Peer:
    """Naive wall-clock times and whole hours: the rest it doesn't define.

    Used up exactly at closing it answers with the next opening, so that isn't compared.
    """
    import pandas as pd

    place = ZoneInfo(zone)
    offsets: dict[int, Any] = {}

    def due(one: Question) -> datetime | None:
        if one.minutes % HOUR:
            return None
        hours = one.minutes // HOUR
        if hours not in offsets:
            offsets[hours] = pd.offsets.CustomBusinessHour(
                hours, start="09:00", end="17:30", holidays=sorted(days_off)
            )
        wall = pd.Timestamp(one.start.replace(tzinfo=None)) + offsets[hours]
        if wall.time() == OPENS:
            return None
        found: datetime = wall.to_pydatetime().replace(tzinfo=place)
        return found

    return Peer(due, None)


MAKERS: Mapping[str, Callable[[str, frozenset[date]], Peer]] = {
    "workclock": workclock,
    "businesstimedelta": businesstimedelta,
    "pandas": pandas,
}


def day_loop(hours: BusinessHours) -> Peer:
    """What one would write first: a loop over the days, each with its hours in UTC."""
    zone = ZoneInfo(hours.zone)

    def elapsed(one: Question) -> timedelta:
        since, until = one.start.astimezone(UTC), one.end.astimezone(UTC)
        day, total = one.start.astimezone(zone).date(), timedelta(0)
        while day <= one.end.astimezone(zone).date():
            if is_business_day(hours, day):
                opening = datetime.combine(day, hours.opens, zone).astimezone(UTC)
                closing = datetime.combine(day, hours.closes, zone).astimezone(UTC)
                total += max(min(closing, until) - max(opening, since), timedelta(0))
            day += timedelta(days=1)
        return total

    return Peer(None, elapsed)
