"""Month and week as a grid of days in one zone, with the bookings that touch each day."""

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.rules.calendar_days import add_months, start_of_day
from accounts.wording import formats
from services.scheduling.models import Booking
from services.scheduling.queries.schedule import Wanted, schedule, state_of
from services.scheduling.wording.states import BOOKING_STATES, ENTRY_CLASSES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MONDAY = 0
MOVABLE = frozenset({"planned", "unconfirmed"})
MOST = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking on one day: when it begins there (None: it goes on), and its state."""

    booking: Booking
    starts: datetime | None
    state: str

    @property
    def is_movable(self) -> bool:
        """Whether it still lies ahead as a whole."""
        return self.state in MOVABLE

    @property
    def look(self) -> str:
        """The class that draws its state."""
        return ENTRY_CLASSES.get(self.state, "")

    @property
    def words(self) -> str:
        """What it is and how it stands, for the ear and the pointer."""
        state = BOOKING_STATES[self.state].word
        return formats.beside(self.booking.heading, self.booking.location.name, state)


@dataclass(slots=True)
class GridDay:
    """One day of the grid."""

    day: date
    in_period: bool
    is_today: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grid:
    """Weeks from Monday to Sunday. `cut` says that there is more than a grid can show."""

    first: date
    last: date
    zone: str
    weeks: list[list[GridDay]]
    earlier: date
    later: date
    cut: bool = False

    @property
    def days(self) -> list[GridDay]:
        """The days of the period itself, for the list on narrow screens."""
        return [day for week in self.weeks for day in week if day.in_period]

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies on the days of the period itself."""
        return not any(day.entries for day in self.days)


def month_grid(user: "User | AnonymousUser", wanted: Wanted, *, day: date, now: datetime) -> Grid:
    """The month of `day`, filled up to whole weeks."""
    first = day.replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    weeks = Calendar(MONDAY).monthdatescalendar(day.year, day.month)
    earlier, later = add_months(first, -1), add_months(first, 1)
    return _filled(user, wanted, weeks, (first, last), (earlier, later), now)


def week_grid(user: "User | AnonymousUser", wanted: Wanted, *, day: date, now: datetime) -> Grid:
    """The week of `day`."""
    first = day - timedelta(days=day.weekday())
    week = [first + timedelta(days=number) for number in range(7)]
    around = first - timedelta(weeks=1), first + timedelta(weeks=1)
    return _filled(user, wanted, [week], (week[0], week[-1]), around, now)


def _filled(
    user: "User | AnonymousUser",
    wanted: Wanted,
    weeks: list[list[date]],
    period: tuple[date, date],
    around: tuple[date, date],
    now: datetime,
) -> Grid:
    zone = ZoneInfo(wanted.zone)
    start = start_of_day(weeks[0][0], wanted.zone)
    end = start_of_day(weeks[-1][-1] + timedelta(days=1), wanted.zone)
    found = schedule(user, wanted, now=now).between(start, end).order_by("starts_at", "pk")
    rows = list(found[: MOST + 1])
    entries: dict[date, list[Entry]] = defaultdict(list)
    for booking in rows[:MOST]:
        for day, entry in _entries(booking, zone, (weeks[0][0], weeks[-1][-1]), now):
            entries[day].append(entry)
    today = now.astimezone(zone).date()
    grid = [
        [GridDay(day, period[0] <= day <= period[1], day == today, entries[day]) for day in week]
        for week in weeks
    ]
    return Grid(*period, wanted.zone, grid, *around, cut=len(rows) > MOST)


def _entries(
    booking: Booking, zone: ZoneInfo, shown: tuple[date, date], now: datetime
) -> list[tuple[date, Entry]]:
    """One entry for each day that the booking touches, the end excluded."""
    starts = booking.starts_at.astimezone(zone)
    last = (booking.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    state = state_of(booking, now)
    days = []
    day = max(starts.date(), shown[0])
    while day <= min(last, shown[1]):
        days.append((day, Entry(booking, starts if day == starts.date() else None, state)))
        day += timedelta(days=1)
    return days
