"""Monitoring scenarios of MCSAP Plus: defined, made ready, tested, active, retired, triggered."""

from datetime import datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from services.catalog.queries import terms_of
from services.scheduling.actions.lines import hold_line, require_mcsap, require_standing_order
from services.scheduling.actions.plan_news import tell_of_monitor
from services.scheduling.models import MonitoringScenario, MonitorTrigger
from services.scheduling.queries.onboarding import MONITORS, is_plus, state_of_scenario
from services.scheduling.rules.onboarding import check_monitor_step, free_slot
from workorders.actions.deadlines import meet_deadline
from workorders.actions.orders import override_refusal
from workorders.models import Deadline, WorkOrderLine
from workorders.queries.locations import zone_of
from workorders.rules.mcsap import add_scenario, monitor_triggers

STEP_COLUMN = {"ready": "ready_at", "tested": "tested_at", "active": "activated_at"}


@transaction.atomic
def define_scenario(
    *,
    line: WorkOrderLine,
    name: str,
    resources: str,
    watches: str,
    response: str,
    agreed_by: str,
    by: User,
    now: datetime,
    thresholds: str = "",
    override_reason: str = "",
) -> MonitoringScenario:
    """Define another scenario that both sides agreed on: `agreed_by` names the customer's person.

    At most seven at a time, within the onboarding days. After them it is refused with
    `after_onboarding`; staff may override that with a written reason (0-C17).
    """
    require_account_manager(by)
    words = {
        "name": written(name, field="name", limit=120, required=True),
        "resources": written(resources, field="resources", limit=4000, required=True),
        "response": written(response, field="response", limit=300, required=True),
        "thresholds": written(thresholds, field="thresholds", limit=4000),
        "agreed_by": written(agreed_by, field="agreed_by", limit=120),
    }
    held = hold_line(line)
    require_mcsap(held, clause="2.4-AP33")
    zone = zone_of(held.order.customer)
    require_standing_order(held, local_date(now, zone))
    late = _refused_late(held, agreed=bool(words["agreed_by"]), now=now, zone=zone)
    reason = written(override_reason, field="override_reason", limit=300)
    if late is not None and not reason:
        raise late
    standing = MonitoringScenario.objects.filter(line=held).standing()
    scenario = MonitoringScenario.objects.create(
        customer=held.order.customer,
        line=held,
        slot=free_slot(
            standing.values_list("slot", flat=True),
            most=terms_of(held.order.edition).mcsap.scenarios_max,
        ),
        watches=watches,
        defined_at=now,
        defined_by=by,
        **words,
    )
    if late is not None:
        override_refusal(
            customer=held.order.customer,
            subject_key=f"scenario:{scenario.pk}",
            code=late.code,
            reason=reason,
            by=by,
            now=now,
        )
    return scenario


@transaction.atomic
def advance_scenario(
    *, scenario: MonitoringScenario, to: str, by: User, now: datetime
) -> MonitoringScenario:
    """Record the next step: ready for testing, tested, active.

    The last one tells the customer that the monitor is active: from then on it is answered
    round the clock (2.4-AP40). When all of them are ready, their deadline is met.
    """
    require_account_manager(by)
    current = _held(scenario)
    check_monitor_step(state_of_scenario(current), to)
    setattr(current, STEP_COLUMN[to], now)
    current.save(update_fields=[STEP_COLUMN[to]])
    if to == "ready":
        _meet_when_all_ready(current, by=by, now=now)
    if to == "active":
        tell_of_monitor(current, "monitor_active", by=by, now=now)
    return current


@transaction.atomic
def change_thresholds(
    *, scenario: MonitoringScenario, thresholds: str, by: User, now: datetime
) -> MonitoringScenario:
    """Write the thresholds anew; they are never shown to the customer (2.4-AP36)."""
    require_account_manager(by)
    current = _held(scenario)
    if current.retired_at is not None:
        raise Refused("monitor_retired", clause="2.4-AP35")
    current.thresholds = written(thresholds, field="thresholds", limit=4000)
    current.save(update_fields=["thresholds"])
    return current


