"""Business time: minutes and days that count only while a location is open.

A calendar is compiled once per content into arrays of durations since 1970 (UTC): where
each open interval starts, and how much open time lies before it. Clock changes are
resolved while compiling, so a question is two binary searches whatever span it covers.
Years are compiled when first asked for. Questions and answers are durations as well, so
that nothing is converted on the way: turning instants into numbers and back took longer
than the searches. A batch gets the same arrays as numbers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()
SECOND = 1_000_000
DAY = 86_400 * SECOND
MICROSECOND = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)

# An answer further away than this is a mistake in the question, or a calendar that
# never opens.
REACH_YEARS = 100


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When a location is open: wall-clock hours on weekdays that are no holidays.

    Open from `opens` (included) to `closes` (excluded) by the wall clock of the IANA
    zone, in summer time too. `weekend` holds weekdays, Monday being 0. `working_days` are
    worked although they are weekends or holidays (make-up days). Raises
    `ValueError` for an unknown zone, hours that end before they begin, or a weekday
    that doesn't exist.

    Clause: A-BS21, 0-C6, 0-C7
    """

    zone: str
    opens: time = time(9)
    closes: time = time(17, 30)
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    _calendar: "_Calendar" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"open from {self.opens} to {self.closes}: never")
        if not self.weekend <= frozenset(range(7)):
            raise ValueError(f"weekdays are 0 to 6, not {sorted(self.weekend)}")
        calendar = _calendar(
            self.zone, self.opens, self.closes, self.weekend, self.holidays, self.working_days
        )
        object.__setattr__(self, "_calendar", calendar)


def is_business_day(hours: BusinessHours, day: date) -> bool:
    """Whether `day` is a make-up working day, or neither weekend nor holiday.

    Clause: 0-C6, 0-C9
    """
    if day in hours.working_days:
        return True
    return day.weekday() not in hours.weekend and day not in hours.holidays


def is_open(hours: BusinessHours, instant: datetime) -> bool:
    """Whether `instant` lies in business hours, opening included, closing excluded.

    Clause: 0-C6
    """
    at = _epoch(instant)
    return hours._calendar.around(at, at).is_open(at)


def next_opening(hours: BusinessHours, instant: datetime) -> datetime:
    """Where counting starts: `instant` itself while open, else the next opening, in UTC.

    The closing instant is outside. Raises `ValueError` if the calendar doesn't open
    within reach.

    Clause: 0-C6
    """
    return add_business_time(hours, instant, NOTHING)


def add_business_minutes(hours: BusinessHours, instant: datetime, minutes: int) -> datetime:
    """When `minutes` business minutes from `instant` are used up, in UTC.

    Used up exactly at closing is due at closing, not at the next opening; seconds are
    kept; no minutes at all are used up where counting starts. Raises `ValueError` for
    a negative number, an instant without an offset, or an answer out of reach.

    Clause: 0-C6, 0-C7
    """
    return add_business_time(hours, instant, _minutes(minutes))


def add_business_time(hours: BusinessHours, instant: datetime, amount: timedelta) -> datetime:
    """`add_business_minutes` for any amount of open time, exact to the microsecond.

    Clause: 0-C6, 0-C7
    """
    if amount < NOTHING:
        raise ValueError("business time is counted forward")
    at = _epoch(instant)
    due = hours._calendar.around(at, at).after(at, amount)
    if due is None:
        due = hours._calendar.reach(at, amount)
    return EPOCH + due


def business_minutes_between(hours: BusinessHours, since: datetime, until: datetime) -> timedelta:
    """The open time from `since` to `until`, exact; negative if `until` comes first.

    Clause: 0-C6, 0-C7
    """
    start, end = _epoch(since), _epoch(until)
    first, last = (start, end) if start <= end else (end, start)
    table = hours._calendar.around(first, last)
    return table.open_before(end) - table.open_before(start)


