"""Sessions in a series: which days, at which instants, none on top of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from accounts.rules.refusal import Refused
from services.scheduling.rules.local_time import local_instant

Every: TypeAlias = Literal["day", "week", "two_weeks", "four_weeks", "month"]

MOST_SESSIONS = 60
DAYS: dict[str, int] = {"day": 1, "week": 7, "two_weeks": 14, "four_weeks": 28}
YEAR_END = 12


@dataclass(frozen=True, slots=True)
class Pattern:
    """A series as people say it, on the wall of the delivery location.

    `count` days from `first_day` on, without those `skipped`; each session begins at
    `starts` and ends at `ends`, `more_days` later. `second` says which of two equal times
    is meant where clocks go back.
    """

    first_day: date
    every: Every
    count: int
    starts: time
    ends: time
    more_days: int = 0
    skipped: frozenset[date] = frozenset()
    starts_second: bool | None = None
    ends_second: bool | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One session: its day at the location, and its instants in UTC."""

    day: date
    starts_at: datetime
    ends_at: datetime


def series_days(pattern: Pattern) -> tuple[date, ...]:
    """The days on which the sessions begin, in order.

    Monthly sessions keep the day of the month; a month that doesn't have it is refused
    (`series_day_missing`), not guessed. Refuses `series_length` for less than two days
    or more than 60, and `series_empty` when all of them are left out.

    Clause: 2.3-P4, 0-C1
    """
    if not 2 <= pattern.count <= MOST_SESSIONS:
        raise Refused("series_length", clause="2.3-P4", field="count", maximum=MOST_SESSIONS)
    if pattern.every == "month":
        days = [_month_after(pattern.first_day, number) for number in range(pattern.count)]
    else:
        step = timedelta(days=DAYS[pattern.every])
        days = [pattern.first_day + number * step for number in range(pattern.count)]
    left = tuple(day for day in days if day not in pattern.skipped)
    if not left:
        raise Refused("series_empty", clause="2.3-P4", field="skipped")
    return left


def _month_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, YEAR_END)
    try:
        return day.replace(year=day.year + years, month=month + 1)
    except ValueError:
        raise Refused(
            "series_day_missing",
            clause="2.3-P4, 0-C1",
            field="every",
            day_of_month=day.day,
            month=date(day.year + years, month + 1, 1).strftime("%Y-%m"),
        ) from None


def session_on(pattern: Pattern, day: date, zone: str) -> Session:
    """The session that begins on `day`, its wall-clock times read in `zone`.

    Refuses times that the clock leaves out or shows twice (`local_time_missing`,
    `local_time_ambiguous`), and an end before the start (`ends_before_start`).

    Clause: 0-C7, 0-C13
    """
    starts_at = local_instant(
        day, pattern.starts, zone, field="starts_at", second=pattern.starts_second
    )
    ends_at = local_instant(
        day + timedelta(days=pattern.more_days),
        pattern.ends,
        zone,
        field="ends_at",
        second=pattern.ends_second,
    )
    if ends_at <= starts_at:
        raise Refused("ends_before_start", field="ends_at")
    return Session(day, starts_at, ends_at)


def series_sessions(pattern: Pattern, zone: str) -> tuple[Session, ...]:
    """All sessions, or the first refusal with the day that it concerns (`session_on`).

    Clause: 0-C7, 0-C13, 2.7-T11
    """
    sessions = []
    for day in series_days(pattern):
        try:
            sessions.append(session_on(pattern, day, zone))
        except Refused as refusal:
            raise of_session(refusal, day) from None
    check_apart(sessions)
    return tuple(sessions)


def check_apart(sessions: Sequence[Session]) -> None:
    """Refuse sessions of which one begins before the one before it has ended.

    They are in order; one may begin at the instant at which another ends.

    Clause: 2.7-T11
    """
    for before, after in pairwise(sessions):
        if after.starts_at < before.ends_at:
            raise Refused(
                "sessions_overlap",
                clause="2.7-T11",
                field="ends_at",
                starts_at=after.starts_at,
                ends_at=before.ends_at,
                session_on=after.day,
            )


def of_session(refusal: Refused, day: date) -> Refused:
    """The same refusal with the day of the session that it concerns.

    Clause: 2.3-P4
    """
    figures = {**refusal.figures, "session_on": day}
    return Refused(
        refusal.code,
        clause=", ".join(refusal.clauses),
        field=refusal.field,
        overridable=refusal.overridable,
        **figures,
    )
