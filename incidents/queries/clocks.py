"""Both sides' clocks as they stand at a moment: Microsoft's response, the customer's duties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, cast

from accounts.queries.calendars import business_hours
from accounts.rules.business_time import BusinessHours, business_minutes_between
from incidents.models import Incident, IncidentAssignment, IncidentDuty, MissedTarget
from incidents.queries.conduct import pauses_of, running_pause
from incidents.rules.charts import BUSINESS_HOURS, ELAPSED, Clock
from incidents.rules.clock import ClockReading
from incidents.rules.pauses import Interval, reading_with_pauses, share_with_pauses
from incidents.rules.warnings import MARKS

Side: TypeAlias = Literal["microsoft", "customer"]
# `late` runs on past its target; `missed` was stopped after it or never; `closed` ended before it.
State: TypeAlias = Literal["running", "paused", "late", "met", "missed", "closed"]
RESPONSE = "first_response"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock. `stopped_at` is the response, the answer, or the closure of the incident.

    `marks` are the instants at which shares of the time have run, while that is of use.
    """

    code: str
    side: Side
    state: State
    clock: Clock
    since: datetime
    due_at: datetime
    until: datetime
    stopped_at: datetime | None
    reading: ClockReading
    marks: tuple[tuple[int, datetime], ...]
    clauses: tuple[str, ...]
    pauses: tuple[Interval, ...] = ()

    @property
    def percent(self) -> int:
        """The share of the time that has run; it goes on beyond 100."""
        return self.reading.percent

    @property
    def counted_minutes(self) -> int:
        """Whole minutes that have run."""
        return self.reading.counted // timedelta(minutes=1)

    @property
    def allowed_minutes(self) -> int:
        """Whole minutes up to the target."""
        return self.reading.allowed // timedelta(minutes=1)

    @property
    def left_minutes(self) -> int:
        """Whole minutes left, begun ones included; negative past the target."""
        return -(-self.reading.left // timedelta(minutes=1))

    @property
    def is_over(self) -> bool:
        """Whether nothing runs any more."""
        return self.state in {"met", "missed", "closed"}


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of an incident; the first is Microsoft's."""

    incident: Incident
    hours: BusinessHours
    views: tuple[ClockView, ...]
    missed: tuple[MissedTarget, ...] = ()

    @property
    def response(self) -> ClockView:
        """Microsoft's first response."""
        return self.views[0]


def clocks_of(incident: Incident, now: datetime) -> Clocks:
    """Every clock that runs or ran in the incident at `now`, and targets missed before."""
    hours = business_hours(incident.location)
    duties = (
        duty_clock(duty, incident, hours, now)
        for duty in incident.duties.all()
        if duty.asked_at is not None and duty.due_at is not None
    )
    roles = (
        role_clock(role, incident, hours, now)
        for role in incident.assignments.all()
        if role.due_at is not None
    )
    views = (response_clock(incident, hours, now), *roles, *duties)
    shown = {(view.code, view.due_at) for view in views}
    earlier = tuple(
        one for one in incident.missed_targets.all() if (one.code, one.due_at) not in shown
    )
    return Clocks(incident, hours, views, earlier)


def response_clock(incident: Incident, hours: BusinessHours, now: datetime) -> ClockView:
    """Microsoft's clock; the first response stops it for good."""
    return _clock(
        RESPONSE,
        "microsoft",
        cast(Clock, incident.clock),
        since=incident.clock_from,
        due_at=incident.due_at,
        done_at=incident.first_response_at,
        closed_at=incident.closed_at,
        now=now,
        hours=hours,
        clauses=response_clauses(incident),
    )


def time_left(
    view: ClockView, hours: BusinessHours, now: datetime
) -> tuple[int | None, int | None]:
    """Whole minutes to a target by the calendar and in business hours; negative past it.

    Begun minutes count. Nothing once the clock is over; no business hours where the clock
    runs around it (0-C7).
    """
    if view.is_over:
        return None, None
    first, last = sorted((now, view.due_at))
    sign = 1 if view.due_at >= now else -1
    wall = (last - first) * sign
    if view.clock != BUSINESS_HOURS:
        return -(-wall // MINUTE), None
    business = business_minutes_between(hours, first, last) * sign
    return -(-wall // MINUTE), -(-business // MINUTE)


def response_clauses(incident: Incident) -> Iterable[str]:
    """Those of the row that set the target."""
    setter = incident.resolution.get("set_by")
    table = incident.resolution.get("table", ())
    winner: Mapping[str, Any] = setter or next(
        (line for line in table if line["outcome"] == "wins"), {}
    )
    clauses: Iterable[str] = winner.get("clauses", ())
    return clauses


def role_since(incident: Incident, role: IncidentAssignment) -> datetime:
    """Where the time to assign a role is counted from."""
    if role.due_at is None:
        raise ValueError("a role without a time has no clock")
    wanted = next(
        (
            one["within_minutes"]
            for one in incident.resolution.get("assigned", ())
            if one["role"] == role.role and one["within_minutes"] is not None
        ),
        None,
    )
    return incident.submitted_at if wanted is None else role.due_at - timedelta(minutes=wanted)


def role_clock(
    role: IncidentAssignment, incident: Incident, hours: BusinessHours, now: datetime
) -> ClockView:
    """Microsoft's clock for somebody whom a chart assigns within a time (A-AE4)."""
    if role.due_at is None:
        raise ValueError("a role without a time has no clock")
    return _clock(
        role.role,
        "microsoft",
        ELAPSED,
        since=role_since(incident, role),
        due_at=role.due_at,
        done_at=role.assigned_at,
        closed_at=incident.closed_at,
        now=now,
        hours=hours,
        clauses=role.clauses,
    )


def duty_clock(
    duty: IncidentDuty, incident: Incident, hours: BusinessHours, now: datetime
) -> ClockView:
    """The clock of a duty that the customer was asked for."""
    if duty.asked_at is None or duty.due_at is None:
        raise ValueError("a duty without a request or a time has no clock")
    return _clock(
        duty.code,
        "customer",
        cast(Clock, duty.clock),
        since=duty.asked_at,
        due_at=duty.due_at,
        done_at=duty.met_at,
        closed_at=incident.closed_at,
        now=now,
        hours=hours,
        clauses=duty.clauses,
        pauses=pauses_of(duty),
        paused_since=running_pause(duty),
    )


def _clock(
    code: str,
    side: Side,
    clock: Clock,
    *,
    since: datetime,
    due_at: datetime,
    done_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
    hours: BusinessHours,
    clauses: Iterable[str],
    pauses: tuple[Interval, ...] = (),
    paused_since: datetime | None = None,
) -> ClockView:
    stopped_at = done_at or closed_at
    # A severity that was raised after the answer leaves a clock that stopped before it began.
    until = max(stopped_at or now, since)
    is_paused = paused_since is not None
    return ClockView(
        code=code,
        side=side,
        state=_state(due_at, done_at=done_at, closed_at=closed_at, now=now, is_paused=is_paused),
        clock=clock,
        since=since,
        due_at=due_at,
        until=until,
        stopped_at=stopped_at,
        reading=reading_with_pauses(
            clock,
            counted_from=since,
            due_at=due_at,
            now=until,
            hours=hours,
            pauses=pauses,
            paused_since=paused_since,
        ),
        marks=tuple(
            (
                percent,
                share_with_pauses(
                    clock, percent, counted_from=since, due_at=due_at, hours=hours, pauses=pauses
                ),
            )
            for percent in MARKS
        ),
        clauses=tuple(clauses),
        pauses=(*pauses, (paused_since, until))
        if paused_since and paused_since < until
        else pauses,
    )


def _state(
    due_at: datetime,
    *,
    done_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
    is_paused: bool,
) -> State:
    """Met or missed follows from facts; at the due instant it is in time (0-C8)."""
    if done_at is not None:
        return "met" if done_at <= due_at else "missed"
    if closed_at is not None:
        return "missed" if closed_at > due_at else "closed"
    if is_paused:
        return "paused"
    return "late" if now > due_at else "running"
