"""What an MCSAP line allows: its gate, plans, monitoring scenarios, and the Plus features."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.rules.calendar_days import add_months, local_date, within_days_after
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.terms import McsapTerms
from workorders.rules.milestones import first_days_end


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
