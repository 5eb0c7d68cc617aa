"""Success plans: how activities and objectives stand, what was delivered in which month."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from accounts.rules.calendar_days import add_months

ActivityStatus: TypeAlias = Literal["planned", "under_way", "late", "done", "dropped"]
ObjectiveStatus: TypeAlias = Literal["open", "under_way", "late", "achieved", "dropped"]

# The customer's responsibilities that evidence can be given for, by clause.
DUTIES = tuple(f"2.8-C{number}" for number in (*range(2, 7), *range(8, 22)))


def activity_status(
    *, starts_on: date, due_on: date, done_on: date | None, dropped: bool, deliveries: int, on: date
) -> ActivityStatus:
    """Where an activity stands on a day, from its facts alone.

    Done is done, also when it was late. Under way from its first day, or once something
    was delivered for it. Late after its last day, which itself is in time.

    Clause: B-S2, B-S10
    """
    if done_on is not None:
        return "done"
    if dropped:
        return "dropped"
    if on > due_on:
        return "late"
    return "under_way" if on >= starts_on or deliveries else "planned"


def objective_status(
    *, achieved: bool, dropped: bool, due_on: date, activities: Iterable[ActivityStatus], on: date
) -> ObjectiveStatus:
    """Where an objective stands on a day.

    Achieved is what somebody said, never what was merely done for it. Late after its own
    last day; under way once one of its activities is under way, late or done.

    Clause: B-S10
    """
    if achieved:
        return "achieved"
    if dropped:
        return "dropped"
    if on > due_on:
        return "late"
    begun = {"under_way", "late", "done"}
    return "under_way" if begun & {*activities} else "open"


@dataclass(frozen=True, slots=True)
class Heat:
    """What was delivered for an activity of the pillars, month by month."""

    code: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Over all months."""
        return sum(self.counts)


def months_until(on: date, *, count: int) -> tuple[date, ...]:
    """The first days of so many months, the one of `on` being the last.

    Clause: B-S10
    """
    this = on.replace(day=1)
    return tuple(add_months(this, back - count + 1) for back in range(count))


def heat_map(
    codes: Iterable[str], months: Iterable[date], delivered: Iterable[tuple[str, date]]
) -> tuple[Heat, ...]:
    """How much was delivered for each activity in each month, in the order of both.

    `delivered` are activity and day of each delivery; days outside the months and
    activities that no pillar has are left out.

    Clause: B-S3, B-S9, B-S14
    """
    counted = Counter((code, day.replace(day=1)) for code, day in delivered)
    firsts = tuple(months)
    return tuple(Heat(code, tuple(counted[code, first] for first in firsts)) for code in codes)