@transaction.atomic
def retire_scenario(
    *, scenario: MonitoringScenario, reason: str, by: User, now: datetime
) -> MonitoringScenario:
    """End a scenario; its number is free for another one (2.4-AP35)."""
    require_account_manager(by)
    words = written(reason, field="reason", limit=300, required=True)
    current = _held(scenario)
    if current.retired_at is not None:
        raise Refused("monitor_retired", clause="2.4-AP35")
    current.retired_at = now
    current.retired_reason = words
    current.save(update_fields=["retired_at", "retired_reason"])
    return current


@transaction.atomic
def record_trigger(
    *,
    scenario: MonitoringScenario,
    at: datetime,
    by: User,
    now: datetime,
    case_number: str = "",
    signal: str = "",
) -> MonitorTrigger:
    """Record that a monitor triggered, and what follows as it stood at that moment.

    Without a support case the customer is asked to open one (2.4-AP41).
    """
    require_account_manager(by)
    current = _held(scenario)
    if at > now:
        raise Refused("in_the_future", clause="2.4-AP40", field="at", at=at, now=now)
    if current.retired_at is not None and at >= current.retired_at:
        raise Refused("monitor_retired", clause="2.4-AP35", field="at")
    number = written(case_number, field="case_number", limit=40)
    response = monitor_triggers(
        tests_complete=current.tested_at is not None and current.tested_at <= at,
        activation_notice_given=current.activated_at is not None and current.activated_at <= at,
        support_case_exists=bool(number),
    )
    trigger = MonitorTrigger.objects.create(
        customer=current.customer,
        scenario=current,
        at=at,
        case_number=number,
        signal=written(signal, field="signal", limit=300),
        responded=response.responded_24x7,
        case_asked=response.ask_customer_to_open_case,
        recorded_at=now,
        recorded_by=by,
    )
    if trigger.case_asked:
        tell_of_monitor(current, "monitor_case", by=by, now=now, trigger=trigger)
    return trigger


@transaction.atomic
def name_case(
    *, trigger: MonitorTrigger, case_number: str, by: User, now: datetime
) -> MonitorTrigger:
    """Add the support case that was opened for a trigger; once."""
    require_account_manager(by)
    number = written(case_number, field="case_number", limit=40, required=True)
    rows = MonitorTrigger.objects.filter(pk=trigger.pk, case_number="")
    if not rows.update(case_number=number):
        raise Refused("already_recorded", clause="2.4-AP41")
    trigger.refresh_from_db()
    return trigger


def _refused_late(line: WorkOrderLine, *, agreed: bool, now: datetime, zone: str) -> Refused | None:
    """Why the scenario comes too late, if staff may override it; anything else is raised."""
    try:
        add_scenario(
            terms_of(line.order.edition).mcsap,
            plus=is_plus(line),
            start=line.order.starts_on,
            active=MonitoringScenario.objects.filter(line=line).standing().count(),
            on=local_date(now, zone),
            both_agree=agreed,
        )
    except Refused as refusal:
        if not refusal.overridable:
            raise
        return refusal
    return None


def _held(scenario: MonitoringScenario) -> MonitoringScenario:
    """The scenario as it stands, with its order held until the transaction ends."""
    hold_line(scenario.line)
    return MonitoringScenario.objects.select_related(
        "customer", "line__order__customer", "line__offering"
    ).get(pk=scenario.pk)


def _meet_when_all_ready(scenario: MonitoringScenario, *, by: User, now: datetime) -> None:
    standing = MonitoringScenario.objects.filter(line=scenario.line).standing()
    if standing.filter(ready_at=None).exists():
        return
    key = f"line:{scenario.line_id}"
    for due in Deadline.objects.open().filter(subject_key=key, kind=MONITORS):
        meet_deadline(deadline=due, by=by, now=now)