def open_intervals(
    hours: BusinessHours, since: datetime, until: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches between two instants that count, in UTC, in order.

    Clause: 0-C6, 0-C7
    """
    start, end = _epoch(since), _epoch(until)
    if end < start:
        raise ValueError(f"{until} comes before {since}")
    table = hours._calendar.around(start, end)
    return tuple(
        (EPOCH + max(opening, start), EPOCH + min(closing, end))
        for opening, closing in table.intervals(start, end)
    )


def add_business_days(hours: BusinessHours, day: date, number: int) -> date:
    """Business day `number` after `day`, which is day 0 whatever day it is.

    Raises `ValueError` for a negative number or an answer out of reach.

    Clause: 0-C9
    """
    if number < 0:
        raise ValueError(f"business days run forward, not by {number}")
    if not number:
        return day
    return date.fromordinal(hours._calendar.business_day_after(day, number))


def elapsed_due(instant: datetime, minutes: int) -> datetime:
    """`minutes` after `instant` on a clock that never stops, in UTC.

    Clause: 0-C7
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset can't be counted from")
    if minutes < 0:
        raise ValueError(f"a target runs forward, not by {minutes} minutes")
    return instant.astimezone(UTC) + timedelta(minutes=minutes)


def compiled(
    hours: BusinessHours, since: datetime, until: datetime
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The arrays behind the answers, for a batch that searches them itself.

    They cover the years of both instants and those beside them. First the openings, in
    microseconds since 1970 (UTC); then, one longer, the open time before each: interval
    i is ``before[i + 1] - before[i]`` long. Interval 0 is empty.

    Clause: 0-C6, 0-C7
    """
    table = hours._calendar.around(_epoch(since), _epoch(until))
    starts, before = (
        tuple(span // MICROSECOND for span in spans) for spans in (table.starts, table.before)
    )
    return starts, before


@dataclass(frozen=True, slots=True)
class _Table:
    """Compiled years. Interval i opens at starts[i] and is before[i + 1] - before[i] long.

    Interval 0 is empty and marks where the table begins, so that every instant of the
    table has an interval at or before it. `days` are the ordinals of business days.
    """

    first_year: int
    last_year: int
    since: timedelta
    until: timedelta
    starts: list[timedelta]
    before: list[timedelta]
    days: list[int]

    def is_open(self, at: timedelta) -> bool:
        index = bisect_right(self.starts, at) - 1
        return at - self.starts[index] < self.before[index + 1] - self.before[index]

    def open_before(self, at: timedelta) -> timedelta:
        """Open time from where the table begins up to `at`."""
        starts, before = self.starts, self.before
        index = bisect_right(starts, at) - 1
        position, closing = before[index] + (at - starts[index]), before[index + 1]
        return position if position < closing else closing

    def after(self, at: timedelta, more: timedelta) -> timedelta | None:
        """When `more` open time after `at` is used up; None if beyond the table."""
        starts, before = self.starts, self.before
        index = bisect_right(starts, at) - 1
        position, closing = before[index] + (at - starts[index]), before[index + 1]
        if not more:
            if position < closing:
                return at
            return starts[index + 1] if index + 1 < len(starts) else None
        target = (position if position < closing else closing) + more
        if target > before[-1]:
            return None
        index = bisect_left(before, target) - 1
        return starts[index] + (target - before[index])

    def intervals(self, start: timedelta, end: timedelta) -> Iterator[tuple[timedelta, timedelta]]:
        """Those that overlap the time from `start` to `end`."""
        for index in range(bisect_right(self.starts, start) - 1, bisect_left(self.starts, end)):
            opening = self.starts[index]
            closing = opening + (self.before[index + 1] - self.before[index])
            if closing > start:
                yield opening, closing


class _Calendar:
    """The table of one set of business hours; it grows by whole years when asked."""

    __slots__ = ("_closes", "_holidays", "_opens", "_table", "_weekend", "_working_days", "_zone")

    def __init__(
        self,
        zone: ZoneInfo,
        opens: time,
        closes: time,
        weekend: frozenset[int],
        holidays: frozenset[date],
        working_days: frozenset[date],
    ) -> None:
        self._zone = zone
        self._opens = _since_midnight(opens)
        self._closes = _since_midnight(closes)
        self._weekend = weekend
        self._holidays = frozenset(day.toordinal() for day in holidays)
        self._working_days = frozenset(day.toordinal() for day in working_days)
        self._table: _Table | None = None

    def around(self, start: timedelta, end: timedelta) -> _Table:
        """A table that holds both instants and the years beside them."""
        table = self._table
        if table is not None and table.since <= start and end < table.until:
            return table
        return self._covering(_year(start) - 1, _year(end) + 1)

    def reach(self, at: timedelta, more: timedelta) -> timedelta:
        """When `more` open time after `at` is used up, in years not compiled so far."""
        for ahead in (5, 20, REACH_YEARS):
            due = self._covering(_year(at) - 1, _year(at) + ahead).after(at, more)
            if due is not None:
                return due
        raise ValueError(f"not used up within {REACH_YEARS} years")

    def business_day_after(self, day: date, number: int) -> int:
        """The ordinal of business day `number` after `day`."""
        for ahead in (1, 5, 20, REACH_YEARS):
            table = self._covering(day.year - 1, day.year + ahead)
            index = bisect_right(table.days, day.toordinal()) - 1 + number
            if index < len(table.days):
                return table.days[index]
        raise ValueError(f"no such business day within {REACH_YEARS} years")

    def _covering(self, first_year: int, last_year: int) -> _Table:
        """A table of at least these years, kept for the next question.

        It replaces the one before in one assignment, so readers in other threads see
        either. Years far from those compiled start a new table.
        """
        table = self._table
        if table is not None:
            if table.first_year <= first_year and last_year <= table.last_year:
                return table
            first, last = min(first_year, table.first_year), max(last_year, table.last_year)
            if last - first <= 2 * REACH_YEARS:
                first_year, last_year = first, last
        self._table = table = self._compiled(first_year, last_year)
        return table

    def _compiled(self, first_year: int, last_year: int) -> _Table:
        if not (date.min.year < first_year <= last_year < date.max.year):
            raise ValueError(f"the years {first_year} to {last_year} are out of reach")
        if last_year - first_year > 3 * REACH_YEARS:
            raise ValueError(f"{last_year - first_year} years are too long a span")
        since = (date(first_year, 1, 1).toordinal() - EPOCH_DAY) * DAY
        until = (date(last_year, 12, 31).toordinal() - EPOCH_DAY) * DAY
        days = list(self._business_days(first_year, last_year))
        # Filled in order but where a clock is put back over midnight.
        intervals = sorted(self._open_intervals(days, since - 2 * DAY, until + 3 * DAY))
        starts, before, total = [_span(since) - 2 * ONE_DAY], [NOTHING, NOTHING], 0
        for opening, closing in intervals:
            starts.append(_span(opening))
            total += closing - opening
            before.append(_span(total))
        # The zone's own first and last day may lie outside: keep away from both ends.
        return _Table(
            first_year, last_year, _span(since) + ONE_DAY, _span(until), starts, before, days
        )

    def _business_days(self, first_year: int, last_year: int) -> Iterator[int]:
        weekend, holidays = self._weekend, self._holidays
        first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
        for ordinal in range(first, last + 1):
            is_off = (ordinal + 6) % 7 in weekend or ordinal in holidays
            if not is_off or ordinal in self._working_days:
                yield ordinal

    def _open_intervals(self, days: list[int], since: int, until: int) -> Iterator[tuple[int, int]]:
        """The hours of each day in UTC; a clock change during them splits or shortens them."""
        periods = tuple(self._offsets(since, until))
        current = 0
        for ordinal in days:
            midnight = (ordinal - EPOCH_DAY) * DAY
            while periods[current][1] < midnight - DAY:
                current += 1
            for begin, end, offset in periods[current : current + 2]:
                opening = max(midnight + self._opens - offset, begin)
                closing = min(midnight + self._closes - offset, end)
                if opening < closing:
                    yield opening, closing

    def _offsets(self, since: int, until: int) -> Iterator[tuple[int, int, int]]:
        """Periods of one UTC offset each: begin, end, offset."""
        begin, offset = since, self._offset(since)
        for at in range(since + DAY, until + DAY, DAY):
            later = self._offset(at)
            if later != offset:
                change = self._change(at - DAY, at)
                yield begin, change, offset
                begin, offset = change, later
        yield begin, until + DAY, offset

    def _offset(self, at: int) -> int:
        instant = EPOCH + _span(at)
        return (instant.astimezone(self._zone).utcoffset() or NOTHING) // MICROSECOND

    def _change(self, before: int, after: int) -> int:
        """The second between two instants from which the later offset holds."""
        offset = self._offset(after)
        while after - before > SECOND:
            middle = (before + after) // (2 * SECOND) * SECOND
            before, after = (before, middle) if self._offset(middle) == offset else (middle, after)
        return after


@lru_cache(maxsize=512)
def _calendar(
    zone: str,
    opens: time,
    closes: time,
    weekend: frozenset[int],
    holidays: frozenset[date],
    working_days: frozenset[date],
) -> _Calendar:
    try:
        return _Calendar(ZoneInfo(zone), opens, closes, weekend, holidays, working_days)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone: {zone!r}") from None


def _epoch(instant: datetime) -> timedelta:
    """The time since 1970 of an aware instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset can't be counted from")
    return instant - EPOCH


@lru_cache(maxsize=1024)
def _minutes(number: int) -> timedelta:
    """Charts, duties and bookings have a few dozen amounts between them."""
    try:
        return timedelta(minutes=number)
    except OverflowError:
        raise ValueError(f"{number} minutes are out of reach") from None


def _span(microseconds: int) -> timedelta:
    return timedelta(0, 0, microseconds)


def _since_midnight(wall: time) -> int:
    return ((wall.hour * 60 + wall.minute) * 60 + wall.second) * SECOND + wall.microsecond


def _year(at: timedelta) -> int:
    try:
        return (EPOCH + at).year
    except OverflowError:
        raise ValueError("the instant is out of reach") from None
