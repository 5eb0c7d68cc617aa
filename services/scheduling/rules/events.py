"""Azure events: their windows, how many are needed, notice, eligibility, the summary."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.calendar_days import weeks_before_start
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.catalog.rules.terms import EventTerms

PUBLIC_CLOUD = "public"


@dataclass(frozen=True, slots=True)
class EventWindow:
    """Consecutive calendar days that one event covers, both ends included."""

    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def event_windows(terms: EventTerms, *, first_day: date, last_day: date) -> tuple[EventWindow, ...]:
    """The back-to-back windows that cover an activity; all but the last are full.

    Calendar days count, weekends and holidays too; a day on which a window begins at
    noon is used up all the same. Raises `ValueError` if the activity ends before it
    begins.

    Clause: 2.4-AE10, 2.4-AE11
    """
    if last_day < first_day:
        raise ValueError(f"the activity ends on {last_day}, before it begins on {first_day}")

    def windows() -> Iterator[EventWindow]:
        for offset in range(0, (last_day - first_day).days + 1, terms.max_days):
            begin = first_day + timedelta(days=offset)
            yield EventWindow(begin, min(begin + timedelta(days=terms.max_days - 1), last_day))

    return tuple(windows())


def events_needed(
    terms: EventTerms, *, first_day: date, last_day: date, solutions: int = 1
) -> Explained[int]:
    """How many events an activity takes by default; Microsoft may settle for fewer.

    One for each window of each solution, or group of solutions if an event covers more
    than one. Raises `ValueError` for less than one solution.

    Clause: 2.4-AE7, 2.4-AE8, 2.4-AE10, 2.4-AE11
    """
    if solutions < 1:
        raise ValueError(f"an event covers a solution, not {solutions}")
    windows = len(event_windows(terms, first_day=first_day, last_day=last_day))
    groups = -(-solutions // terms.solutions_max)
    return Explained(
        windows * groups,
        inputs=(("first_day", first_day), ("last_day", last_day), ("solutions", solutions)),
        steps=(
            ("days", (last_day - first_day).days + 1),
            ("days_per_event", terms.max_days),
            ("windows", windows),
            ("solutions_per_event", terms.solutions_max),
        ),
        clauses=("2.4-AE7", "2.4-AE8", "2.4-AE10", "2.4-AE11"),
    )


def event_notice_last_day(
    terms: EventTerms, *, activity_start: date, zone: str = ""
) -> Explained[date]:
    """The last day on which an event can be confirmed in writing, that day included.

    Clause: 2.4-AE13, 0-C5
    """
    return Explained(
        weeks_before_start(activity_start, terms.notice_weeks),
        inputs=(("activity_start", activity_start),),
        steps=(("weeks", terms.notice_weeks), ("days", 7 * terms.notice_weeks)),
        clauses=("2.4-AE13",),
        readings=("0-C5", "0-C13"),
        zone=zone,
    )


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An activity that needs support: whole days at the location, and its solutions.

    `events` is the quantity for each solution where Microsoft settled for fewer than the
    default, with the reason (2.4-AE8, 2.4-AE9).
    """

    first_day: date
    last_day: date
    solutions: Sequence[str]
    kind: str
    goal: str
    scope: str = ""
    cloud: str = PUBLIC_CLOUD
    restricted_staff: bool = False
    confirmed_on: date | None = None
    short_notice_agreed: bool = False
    events: int | None = None
    fewer_reason: str = ""


def check_solutions(solutions: Iterable[str]) -> list[str]:
    """The solutions of an activity by name, blank ones left out; one event covers one of them.

    Refuses `solution_missing` for none and `solution_twice` for the same name again,
    whatever its case.

    Clause: 2.4-AE7
    """
    names = [name for one in solutions if (name := " ".join(one.split()))]
    if not names:
        raise Refused("solution_missing", clause="2.4-AE7", field="solutions")
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise Refused("solution_twice", clause="2.4-AE7", field="solutions", solution=name)
        seen.add(name.casefold())
    return names


@dataclass(frozen=True, slots=True)
class EventNotice:
    """Accepted notice; at short notice the assessment before the event may be narrower."""

    assessment_may_be_reduced: bool


def check_event_notice(
    terms: EventTerms,
    *,
    activity_start: date,
    confirmed_on: date | None,
    short_notice_agreed: bool = False,
) -> EventNotice:
    """Accept the notice of an event, counted from its written confirmation.

    When it was asked for doesn't matter. Refuses `not_confirmed_in_writing`, and
    `short_notice` after the last day unless Microsoft agreed to it; agreeing to a
    shorter notice doesn't replace the writing.

    Clause: 2.4-AE13, 2.4-AE14, 0-C5
    """
    last_day = event_notice_last_day(terms, activity_start=activity_start).result
    if confirmed_on is None:
        raise Refused(
            "not_confirmed_in_writing", clause="2.4-AE13", field="confirmed_on", last_day=last_day
        )
    late = confirmed_on > last_day
    if late and not short_notice_agreed:
        raise Refused(
            "short_notice", clause="2.4-AE13, 2.4-AE14", field="confirmed_on", last_day=last_day
        )
    return EventNotice(assessment_may_be_reduced=late)


def check_event_eligibility(*, cloud: str, restricted_staff_required: bool = False) -> None:
    """Refuse an event outside the public cloud, or one that only citizens may support.

    Refuses `cloud_not_public` and `restricted_staff`.

    Clause: 2.4-AE17, 2.4-AE18
    """
    if cloud != PUBLIC_CLOUD:
        raise Refused("cloud_not_public", clause="2.4-AE17", field="cloud")
    if restricted_staff_required:
        raise Refused("restricted_staff", clause="2.4-AE18", field="restricted_staff_required")


@dataclass(frozen=True, slots=True)
class EventIncident:
    """What the summary needs to know of an incident."""

    opened_on: date
    closed: bool


@dataclass(frozen=True, slots=True)
class EventSummary:
    """The incidents of an event, and those of them still open."""

    incidents: int
    still_open: int

    @property
    def ready_to_close(self) -> bool:
        """All of them are resolved."""
        return not self.still_open


def event_summary(window: EventWindow, incidents: Iterable[EventIncident]) -> EventSummary:
    """The summary after an event: the incidents opened in its window, both ends included.

    The text names no date for it; it can be closed once all of them are.

    Clause: A-AE9
    """
    inside = [incident for incident in incidents if incident.opened_on in window]
    return EventSummary(len(inside), sum(1 for incident in inside if not incident.closed))
