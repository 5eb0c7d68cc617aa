"""What an MCSAP line allows: gate, acceleration work, plans, scenarios, monitors, Plus."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.calendar_days import add_months
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests.contract import MCSAP, usd
from workorders.rules.mcsap import (
    McsapGate,
    MonitorResponse,
    add_scenario,
    check_acceleration_work,
    check_sip,
    may_see_monitor_thresholds,
    mcsap_gate,
    mcsap_plus_eligible,
    monitor_triggers,
)

SHANGHAI = "Asia/Shanghai"


@pytest.mark.clause("2.4-AP10", "2.4-AP11", "0-C2", "0-C13")
@pytest.mark.parametrize(
    ("completed", "at", "on_time", "is_open"),
    [
        ("2025-03-17T16:00:00+08:00", "2025-03-17T16:30:00+08:00", True, True),
        ("2025-03-17T16:00:00+08:00", "2025-03-17T16:00:00+08:00", True, True),
        ("2025-03-17T23:59:59+08:00", "2025-03-17T12:00:00+08:00", True, False),
        ("2025-03-17T16:00:00Z", "2025-03-20T12:00:00Z", False, True),
        ("2025-03-18T09:00:00+08:00", "2025-03-17T12:00:00+08:00", False, False),
        (None, "2025-03-17T15:00:00Z", None, False),
        (None, "2025-03-17T16:00:00Z", False, False),
    ],
)
def test_the_gate_opens_when_the_intake_is_complete_however_late(completed, at, on_time, is_open):
    gate = mcsap_gate(
        MCSAP,
        executed_on=date(2025, 3, 3),
        intake_completed_at=None if completed is None else datetime.fromisoformat(completed),
        at=datetime.fromisoformat(at),
        zone=SHANGHAI,
    )
    assert gate == McsapGate(on_time, is_open)


@pytest.mark.clause("2.4-AP12", "X-33")
def test_read_as_a_penalty_the_limit_binds_after_a_late_intake_alone():
    start = date(2025, 1, 1)
    penalty = replace(MCSAP, onboarding_limit="penalty_for_late_intake")
    check_acceleration_work(penalty, start=start, on=start, intake_on_time=True)
    for terms, in_time in ((penalty, False), (MCSAP, True)):
        with pytest.raises(Refused) as refusal:
            check_acceleration_work(terms, start=start, on=start, intake_on_time=in_time)
        assert refusal.value.code == "onboarding_period"


@pytest.mark.clause("2.4-AP9", "2.4-AP12", "0-C3", "X-33")
def test_acceleration_work_begins_on_day_sixty_one():
    start = date(2025, 1, 1)
    check_acceleration_work(MCSAP, start=start, on=date(2025, 3, 2))
    with pytest.raises(Refused) as refusal:
        check_acceleration_work(MCSAP, start=start, on=date(2025, 3, 1))
    assert refusal.value.code == "onboarding_period"
    assert refusal.value.figures == {
        "last_day": date(2025, 3, 1),
        "first_day": date(2025, 3, 2),
    }


@pytest.mark.clause("2.4-AP29", "0-C12")
@pytest.mark.parametrize(
    ("earlier", "on", "first_day"),
    [
        ([], "2025-03-05", None),
        (["2025-03-05"], "2025-04-01", None),
        (["2025-03-05", "2025-06-01"], "2025-12-31", "2026-03-05"),
        (["2025-03-05", "2025-06-01"], "2026-03-05", None),
        (["2024-02-29", "2024-08-01"], "2025-02-28", "2025-03-01"),
        (["2024-02-29", "2024-08-01"], "2025-03-01", None),
        (["2025-11-15", "2025-12-20"], "2026-01-05", "2026-11-15"),
        (["2025-01-10", "2025-02-10", "2025-03-10"], "2025-06-01", "2026-02-10"),
    ],
)
def test_two_plans_in_any_twelve_months(earlier, on, first_day):
    days = [date.fromisoformat(day) for day in earlier]
    if first_day is None:
        check_sip(MCSAP, earlier=days, on=date.fromisoformat(on))
        return
    with pytest.raises(Refused) as refusal:
        check_sip(MCSAP, earlier=days, on=date.fromisoformat(on))
    assert refusal.value.code == "sip_limit"
    assert refusal.value.figures == {"allowed": 2, "first_day": date.fromisoformat(first_day)}


@given(
    earlier=st.lists(st.dates(date(2020, 1, 1), date(2025, 1, 1)), max_size=5),
    on=st.dates(date(2020, 1, 1), date(2026, 1, 1)),
)
@settings(max_examples=60)
def test_the_day_named_by_a_refusal_is_the_first_one_accepted(earlier, on):
    try:
        check_sip(MCSAP, earlier=earlier, on=on)
    except Refused as refused:
        first_day = refused.figures["first_day"]
        check_sip(MCSAP, earlier=earlier, on=first_day)
        with pytest.raises(Refused):
            check_sip(MCSAP, earlier=earlier, on=first_day - timedelta(days=1))
    else:
        assert sum(1 for day in earlier if day > add_months(on, -12)) < 2


def scenario(**given) -> int:
    defaults = {
        "plus": True,
        "start": date(2025, 1, 1),
        "active": 3,
        "on": date(2025, 3, 1),
        "both_agree": True,
    }
    return add_scenario(MCSAP, **(defaults | given))


@pytest.mark.clause("2.4-AP35", "2.4-AP37", "0-C3")
def test_scenarios_are_added_to_the_seventh_and_on_the_last_onboarding_day():
    assert scenario() == 4
    assert scenario(active=6) == 7


@pytest.mark.clause("2.4-AP8", "2.4-AP33", "2.4-AP35", "2.4-AP37", "0-C17")
@pytest.mark.parametrize(
    ("given", "code", "overridable"),
    [
        ({"plus": False}, "plus_only", False),
        ({"both_agree": False}, "not_agreed", False),
        ({"active": 7}, "scenario_limit", False),
        ({"on": date(2025, 3, 2)}, "after_onboarding", True),
    ],
)
def test_only_the_end_of_onboarding_may_be_overridden(given, code, overridable):
    with pytest.raises(Refused) as refusal:
        scenario(**given)
    assert (refusal.value.code, refusal.value.overridable) == (code, overridable)


@pytest.mark.clause("2.4-AP40", "2.4-AP41")
@pytest.mark.parametrize(
    ("tested", "told", "case", "response"),
    [
        (True, True, False, MonitorResponse(True, True)),
        (True, True, True, MonitorResponse(True, False)),
        (True, False, False, MonitorResponse(False, False)),
        (False, True, False, MonitorResponse(False, False)),
    ],
)
def test_a_monitor_is_answered_once_tested_and_announced(tested, told, case, response):
    assert (
        monitor_triggers(
            tests_complete=tested, activation_notice_given=told, support_case_exists=case
        )
        == response
    )


@pytest.mark.clause("2.4-AP36")
def test_telemetry_is_not_for_the_customer_s_eyes():
    assert may_see_monitor_thresholds(works_for_customer=True) is False
    assert may_see_monitor_thresholds(works_for_customer=False) is True


@pytest.mark.clause("2.4-AP5", "2.4-AP6", "2.4-AP7")
@pytest.mark.parametrize(
    ("spend", "floor_price", "noted", "eligible"),
    [
        ("60000000.00", False, True, True),
        ("59999999.99", False, True, False),
        ("10000000.00", True, True, True),
        ("60000000.00", False, False, False),
        ("10000000.00", True, False, False),
    ],
)
def test_plus_needs_spend_or_floor_price_and_a_note_on_the_order(
    spend, floor_price, noted, eligible
):
    explained = mcsap_plus_eligible(
        MCSAP, spend_at_execution=usd(spend), floor_price_paid=floor_price, noted_on_order=noted
    )
    assert explained.result is eligible


def test_assessed_spend_is_in_us_dollars():
    with pytest.raises(ValueError, match="US dollars"):
        mcsap_plus_eligible(
            MCSAP, spend_at_execution=Money(1, "EUR"), floor_price_paid=True, noted_on_order=True
        )
