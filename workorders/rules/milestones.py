"""The dates of a work order: request cut-off, expiry, contract years, onboarding, monitors."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts.rules.calendar_days import (
    add_months,
    contract_years,
    days_before_end,
    last_of_first_days,
    within_days_after,
)
from accounts.rules.explained import Explained, OtherReading
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
