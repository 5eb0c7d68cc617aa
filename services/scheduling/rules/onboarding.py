"""Onboarding of MCSAP and UER: what opens, what a monitor may do next, when a plan may be asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from accounts.rules.calendar_days import add_months
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.catalog.rules.terms import McsapTerms
from workorders.rules.mcsap import check_sip

MonitorState: TypeAlias = Literal["defined", "ready", "tested", "active", "retired"]

# A monitor goes through these, one after the other.
STEPS: tuple[MonitorState, ...] = ("defined", "ready", "tested", "active")


@dataclass(frozen=True, slots=True)
class SipWindow:
    """How many improvement plans count on a day, how many are left, and when the next may be asked."""

    counted: tuple[date, ...]
    left: int
    next_on: Explained[date]


def sip_window(
    terms: McsapTerms, *, earlier: Iterable[date], on: date, zone: str = ""
) -> SipWindow:
    """The rolling window of service improvement plans as it stands on a day.

    `earlier` are the days of requests that were neither refused nor withdrawn. One made
    exactly so many months before no longer counts. The next may be asked for on `on`
    itself while any are left, otherwise on the first day on which one drops out.

    Clause: 2.4-AP29, 0-C12
    """
    requests = tuple(earlier)
    opens_after = add_months(on, -terms.sip_window_months)
    counted = tuple(sorted(day for day in requests if day > opens_after))
    try:
        check_sip(terms, earlier=requests, on=on)
        first_day = on
    except Refused as refused:
        first_day = date.fromisoformat(str(refused.figures["first_day"]))
    next_on = Explained(
        first_day,
        inputs=(("as_of", on),),
        steps=(
            ("window_months", terms.sip_window_months),
            ("window_opens_after", opens_after),
            ("plans_counted", len(counted)),
            ("plans_allowed", terms.sips_max),
        ),
        clauses=("2.4-AP29",),
        readings=("0-C12",),
        zone=zone,
    )
    return SipWindow(counted, max(0, terms.sips_max - len(counted)), next_on)


def monitor_state(*, ready: bool, tested: bool, active: bool, retired: bool) -> MonitorState:
    """Where a scenario stands: defined, ready for testing, tested, active, or retired.

    Clause: 2.4-AP39, 2.4-AP40
    """
    if retired:
        return "retired"
    if active:
        return "active"
    if tested:
        return "tested"
    return "ready" if ready else "defined"


def check_monitor_step(state: MonitorState, to: str) -> None:
    """Refuse a step that leaves one out: defined, ready, tested, active, in this order.

    A monitor is active only after its tests and with the notice to the customer. Refuses
    `monitor_retired`, `monitor_not_ready`, `monitor_not_tested`, and `already_recorded` for
    a state that was reached before. An unknown step is a `ValueError`.

    Clause: 2.4-AP40
    """
    if to not in STEPS[1:]:
        raise ValueError(f"a monitor is never made {to}")
    if state == "retired":
        raise Refused("monitor_retired", clause="2.4-AP35")
    reached, wanted = STEPS.index(state), [*STEPS].index(to)
    if reached >= wanted:
        raise Refused("already_recorded", clause="2.4-AP40")
    if to == "tested" and state != "ready":
        raise Refused("monitor_not_ready", clause="2.4-AP40")
    if to == "active" and state != "tested":
        raise Refused("monitor_not_tested", clause="2.4-AP40")


def free_slot(taken: Iterable[int], *, most: int) -> int:
    """The lowest free number among the scenarios; a retired one frees its own.

    Refuses `scenario_limit` when none is free.

    Clause: 2.4-AP35
    """
    used = set(taken)
    for number in range(1, most + 1):
        if number not in used:
            return number
    raise Refused("scenario_limit", clause="2.4-AP35", allowed=most)


def check_early_end(on: date, *, start: date, last_day: date) -> None:
    """Refuse an agreed end of the onboarding that isn't earlier than its usual last day.

    It lies between the first day of the term and the day before that. Refuses
    `not_earlier` and `order_not_begun`.

    Clause: 2.4-AP39, 2.4-AP9
    """
    if on < start:
        raise Refused("order_not_begun", clause="2.4-AP9", field="on", first_day=start)
    if on >= last_day:
        raise Refused("onboarding_not_earlier", clause="2.4-AP39", field="on", last_day=last_day)


def check_meeting_day(on: date, *, quarter_begins: date) -> None:
    """Refuse a quarterly meeting before its quarter begins; a late one still counts.

    Refuses `before_quarter`.

    Clause: 2.5-UE20
    """
    if on < quarter_begins:
        raise Refused("before_quarter", clause="2.5-UE20", field="on", first_day=quarter_begins)


def check_part_complete(part: str, *, open_tasks: int, clause: str) -> None:
    """Refuse to call a part of the onboarding complete while something of it is open.

    The intake document opens two features when it is complete, not when it is begun.
    Refuses `tasks_open`.

    Clause: 2.4-AP10, 2.4-AP13, 2.4-AP38
    """
    if open_tasks > 0:
        raise Refused("tasks_open", clause=clause, field=part, count=open_tasks)
