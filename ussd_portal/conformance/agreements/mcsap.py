"""Cases about MCSAP, MCSAP Plus and UER: onboarding, gate, plans, monitoring, eligibility."""

from ussd_portal.conformance.agreements.common import ACCEPTED, executed_on, host_zone
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import (
    Words,
    a_date,
    an_amount,
    an_instant,
    maybe_instant,
    works_for_customer,
)
from workorders.rules.mcsap import (
    add_scenario,
    check_acceleration_work,
    check_sip,
    may_see_monitor_thresholds,
    mcsap_gate,
    mcsap_plus_eligible,
    monitor_triggers,
)
from workorders.rules.milestones import mcsap_milestones, uer_onboarding


@adapter("mcsap_milestones", "mcsap_milestones")
def milestones(given: Words, when: Words) -> Answer:
    """The four dates of an MCSAP Plus line."""
    dates = mcsap_milestones(
        shipped_edition().terms.mcsap,
        executed_on=executed_on(given),
        start=a_date(given["start"]),
        plus=given.get("plus", True),
    )
    return {
        "intake_due": dates.intake_due.result,
        "material_due": dates.material_due and dates.material_due.result,
        "onboarding_last_day": dates.onboarding_last_day.result,
        "monitors_ready_due": dates.monitors_ready_due and dates.monitors_ready_due.result,
    }


@adapter("uer_onboarding", "uer_onboarding")
def onboarding(given: Words, when: Words) -> Answer:
    """The last day of UER onboarding; UER starts with the order unless it says otherwise."""
    start = a_date(given.get("uer_start") or given["order_start"])
    last_day = uer_onboarding(shipped_edition().terms.uer, uer_start=start)
    return {"onboarding_last_day": last_day.result}


@adapter("mcsap_gate", "mcsap_gate")
def gate(given: Words, when: Words) -> Answer:
    """Whether the reactive features run for an incident."""
    state = mcsap_gate(
        shipped_edition().terms.mcsap,
        executed_on=executed_on(given),
        intake_completed_at=maybe_instant(given, "intake_completed_at"),
        at=an_instant(when["incident_at"]),
        zone=host_zone(given),
    )
    return {"intake_on_time": state.intake_on_time, "gate_open": state.open}


@adapter("mcsap_schedule", "schedule_acceleration_work")
def schedule_acceleration_work(given: Words, when: Words) -> Answer:
    """Acceleration work in or after the onboarding days."""
    check_acceleration_work(
        shipped_edition().terms.mcsap, start=a_date(given["start"]), on=a_date(when["date"])
    )
    return ACCEPTED


@adapter("mcsap_plus", "mcsap_plus_eligible")
def plus_eligible(given: Words, when: Words) -> Answer:
    """Who has the Plus features."""
    eligible = mcsap_plus_eligible(
        shipped_edition().terms.mcsap,
        spend_at_execution=an_amount(given.get("spend_at_execution_usd") or 0, "USD"),
        floor_price_paid=bool(given.get("floor_price_paid")),
        noted_on_order=bool(given.get("noted_on_order", True)),
    )
    return {"eligible": eligible.result}


@adapter("sip", "request_sip")
def request_sip(given: Words, when: Words) -> Answer:
    """Another service improvement plan."""
    check_sip(
        shipped_edition().terms.mcsap,
        earlier=[a_date(day) for day in given.get("earlier_requests") or ()],
        on=a_date(when["date"]),
    )
    return ACCEPTED


@adapter("monitoring", "add_scenario")
def scenario(given: Words, when: Words) -> Answer:
    """Another monitoring scenario."""
    active = add_scenario(
        shipped_edition().terms.mcsap,
        plus=given.get("plus", True),
        start=a_date(given["start"]),
        active=int(given.get("active_scenarios") or 0),
        on=a_date(when["date"]),
        both_agree=when.get("both_agree", True),
    )
    return ACCEPTED | {"active_scenarios": active}


@adapter("monitoring", "monitor_triggers")
def triggered(given: Words, when: Words) -> Answer:
    """A monitor that triggers."""
    response = monitor_triggers(
        tests_complete=bool(given.get("tests_complete", True)),
        activation_notice_given=bool(given.get("activation_notice_given", True)),
        support_case_exists=bool(given.get("support_case_exists", True)),
    )
    return {
        "responded_24x7": response.responded_24x7,
        "ask_customer_to_open_case": response.ask_customer_to_open_case,
    }


@adapter("monitoring", "view_monitor_thresholds")
def thresholds(given: Words, when: Words) -> Answer:
    """Who sees the telemetry."""
    role = given.get("role") or when.get("role")
    return {"permitted": may_see_monitor_thresholds(works_for_customer=works_for_customer(role))}
