"""When targets and duties are due, and how much of their time has run."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.rules.business_time import (
    BusinessHours,
    add_business_minutes,
    add_business_time,
    business_minutes_between,
    elapsed_due,
    next_opening,
    open_intervals,
)
from accounts.rules.explained import Explained, Pairs
from incidents.rules.charts import BUSINESS_HOURS, SEVERITIES, Assigned, Clock, Duty, Target


def response_due(
    target: Target, clock: Clock, *, counted_from: datetime, hours: BusinessHours
) -> Explained[datetime]:
    """When the first response is due, in UTC; a response at that very instant is in time.

    A 24x7 target counts elapsed minutes. The other counts business minutes of `hours`,
    those of the location of the incident's contact: used up exactly at closing it is due
    at closing, and what comes in while closed counts from the next opening.

    Clause: A-BS2, A-BS3, A-BS7, A-BS10, A-BS15, A-BS21, 2.7-T1, 0-C6, 0-C7, 0-C13, X-35
    """
    return _due(target.minutes, clock, counted_from, hours, target.clauses)


def resource_due(assigned: Assigned, *, submitted_at: datetime) -> Explained[datetime] | None:
    """When somebody has to be assigned, in UTC; None where no time is printed.

    Elapsed minutes from submission, that instant included.

    Clause: A-AE4, 0-C7, 0-C8
    """
    if assigned.within_minutes is None:
        return None
    return Explained(
        elapsed_due(submitted_at, assigned.within_minutes),
        inputs=(("submitted_at", submitted_at), ("within_minutes", assigned.within_minutes)),
        clauses=assigned.clauses,
        readings=("0-C7",),
    )


def duty_due(duty: Duty, *, asked_at: datetime, hours: BusinessHours) -> Explained[datetime] | None:
    """When the customer has to have done a duty, in UTC; None where no time is printed.

    It runs from Microsoft's request. The answer at severity C has elapsed hours, because
    its text drops the word "business"; change control at B has business hours.

    Clause: A-BS13, A-BS16, 0-C6, 0-C7, 0-C13
    """
    if duty.minutes is None:
        return None
    return _due(duty.minutes, duty.clock, asked_at, hours, duty.clauses)


def target_after_change(
    old_due: datetime,
    target: Target,
    clock: Clock,
    *,
    old_severity: str,
    new_severity: str,
    changed_at: datetime,
    first_response_at: datetime | None,
    hours: BusinessHours,
) -> Explained[datetime] | None:
    """The target after a change of severity, in UTC; None once somebody has responded.

    `target` and `clock` are the new ones, counted from the change. Raised: the earlier of
    the old and the new instant. Lowered: the new one, even if it is later. The same
    severity again changes nothing.

    Clause: 0-C15, 2.3-RE12
    """
    if first_response_at is not None and first_response_at <= changed_at:
        return None
    anew = response_due(target, clock, counted_from=changed_at, hours=hours)
    step = SEVERITIES.index(old_severity) - SEVERITIES.index(new_severity)
    if step > 0:
        due, kind = min(old_due, anew.result), "raised"
    else:
        due, kind = (anew.result, "lowered") if step else (old_due, "unchanged")
    return Explained(
        due,
        inputs=(("old_due", old_due), ("old_severity", old_severity), *anew.inputs),
        steps=(*anew.steps, ("new_due", anew.result), (kind, new_severity)),
        clauses=("2.3-RE12", *anew.clauses),
        readings=("0-C15", *anew.readings),
        zone=hours.zone,
    )


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How a clock stands: time counted so far, time allowed, and the share in percent.

    The share is cut off to a whole percent and goes on beyond 100.
    """

    counted: timedelta
    allowed: timedelta

    @property
    def left(self) -> timedelta:
        """Negative once the target has passed."""
        return self.allowed - self.counted

    @property
    def percent(self) -> int:
        """A clock without any time is used up at once."""
        return 100 * self.counted // self.allowed if self.allowed else 100


def clock_reading(
    clock: Clock, *, counted_from: datetime, due_at: datetime, now: datetime, hours: BusinessHours
) -> ClockReading:
    """How far a clock has run at `now`: the first response's own time stops it for good.

    Counted between `counted_from` and `now` on the clock of the target; nothing before
    it starts. Pass the instant of the response as `now` once there is one.

    Clause: 0-C6, 0-C7
    """
    until = max(now, counted_from)
    if clock == BUSINESS_HOURS:
        return ClockReading(
            business_minutes_between(hours, counted_from, until),
            business_minutes_between(hours, counted_from, due_at),
        )
    return ClockReading(until - counted_from, due_at - counted_from)


def share_instant(
    clock: Clock, percent: int, *, counted_from: datetime, due_at: datetime, hours: BusinessHours
) -> datetime:
    """When `percent` of the time to a target has run, in UTC, exact to the microsecond.

    Clause: 0-C6, 0-C7
    """
    whole = clock_reading(clock, counted_from=counted_from, due_at=due_at, now=due_at, hours=hours)
    share = whole.allowed * percent // 100
    if clock == BUSINESS_HOURS:
        return add_business_time(hours, counted_from, share)
    return elapsed_due(counted_from, 0) + share


def _due(
    minutes: int,
    clock: Clock,
    counted_from: datetime,
    hours: BusinessHours,
    clauses: tuple[str, ...],
) -> Explained[datetime]:
    inputs: Pairs = (("counted_from", counted_from), ("minutes", minutes), ("clock", clock))
    if clock != BUSINESS_HOURS:
        due = elapsed_due(counted_from, minutes)
        return Explained(
            due, inputs, (("elapsed", ((counted_from, due),)),), clauses, ("0-C7",), hours.zone
        )
    due = add_business_minutes(hours, counted_from, minutes)
    opening = next_opening(hours, counted_from)
    return Explained(
        due,
        inputs,
        (("counting_starts", opening), ("open", open_intervals(hours, opening, due))),
        clauses,
        ("0-C6", "0-C7", "0-C13"),
        hours.zone,
    )
