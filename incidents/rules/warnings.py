"""At which shares of a target people are warned."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.rules.business_time import BusinessHours
from incidents.rules.charts import Clock
from incidents.rules.pauses import Interval, share_with_pauses

MARKS = (50, 75, 90)
# Told once the target has passed.
LATE = 100
MOMENT = timedelta(microseconds=1)


def next_warning(
    clock: Clock,
    *,
    counted_from: datetime,
    due_at: datetime,
    hours: BusinessHours,
    told: int,
    pauses: Sequence[Interval] = (),
) -> datetime | None:
    """When somebody is to be warned next, in UTC, if they were told of `told` percent.

    At 50, 75 and 90 percent, then one moment after the target: at the target itself a
    response is in time. None once the miss was told.

    Clause: 0-C6, 0-C7, 0-C8
    """
    for percent in MARKS:
        if percent > told:
            return share_with_pauses(
                clock,
                percent,
                counted_from=counted_from,
                due_at=due_at,
                hours=hours,
                pauses=pauses,
            )
    return due_at + MOMENT if told < LATE else None


def share_reached(
    clock: Clock,
    *,
    counted_from: datetime,
    due_at: datetime,
    hours: BusinessHours,
    now: datetime,
    pauses: Sequence[Interval] = (),
) -> int:
    """The highest share that is warned of and has been reached at `now`; 0 for none.

    Clause: 0-C6, 0-C7, 0-C8
    """
    if now > due_at:
        return LATE
    reached = [
        percent
        for percent in MARKS
        if share_with_pauses(
            clock,
            percent,
            counted_from=counted_from,
            due_at=due_at,
            hours=hours,
            pauses=pauses,
        )
        <= now
    ]
    return max(reached, default=0)
