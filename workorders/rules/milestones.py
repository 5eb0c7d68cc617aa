"""The dates of a work order: request cut-off, expiry, onboarding, Plus monitoring, plans."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from accounts.rules.calendar_days import (
    add_months,
    contract_years,
    days_before_end,
    last_of_first_days,
    local_date,
    within_days_after,
)
from accounts.rules.explained import Explained, OtherReading
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.readings import FirstDays
from services.catalog.rules.terms import McsapTerms, RequestTerms, UerTerms


def _deadline(
    result: date,
    *,
    inputs: tuple[tuple[str, object], ...],
    steps: tuple[tuple[str, object], ...],
    clauses: tuple[str, ...],
    readings: tuple[str, ...],
    zone: str,
    others: tuple[OtherReading[date], ...] = (),
) -> Explained[date]:
    """A date with its arithmetic; it holds to the end of that day in `zone` (0-C1, 0-C13)."""
    return Explained(
        result, inputs, (*steps, ("last_day", result)), clauses, (*readings, "0-C1"), zone, others
    )


def first_days_end(reading: FirstDays, start: date, days: int) -> date:
    """The last of the first `days` days of a period that begins on `start`, inclusive.

    The start is day 1; where the edition chose to read it as day 0, one day later.

    Clause: 0-C3
    """
    last = last_of_first_days(start, days)
    return last if reading == "start_is_day_one" else last + timedelta(days=1)


def _read_otherwise(
    reading: FirstDays, start: date, days: int, *, further: int = 0
) -> tuple[OtherReading[date], ...]:
    """What the other reading of 0-C3 gives, `further` days after those first days."""
    other: FirstDays = "start_is_day_zero" if reading == "start_is_day_one" else "start_is_day_one"
    last = first_days_end(other, start, days) + timedelta(days=further)
    return (OtherReading("0-C3", reading, other, last),)


def request_cutoff(terms: RequestTerms, *, order_end: date, zone: str = "") -> Explained[date]:
    """The last day on which a proactive service or enhanced solution can be requested.

    `order_end` is the order's last day in force; the day is included, to its end in the
    host location's `zone`.

    Clause: 2.8-C20, 0-C4, 0-C1, 0-C13, X-41
    """
    return _deadline(
        days_before_end(order_end, terms.cutoff_days),
        inputs=(("order_end", order_end),),
        steps=(("days_before_end", terms.cutoff_days),),
        clauses=("2.8-C20",),
        readings=("0-C4", "X-41"),
        zone=zone,
    )


def request_is_in_time(
    last_day: date,
    *,
    requested: date | datetime | None,
    data: date | datetime | None,
    zone: str,
) -> bool:
    """Whether request and data both came by the end of `last_day` at the host location.

    An instant counts by its date in `zone`; None has not come.

    Clause: 2.8-C20, 0-C13
    """
    return all(
        moment is not None and _day(moment, zone) <= last_day for moment in (requested, data)
    )


def check_request(
    last_day: date,
    *,
    requested: date | datetime | None,
    data: date | datetime | None,
    zone: str,
) -> None:
    """Refuse a request that is late, or whose data is: `too_late`.

    Clause: 2.8-C20, 0-C13
    """
    if not request_is_in_time(last_day, requested=requested, data=data, zone=zone):
        raise Refused(
            "too_late",
            clause="2.8-C20",
            field="date",
            last_day=last_day,
            requested_until=last_day,
        )


def _day(moment: date | datetime, zone: str) -> date:
    return local_date(moment, zone) if isinstance(moment, datetime) else moment


def order_expiry(order_end: date, *, zone: str = "") -> Explained[date]:
    """The last day on which anything under the order can be used.

    Clause: 2.7-T10, 0-C16
    """
    return _deadline(
        order_end,
        inputs=(("order_end", order_end),),
        steps=(),
        clauses=("2.7-T10",),
        readings=("0-C16",),
        zone=zone,
    )


def contract_year_ends(start: date, end: date, *, zone: str = "") -> tuple[Explained[date], ...]:
    """The last day of each contract year; what its flex allowance paid for lapses then.

    Clause: 2.2-F4, 0-C12
    """
    return tuple(
        _deadline(
            year.last_day,
            inputs=(("order_start", start), ("order_end", end), ("contract_year", year.number)),
            steps=(("first_day", year.first_day),),
            clauses=("2.2-F4",),
            readings=("0-C12",),
            zone=zone,
        )
        for year in contract_years(start, end)
    )


@dataclass(frozen=True, slots=True)
class McsapMilestones:
    """The dates of an MCSAP line; without Plus there is no material and no monitor."""

    intake_due: Explained[date]
    onboarding_last_day: Explained[date]
    material_due: Explained[date] | None = None
    monitors_ready_due: Explained[date] | None = None


def mcsap_milestones(
    terms: McsapTerms,
    *,
    executed_on: date,
    start: date,
    plus: bool = True,
    zone: str = "",
    agreed_end: date | None = None,
) -> McsapMilestones:
    """The dates that follow from execution and from the start of the term.

    Intake and material run from execution, also when that makes them due before the
    start. Onboarding is the first days of the term, the start being day 1; the monitors
    are ready so many days after its last one. Material and monitors belong to Plus. Where
    both sides agreed on an earlier last day of onboarding, that is `agreed_end`.

    Clause: 2.4-AP9, 2.4-AP10, 2.4-AP13, 2.4-AP38, 2.4-AP39, 0-C2, 0-C3, X-09, X-27
    """
    executed = (("executed_on", executed_on),)
    begun = (("start", start),)
    onboarding = agreed_end or first_days_end(terms.first_days, start, terms.onboarding_days)
    agreed = (("agreed_end", agreed_end),) if agreed_end else ()
    milestones = McsapMilestones(
        intake_due=_deadline(
            within_days_after(executed_on, terms.intake_days),
            inputs=executed,
            steps=(("days_after", terms.intake_days),),
            clauses=("2.4-AP10",),
            readings=("0-C2",),
            zone=zone,
        ),
        onboarding_last_day=_deadline(
            onboarding,
            inputs=(*begun, *agreed),
            steps=(("first_days", terms.onboarding_days),),
            clauses=("2.4-AP9", "2.4-AP13", *(("2.4-AP39",) if agreed else ())),
            readings=("0-C3",),
            zone=zone,
            others=()
            if agreed
            else _read_otherwise(terms.first_days, start, terms.onboarding_days),
        ),
    )
    if not plus:
        return milestones
    return replace(
        milestones,
        material_due=_deadline(
            within_days_after(executed_on, terms.material_days),
            inputs=executed,
            steps=(("days_after", terms.material_days),),
            clauses=("2.4-AP38",),
            readings=("0-C2",),
            zone=zone,
        ),
        monitors_ready_due=_deadline(
            within_days_after(onboarding, terms.monitors_ready_days),
            inputs=(*begun, *agreed),
            steps=(
                ("first_days", terms.onboarding_days),
                ("onboarding_last_day", onboarding),
                ("days_after", terms.monitors_ready_days),
            ),
            clauses=("2.4-AP39",),
            readings=("0-C3", "0-C2", "X-09"),
            zone=zone,
            others=()
            if agreed
            else _read_otherwise(
                terms.first_days,
                start,
                terms.onboarding_days,
                further=terms.monitors_ready_days,
            ),
        ),
    )


def uer_onboarding(terms: UerTerms, *, uer_start: date, zone: str = "") -> Explained[date]:
    """The last day of UER onboarding, counted from the line's own start as day 1.

    Clause: 2.5-UE15, 0-C3
    """
    return _deadline(
        first_days_end(terms.first_days, uer_start, terms.onboarding_days),
        inputs=(("uer_start", uer_start),),
        steps=(("first_days", terms.onboarding_days),),
        clauses=("2.5-UE15",),
        readings=("0-C3",),
        zone=zone,
        others=_read_otherwise(terms.first_days, uer_start, terms.onboarding_days),
    )


def uer_meetings(
    terms: UerTerms, *, uer_start: date, last_day: date, zone: str = ""
) -> tuple[Explained[date], ...]:
    """By when each quarterly meeting with the team is held: the last day of its quarter.

    Quarters count from the line's own start, like contract years; one that the service
    doesn't last to the end of has no meeting of its own.

    Clause: 2.5-UE20, 0-C12
    """
    found: list[Explained[date]] = []
    while True:
        months = terms.meeting_months * (len(found) + 1)
        day = add_months(uer_start, months) - timedelta(days=1)
        if day > last_day:
            return tuple(found)
        found.append(
            _deadline(
                day,
                inputs=(("uer_start", uer_start),),
                steps=(("months", months),),
                clauses=("2.5-UE20",),
                readings=("0-C12",),
                zone=zone,
            )
        )


@dataclass(frozen=True, slots=True)
class McsapGate:
    """Whether the intake came in time (None: still possible) and the reactive features run."""

    intake_on_time: bool | None
    open: bool


def mcsap_gate(
    terms: McsapTerms,
    *,
    executed_on: date,
    intake_completed_at: datetime | None,
    at: datetime,
    zone: str,
) -> McsapGate:
    """Rapid expert response and enhanced incident management at an instant.

    They run from the instant at which the intake document is complete, however late.
    In time is to the end of the due day at the host location.

    Clause: 2.4-AP10, 2.4-AP11, 0-C2, 0-C13
    """
    due = within_days_after(executed_on, terms.intake_days)
    if intake_completed_at is None:
        return McsapGate(False if local_date(at, zone) > due else None, open=False)
    on_time = local_date(intake_completed_at, zone) <= due
    return McsapGate(on_time, open=at >= intake_completed_at)


def check_acceleration_work(
    terms: McsapTerms, *, start: date, on: date, intake_on_time: bool = False
) -> None:
    """Refuse improvement plans and other acceleration work while the term is for onboarding.

    Possible from the day after the onboarding days, however early or late the intake
    was; where the edition chose to read the limit as a penalty, at once after an intake
    in time. Refuses `onboarding_period`.

    Clause: 2.4-AP9, 2.4-AP12, 0-C3, X-33
    """
    if terms.onboarding_limit == "penalty_for_late_intake" and intake_on_time:
        return
    last_day = first_days_end(terms.first_days, start, terms.onboarding_days)
    if on <= last_day:
        raise Refused(
            "onboarding_period",
            clause="2.4-AP12",
            field="date",
            last_day=last_day,
            first_day=last_day + timedelta(days=1),
        )


def check_sip(terms: McsapTerms, *, earlier: Iterable[date], on: date) -> None:
    """Refuse a service improvement plan beyond the number in the rolling months.

    A plan requested exactly so many months earlier no longer counts; contract years
    don't matter. `earlier` holds neither refused nor withdrawn requests. Refuses
    `sip_limit` with the first day on which one can be requested.

    Clause: 2.4-AP29, 0-C12
    """
    opens_after = add_months(on, -terms.sip_window_months)
    counted = sorted((day for day in earlier if day > opens_after), reverse=True)
    if len(counted) < terms.sips_max:
        return
    blocking = counted[terms.sips_max - 1]
    first_day = add_months(blocking, terms.sip_window_months)
    while add_months(first_day, -terms.sip_window_months) < blocking:
        first_day += timedelta(days=1)
    raise Refused(
        "sip_limit",
        clause="2.4-AP29",
        field="date",
        allowed=terms.sips_max,
        first_day=first_day,
    )


def add_scenario(
    terms: McsapTerms, *, plus: bool, start: date, active: int, on: date, both_agree: bool
) -> int:
    """The number of active monitoring scenarios after another one.

    Plus alone, agreed by both sides, up to the maximum, and by the last onboarding day;
    after that staff may override. Replaced scenarios aren't active.

    Refuses `plus_only`, `not_agreed`, `scenario_limit` and `after_onboarding`
    (overridable).

    Clause: 2.4-AP8, 2.4-AP33, 2.4-AP35, 2.4-AP37, 0-C3, 0-C17
    """
    if not plus:
        raise Refused("plus_only", clause="2.4-AP8, 2.4-AP33")
    if not both_agree:
        raise Refused("not_agreed", clause="2.4-AP35", field="both_agree")
    if active >= terms.scenarios_max:
        raise Refused("scenario_limit", clause="2.4-AP35", allowed=terms.scenarios_max)
    last_day = first_days_end(terms.first_days, start, terms.onboarding_days)
    if on > last_day:
        raise Refused(
            "after_onboarding",
            clause="2.4-AP37",
            field="date",
            overridable=True,
            last_day=last_day,
        )
    return active + 1


@dataclass(frozen=True, slots=True)
class MonitorResponse:
    """What happens when a monitor triggers."""

    responded_24x7: bool
    ask_customer_to_open_case: bool


def monitor_triggers(
    *, tests_complete: bool, activation_notice_given: bool, support_case_exists: bool
) -> MonitorResponse:
    """Round-the-clock response once tests are complete and the customer was told.

    Without a support case the customer is asked to open one.

    Clause: 2.4-AP40, 2.4-AP41
    """
    active = tests_complete and activation_notice_given
    return MonitorResponse(active, active and not support_case_exists)


def may_see_monitor_thresholds(*, works_for_customer: bool) -> bool:
    """Telemetry and thresholds are never shown to the customer's people.

    Clause: 2.4-AP36
    """
    return not works_for_customer


def mcsap_plus_eligible(
    terms: McsapTerms,
    *,
    spend_at_execution: Money,
    floor_price_paid: bool,
    noted_on_order: bool,
) -> Explained[bool]:
    """Whether an MCSAP customer has the Plus features for the whole term.

    The assessed spend in US dollars at execution reaches the threshold (equal is
    enough), or the floor price is paid; and the order notes it. Later spend, more or
    less, changes nothing.

    Clause: 2.4-AP5, 2.4-AP6, 2.4-AP7
    """
    threshold = Money(terms.plus_min_spend_usd_minor, "USD")
    if spend_at_execution.currency != threshold.currency:
        raise ValueError(f"assessed spend is in US dollars, not {spend_at_execution.currency}")
    by_spend = spend_at_execution >= threshold
    return Explained(
        noted_on_order and (by_spend or floor_price_paid),
        inputs=(
            ("spend_at_execution", spend_at_execution),
            ("floor_price_paid", floor_price_paid),
            ("noted_on_order", noted_on_order),
        ),
        steps=(("threshold", threshold), ("by_spend", by_spend)),
        clauses=("2.4-AP5", "2.4-AP6", "2.4-AP7"),
    )
