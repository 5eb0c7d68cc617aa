"""The order in which to book what is left, so that it fits its last days and the calendars.

A calendar is a row of windows that don't overlap, each of which holds one delivery: business
days of a location, stretches of them for longer deliveries, or of calendar days for Azure events.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import Literal, TypeAlias

from accounts.rules.business_time import BusinessHours, is_business_day

Reason: TypeAlias = Literal["no_day", "no_room"]
DAY = timedelta(days=1)
# Business days of an ordinary week.
WEEK = 5


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Consecutive days, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Task:
    """One delivery in a window of `calendar` between two days, both included.

    `key` tells tasks apart and settles ties; `value` is what lapses if it isn't planned.
    """

    key: int
    calendar: str
    first_day: date
    last_day: date
    value: int = 0


@dataclass(frozen=True, slots=True)
class Placement:
    """A task with its window."""

    task: Task
    window: Window


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task that doesn't fit: its time holds no window, or others take them all."""

    task: Task
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """What fits, the earliest first, and what doesn't, in the order of the tasks."""

    placed: tuple[Placement, ...]
    left_out: tuple[LeftOut, ...]


def plan(tasks: Iterable[Task], calendars: Mapping[str, Sequence[Window]]) -> Plan:
    """Place as much as fits, the earliest last day first; deterministic.

    Everything is placed whenever the windows allow that at all. When they don't, the most
    valuable are tried first, and one is left out if it doesn't fit beside those kept:
    nothing worth more can be placed in the same windows. In each window stands, of those
    that may begin, the one that must be done first.

    Clause: 2.7-T10, 2.2-F4, 2.7-T11
    """
    placed: list[Placement] = []
    left_out: list[LeftOut] = []
    by_calendar: dict[str, list[Task]] = {}
    for task in tasks:
        by_calendar.setdefault(task.calendar, []).append(task)
    for name, members in by_calendar.items():
        chosen, dropped = _choose(members, sorted(calendars.get(name, ())))
        placed += chosen
        left_out += dropped
    return Plan(
        tuple(sorted(placed, key=lambda one: (one.window, one.task.calendar, one.task.key))),
        tuple(sorted(left_out, key=lambda one: one.task.key)),
    )


def _choose(tasks: list[Task], windows: Sequence[Window]) -> tuple[list[Placement], list[LeftOut]]:
    """All of them if they fit; else the most valuable that fit beside each other."""
    possible, left_out = [], []
    for task in tasks:
        if any(_holds(window, task) for window in windows):
            possible.append(task)
        else:
            left_out.append(LeftOut(task, "no_day"))
    everything = _earliest_first(possible, windows)
    if everything is not None:
        return everything, left_out
    kept: list[Task] = []
    best: list[Placement] = []
    for task in sorted(possible, key=lambda one: (-one.value, one.last_day, one.key)):
        found = _earliest_first([*kept, task], windows)
        if found is None:
            left_out.append(LeftOut(task, "no_room"))
        else:
            kept.append(task)
            best = found
    return best, left_out


def _holds(window: Window, task: Task) -> bool:
    return task.first_day <= window.first and window.last <= task.last_day


def _earliest_first(tasks: Iterable[Task], windows: Sequence[Window]) -> list[Placement] | None:
    """In each window the most urgent task that may begin; None when one comes too late."""
    waiting = sorted(tasks, key=lambda one: (one.first_day, one.key), reverse=True)
    ready: list[tuple[date, int, Task]] = []
    placed: list[Placement] = []
    for window in windows:
        while waiting and waiting[-1].first_day <= window.first:
            task = waiting.pop()
            heappush(ready, (task.last_day, task.key, task))
        if not ready:
            continue
        last_day, _key, task = heappop(ready)
        if last_day < window.last:
            return None
        placed.append(Placement(task, window))
    return None if waiting or ready else placed


# --- calendars ------------------------------------------------------------------------------


def session_days(
    hours: BusinessHours,
    *,
    first: date,
    last: date,
    taken: Collection[date] = (),
    per_week: int = 7,
) -> tuple[Window, ...]:
    """The business days on which a location can hold a session, at most `per_week` a week.

    Both ends are included. Days that are taken hold none and count towards their week's
    number; the rest of the number is spread over the week's free days, from Monday to
    Sunday. Raises `ValueError` for less than one day a week.

    Clause: 0-C6, 0-C9, 2.7-T11
    """
    if per_week < 1:
        raise ValueError("a plan needs a day a week at least")
    days: list[date] = []
    monday = first - first.weekday() * DAY
    while monday <= last:
        week = [monday + number * DAY for number in range(7)]
        busy = sum(1 for day in week if day in taken)
        free = [
            day
            for day in week
            if first <= day <= last and day not in taken and is_business_day(hours, day)
        ]
        days += _spread(free, per_week - busy)
        monday += 7 * DAY
    return tuple(Window(day, day) for day in days)


def _spread(days: Sequence[date], number: int) -> list[date]:
    """`number` of the days, evenly; all of them when there are no more."""
    if number >= len(days):
        return list(days)
    return [days[(2 * at + 1) * len(days) // (2 * number)] for at in range(max(number, 0))]


def session_stretches(
    hours: BusinessHours,
    *,
    first: date,
    last: date,
    length: int,
    taken: Collection[date] = (),
    per_week: int = 7,
) -> tuple[Window, ...]:
    """Runs of `length` business days in a row, for deliveries of several days.

    A weekend or holiday may lie within, a day that is taken may not. With less than five
    days a week asked for, the next one begins in a later week than the last began. Both
    ends are included.

    Clause: 0-C6, 0-C9, 2.7-T11
    """
    stretches: list[Window] = []
    run: list[date] = []
    day = first
    while day <= last:
        if day in taken:
            run = []
        elif is_business_day(hours, day):
            run.append(day)
        if len(run) == length:
            stretches.append(Window(run[0], day))
            if per_week < WEEK:
                day = max(day, run[0] + (6 - run[0].weekday()) * DAY)
            run = []
        day += DAY
    return tuple(stretches)


def event_stretches(
    *, first: date, last: date, length: int, taken: Collection[date] = ()
) -> tuple[Window, ...]:
    """Back-to-back stretches of `length` calendar days without a day that is taken.

    Weekends and holidays count, as an event covers them. Both ends are included.

    Clause: 2.4-AE10, 2.4-AE11
    """
    stretches: list[Window] = []
    begin = day = first
    while day <= last:
        if day in taken:
            begin = day + DAY
        elif (day - begin).days + 1 == length:
            stretches.append(Window(begin, day))
            begin = day + DAY
        day += DAY
    return tuple(stretches)
