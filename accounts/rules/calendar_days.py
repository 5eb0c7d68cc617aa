"""The register's conventions for counting days, weeks and contract years."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused


def within_days_after(day: date, days: int) -> date:
    """The last in-time date of "within N days after X": X is day 0, X + N is in time.

    Clause: 0-C1, 0-C2
    """
    return day + timedelta(days=days)


def last_of_first_days(start: date, days: int) -> date:
    """The last of "the first N days": the start is day 1, start + N - 1 is in time.

    Clause: 0-C1, 0-C3
    """
    if days < 1:
        raise ValueError(f"a period has at least one day, not {days}")
    return start + timedelta(days=days - 1)


def days_before_end(end: date, days: int) -> date:
    """The last in-time date of "not later than N days before the end": end - N.

    `end` is the last day in force.

    Clause: 0-C1, 0-C4
    """
    return end - timedelta(days=days)


def weeks_before_start(start: date, weeks: int) -> date:
    """The last in-time date of "at least N calendar weeks before the start".

    Clause: 0-C5
    """
    return start - timedelta(weeks=weeks)


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or the last day of that month if it is missing.

    Clause: 0-C12
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class ContractYear:
    """Contract year `number` (from 1); both days belong to it."""

    number: int
    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def contract_year(start: date, number: int, *, order_end: date | None = None) -> ContractYear:
    """From the (number - 1)th anniversary of `start` to the day before the next.

    The order's end, inclusive, cuts it short: the earlier date wins.

    Clause: 0-C12, 0-C16
    """
    if number < 1:
        raise ValueError(f"contract years are counted from 1, not {number}")
    first = add_months(start, 12 * (number - 1))
    last = add_months(start, 12 * number) - timedelta(days=1)
    return ContractYear(number, first, last if order_end is None else min(last, order_end))


def contract_years(start: date, end: date) -> tuple[ContractYear, ...]:
    """All contract years of a term whose last day in force is `end`.

    Clause: 0-C12
    """
    if end < start:
        raise ValueError(f"the term ends on {end}, before it starts on {start}")
    years: list[ContractYear] = []
    while not years or years[-1].last_day < end:
        years.append(contract_year(start, len(years) + 1, order_end=end))
    return tuple(years)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar date of an aware `instant` in `zone`.

    Clause: 0-C13
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset has no date in a zone")
    return instant.astimezone(ZoneInfo(zone)).date()


def refuse_after(today: date, day: date, *, field: str, clause: str = "") -> None:
    """Refuse a `day` after `today`: what is recorded has happened. Today itself is taken.

    Refuses `in_the_future`.

    Clause: 0-C13
    """
    if day > today:
        raise Refused("in_the_future", clause=clause, field=field, at=day, today=today)


def refuse_before(today: date, day: date, *, field: str, clause: str = "") -> None:
    """Refuse a `day` before `today`: what is planned lies ahead. Today itself is taken.

    Refuses `in_the_past`.

    Clause: 0-C13
    """
    if day < today:
        raise Refused("in_the_past", clause=clause, field=field, until=day, today=today)


def end_of_day(day: date, zone: str) -> datetime:
    """The last second of `day` in `zone`, in UTC, at which a deadline is still met.

    It is 23:59:59 there; where clocks go back at midnight, the later one of the two.

    Clause: 0-C1, 0-C13
    """
    return start_of_day(day + timedelta(days=1), zone) - timedelta(seconds=1)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of `day` in `zone`, in UTC; not 00:00 where clocks skip that.

    Clause: 0-C13
    """
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
