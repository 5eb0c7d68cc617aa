"""Five thousand questions at random against a counter that looks at the clock minute by minute."""

import random
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest

from accounts.rules.business_time import (
    BusinessHours,
    add_business_days,
    add_business_minutes,
    business_minutes_between,
    compiled,
    is_business_day,
    is_open,
    next_opening,
)

MINUTE = timedelta(minutes=1)
# Offsets of these zones change on whole quarters of an hour alone.
QUARTER = 15
ZONES = (
    "Africa/Casablanca", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Shanghai", "Asia/Riyadh", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/London", "Pacific/Apia", "UTC",
)  # fmt: skip
# A clock of some of these zones changes soon after.
CHANGES = (
    date(2025, 3, 25), date(2025, 4, 2), date(2025, 10, 20), date(2025, 10, 28), date(2025, 3, 5),
    date(2024, 2, 20), date(2010, 11, 1), date(2011, 12, 20), date(2026, 9, 25),
)  # fmt: skip
CALENDARS, DAYS, QUESTIONS = 40, 45, 120
LONG_DAYS, LONG_QUESTIONS = 731, 200


def calendar_at_random(chance: random.Random) -> tuple[BusinessHours, date]:
    """Hours, weekend, holidays and make-up days, and the day before which nothing is asked."""
    first = chance.choice((chance.choice(CHANGES), date(2005, 1, 1) + timedelta(
        days=chance.randrange(10_000))))  # fmt: skip
    opens, closes = chance.choice(
        ((time(9), time(17, 30)), (time(1), time(4)), sorted_pair(chance), sorted_pair(chance))
    )
    around = [first + timedelta(days=days) for days in range(DAYS)]
    week = [around[8] + timedelta(days=days) for days in range(7)] if chance.random() < 0.2 else []
    return BusinessHours(
        chance.choice(ZONES),
        opens,
        closes,
        frozenset(chance.sample(range(7), chance.randrange(4))),
        frozenset([*chance.sample(around, chance.randrange(8)), *week]),
        frozenset(chance.sample(around, chance.randrange(4))),
    ), first


def sorted_pair(chance: random.Random) -> tuple[time, time]:
    """Two times of the day in order."""
    first, second = sorted(chance.sample(range(1440), 2))
    return time(*divmod(first, 60)), time(*divmod(second, 60))


class Counter:
    """Which minutes are open, found by the clock on the wall and nothing else."""

    def __init__(self, hours: BusinessHours, first: date, days: int) -> None:
        self.begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.open = list(self._minutes(hours, days * 1440 // QUARTER))
        self.before = [0, *accumulate(self.open)]

    def _minutes(self, hours: BusinessHours, quarters: int) -> Iterator[bool]:
        zone = ZoneInfo(hours.zone)
        opens, closes = (at.hour * 60 + at.minute for at in (hours.opens, hours.closes))
        for quarter in range(quarters):
            wall = (self.begin + quarter * QUARTER * MINUTE).astimezone(zone)
            works = is_business_day(hours, wall.date())
            clock = wall.hour * 60 + wall.minute
            for minute in range(clock, clock + QUARTER):
                yield works and opens <= minute < closes

    def at(self, minute: int) -> datetime:
        """The instant at which a minute begins."""
        return self.begin + minute * MINUTE

    def due(self, start: int, minutes: int) -> datetime | None:
        """After so many open minutes from `start`; None where that lies beyond the table."""
        if minutes == 0:
            index = next((at for at in range(start, len(self.open)) if self.open[at]), None)
            return None if index is None else self.at(index)
        wanted = self.before[start] + minutes
        return self.at(bisect_left(self.before, wanted)) if wanted <= self.before[-1] else None


def asked(hours: BusinessHours, counter: Counter, chance: random.Random, number: int) -> int:
    """Put questions to both; how many could be answered."""
    known = 0
    for _ in range(number):
        start, end = (chance.randrange(len(counter.open)) for _ in range(2))
        left = counter.before[-1] - counter.before[start]
        minutes = chance.choice((0, 15, 120, 240, left, chance.randrange(left + 1)))
        due = counter.due(start, minutes)
        if due is not None:
            known += 1
            assert add_business_minutes(hours, counter.at(start), minutes) == due
        passed = (counter.before[end] - counter.before[start]) * MINUTE
        assert business_minutes_between(hours, counter.at(start), counter.at(end)) == passed
        assert is_open(hours, counter.at(start)) == counter.open[start]
    return known


@pytest.mark.clause("0-C6", "0-C7", "A-BS21", "X-35")
def test_every_answer_is_that_of_the_minute_counter():
    chance = random.Random("minutes")
    known = 0
    for _ in range(CALENDARS):
        hours, first = calendar_at_random(chance)
        known += asked(hours, Counter(hours, first, DAYS), chance, QUESTIONS)
    hours = BusinessHours("Europe/Berlin", holidays=frozenset({date(2026, 1, 1), date(2027, 5, 6)}))
    known += asked(hours, Counter(hours, date(2025, 9, 1), LONG_DAYS), chance, LONG_QUESTIONS)
    assert CALENDARS * QUESTIONS + LONG_QUESTIONS == 5_000
    # The rest would be open only after the counter's last day.
    assert known > 4_500


@pytest.mark.clause("0-C9")
def test_business_days_are_those_counted_one_by_one():
    chance = random.Random("days")
    for _ in range(500):
        hours, day = calendar_at_random(chance)
        number = left = chance.randrange(60)
        counted = day
        while left:
            counted += timedelta(days=1)
            left -= is_business_day(hours, counted)
        assert add_business_days(hours, day, number) == counted


def test_holidays_over_a_whole_week_only_put_things_off():
    week = frozenset(date(2026, 3, 2) + timedelta(days=days) for days in range(7))
    hours = BusinessHours("Asia/Shanghai", holidays=week)
    friday = datetime(2026, 2, 27, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    due = add_business_minutes(hours, friday, 240)
    assert due == datetime(2026, 3, 9, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert add_business_days(hours, friday.date(), 1) == date(2026, 3, 9)
    assert next_opening(hours, datetime(2026, 3, 3, tzinfo=UTC)).day == 9


def test_the_arrays_behind_the_answers_give_the_same_answers():
    hours = BusinessHours("Europe/Berlin")
    since = datetime(2026, 1, 1, tzinfo=UTC)
    starts, before = compiled(hours, since, since + timedelta(days=400))
    assert len(before) == len(starts) + 1
    position = starts[100] - before[100]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    opening = epoch + timedelta(microseconds=starts[100])
    assert is_open(hours, opening)
    assert add_business_minutes(hours, opening, 90) == epoch + timedelta(
        microseconds=before[100] + 90 * 60_000_000 + position
    )
