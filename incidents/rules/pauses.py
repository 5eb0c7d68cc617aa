"""Where a clock may stand still, and what that does to its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from accounts.rules.business_time import (
    BusinessHours,
    add_business_time,
    business_minutes_between,
)
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from incidents.rules.charts import BUSINESS_HOURS, Clock
from incidents.rules.clock import ClockReading, clock_reading, share_instant

Interval: TypeAlias = tuple[datetime, datetime]


def check_pause(
    clock: Clock, *, of_customer: bool, due_at: datetime, paused_at: datetime, is_paused: bool
) -> None:
    """Refuse to stop a clock that no text lets stand still.

    Only a duty of the customer that counts business hours may: at severity B its effort
    matches Microsoft's, so it waits while Microsoft owes it something. Microsoft's own
    target ends with the first response and with nothing else (`response_never_pauses`); 24
    elapsed hours run through (`elapsed_never_pauses`). A clock that is paused already is
    `already_paused`; one past its end is `already_late`, for a miss stays a fact. At the
    due instant itself it may still be paused.

    Clause: A-BS12, A-BS13, A-BS16, 2.3-RE14, 0-C7
    """
    if not of_customer:
        raise Refused("response_never_pauses", clause="2.3-RE14")
    if clock != BUSINESS_HOURS:
        raise Refused("elapsed_never_pauses", clause="A-BS16, 0-C7")
    if is_paused:
        raise Refused("already_paused", clause="A-BS12")
    if paused_at > due_at:
        raise Refused("already_late", clause="A-BS13", due_at=due_at)


def due_after_pause(
    due_at: datetime, *, paused_at: datetime, resumed_at: datetime, hours: BusinessHours
) -> Explained[datetime]:
    """When a paused duty is due once it goes on, in UTC.

    What was left of its business time at the pause runs anew from the resumption; off-hours
    within the pause cost nothing and give nothing.

    Clause: A-BS12, A-BS13, 0-C6
    """
    left = business_minutes_between(hours, paused_at, due_at)
    return Explained(
        add_business_time(hours, resumed_at, left),
        inputs=(("due_before", due_at), ("paused_at", paused_at), ("resumed_at", resumed_at)),
        steps=(("minutes_left", left // timedelta(minutes=1)), ("counted_from", resumed_at)),
        clauses=("A-BS12", "A-BS13"),
        readings=("0-C6",),
        zone=hours.zone,
    )


def reading_with_pauses(
    clock: Clock,
    *,
    counted_from: datetime,
    due_at: datetime,
    now: datetime,
    hours: BusinessHours,
    pauses: Sequence[Interval] = (),
    paused_since: datetime | None = None,
) -> ClockReading:
    """How far a clock has run at `now`; paused stretches count neither as used nor as allowed.

    `pauses` are over and have moved `due_at`; one that runs since `paused_since` hasn't yet.

    Clause: A-BS12, 0-C6, 0-C7
    """
    until = now if paused_since is None else min(now, paused_since)
    whole = clock_reading(clock, counted_from=counted_from, due_at=due_at, now=until, hours=hours)
    idle = sum(
        (business_minutes_between(hours, begins, ends) for begins, ends in pauses), timedelta(0)
    )
    return ClockReading(whole.counted - idle, whole.allowed - idle)


def share_with_pauses(
    clock: Clock,
    percent: int,
    *,
    counted_from: datetime,
    due_at: datetime,
    hours: BusinessHours,
    pauses: Sequence[Interval] = (),
) -> datetime:
    """When `percent` of the time has run, in UTC, the finished `pauses` left out.

    A share that is reached before a pause isn't moved by it.

    Clause: A-BS12, 0-C6, 0-C7
    """
    if not pauses:
        return share_instant(clock, percent, counted_from=counted_from, due_at=due_at, hours=hours)
    allowed = reading_with_pauses(
        clock, counted_from=counted_from, due_at=due_at, now=due_at, hours=hours, pauses=pauses
    ).allowed
    share = allowed * percent // 100
    reached = add_business_time(hours, counted_from, share)
    for begins, ends in sorted(pauses):
        if reached <= begins:
            break
        share += business_minutes_between(hours, begins, ends)
        reached = add_business_time(hours, counted_from, share)
    return reached
