from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.calendar_days import add_months
from accounts.rules.explained import OtherReading
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.terms import RequestTerms
from tests.contract import MCSAP, REQUEST, UER, usd
from workorders.rules.milestones import (
    McsapGate,
    MonitorResponse,
    add_scenario,
    check_acceleration_work,
    check_request,
    check_sip,
    contract_year_ends,
    may_see_monitor_thresholds,
    mcsap_gate,
    mcsap_milestones,
    mcsap_plus_eligible,
    monitor_triggers,
    order_expiry,
    request_cutoff,
    request_is_in_time,
    uer_meetings,
    uer_onboarding,
)

SHANGHAI = "Asia/Shanghai"


@pytest.mark.clause("2.8-C20", "0-C4", "0-C1")
@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("2025-06-30", "2025-05-01"),
        ("2024-03-31", "2024-01-31"),
        ("2024-02-29", "2023-12-31"),
        ("2026-01-15", "2025-11-16"),
    ],
)
def test_requests_end_sixty_days_before_the_last_day_in_force(end, last):
    explained = request_cutoff(REQUEST, order_end=date.fromisoformat(end), zone=SHANGHAI)
    assert explained.result == date.fromisoformat(last)
    assert explained.inputs == (("order_end", date.fromisoformat(end)),)
    assert explained.steps == (("days_before_end", 60), ("last_day", explained.result))
    assert (explained.clauses, explained.zone) == (("2.8-C20",), SHANGHAI)
    assert explained.readings == ("0-C4", "X-41", "0-C1")


def test_another_edition_may_move_the_cut_off():
    terms = RequestTerms(cutoff_days=90)
    assert request_cutoff(terms, order_end=date(2025, 6, 30)).result == date(2025, 4, 1)


LAST = date(2025, 5, 1)


@pytest.mark.clause("2.8-C20", "0-C13")
@pytest.mark.parametrize(
    ("requested", "data", "in_time"),
    [
        (LAST, LAST, True),
        (LAST, LAST + timedelta(days=1), False),
        (LAST + timedelta(days=1), LAST, False),
        (LAST, None, False),
        (None, None, False),
        (datetime(2025, 5, 1, 15, 59, 59, tzinfo=UTC), LAST, True),
        (datetime(2025, 5, 1, 16, 0, tzinfo=UTC), LAST, False),
        (LAST, datetime(2025, 5, 1, 16, 30, tzinfo=UTC), False),
    ],
)
def test_request_and_data_come_by_the_end_of_the_day_at_the_host(requested, data, in_time):
    moments = {"requested": requested, "data": data, "zone": SHANGHAI}
    assert request_is_in_time(LAST, **moments) is in_time
    if in_time:
        check_request(LAST, **moments)
        return
    with pytest.raises(Refused) as refusal:
        check_request(LAST, **moments)
    assert (refusal.value.code, refusal.value.figures) == (
        "too_late",
        {"last_day": LAST, "requested_until": LAST},
    )


@pytest.mark.clause("2.7-T10", "0-C16")
def test_an_order_expires_at_the_end_of_its_last_day():
    expiry = order_expiry(date(2025, 6, 30), zone=SHANGHAI)
    assert (expiry.result, expiry.zone) == (date(2025, 6, 30), SHANGHAI)
    assert expiry.clauses == ("2.7-T10",)


@pytest.mark.clause("2.2-F4", "0-C12")
def test_each_contract_year_has_its_end():
    ends = contract_year_ends(date(2024, 2, 29), date(2026, 12, 31), zone="Europe/Paris")
    assert [end.result for end in ends] == [
        date(2025, 2, 27),
        date(2026, 2, 27),
        date(2026, 12, 31),
    ]
    assert dict(ends[2].inputs)["contract_year"] == 3


@pytest.mark.clause(
    "2.4-AP9", "2.4-AP10", "2.4-AP13", "2.4-AP38", "2.4-AP39", "0-C2", "0-C3", "X-09", "X-27"
)
@pytest.mark.parametrize(
    ("executed", "start", "intake", "material", "onboarding", "monitors"),
    [
        ("2025-01-01", "2025-01-01", "2025-01-15", "2025-01-31", "2025-03-01", "2025-03-31"),
        ("2024-01-01", "2024-01-01", "2024-01-15", "2024-01-31", "2024-02-29", "2024-03-30"),
        ("2025-11-20", "2026-01-01", "2025-12-04", "2025-12-20", "2026-03-01", "2026-03-31"),
        ("2025-01-31", "2025-01-31", "2025-02-14", "2025-03-02", "2025-03-31", "2025-04-30"),
    ],
)
def test_intake_and_material_run_from_execution_onboarding_from_the_start(
    executed, start, intake, material, onboarding, monitors
):
    dates = mcsap_milestones(
        MCSAP, executed_on=date.fromisoformat(executed), start=date.fromisoformat(start)
    )
    assert dates.intake_due.result == date.fromisoformat(intake)
    assert dates.material_due.result == date.fromisoformat(material)
    assert dates.onboarding_last_day.result == date.fromisoformat(onboarding)
    assert dates.monitors_ready_due.result == date.fromisoformat(monitors)


@pytest.mark.clause("2.4-AP38", "2.4-AP39")
def test_without_plus_there_is_no_material_and_no_monitor():
    start = date(2025, 1, 1)
    dates = mcsap_milestones(MCSAP, executed_on=start, start=start, plus=False)
    assert dates.intake_due.result == date(2025, 1, 15)
    assert dates.material_due is None
    assert dates.monitors_ready_due is None


@given(start=st.dates(date(2000, 1, 1), date(2080, 1, 1)))
@settings(max_examples=40)
def test_monitors_are_ready_eighty_nine_days_after_the_start(start):
    dates = mcsap_milestones(MCSAP, executed_on=start, start=start)
    assert dates.monitors_ready_due.result == start + timedelta(days=89)


@pytest.mark.clause("2.5-UE20", "0-C12")
def test_each_whole_quarter_of_uer_has_a_meeting_by_its_last_day():
    days = uer_meetings(UER, uer_start=date(2025, 11, 30), last_day=date(2026, 8, 29), zone="UTC")
    assert [one.result for one in days] == [
        date(2026, 2, 27), date(2026, 5, 29), date(2026, 8, 29),
    ]  # fmt: skip
    assert (days[1].clauses, dict(days[1].steps)["months"]) == (("2.5-UE20",), 6)
    short = uer_meetings(UER, uer_start=date(2025, 11, 30), last_day=date(2026, 2, 26))
    assert short == ()


@pytest.mark.clause("2.5-UE15", "0-C3")
def test_uer_onboarding_counts_from_the_line_s_own_start():
    assert uer_onboarding(UER, uer_start=date(2025, 4, 1)).result == date(2025, 5, 30)


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


@pytest.mark.clause("0-C3", "2.4-AP9", "2.4-AP39", "2.5-UE15")
@pytest.mark.parametrize(
    ("chosen", "other", "onboarding", "monitors", "other_onboarding", "other_monitors"),
    [
        ("start_is_day_one", "start_is_day_zero", (3, 1), (3, 31), (3, 2), (4, 1)),
        ("start_is_day_zero", "start_is_day_one", (3, 2), (4, 1), (3, 1), (3, 31)),
    ],
)
def test_an_edition_chooses_how_the_first_days_count_and_the_proof_tells_both(
    chosen, other, onboarding, monitors, other_onboarding, other_monitors
):
    start = date(2025, 1, 1)
    terms = replace(MCSAP, first_days=chosen)
    dates = mcsap_milestones(terms, executed_on=start, start=start)
    uer = uer_onboarding(replace(UER, first_days=chosen), uer_start=start)
    for explained, day, other_day in (
        (dates.onboarding_last_day, onboarding, other_onboarding),
        (dates.monitors_ready_due, monitors, other_monitors),
        (uer, onboarding, other_onboarding),
    ):
        assert explained.result == date(2025, *day)
        assert explained.others == (OtherReading("0-C3", chosen, other, date(2025, *other_day)),)
    assert (dates.intake_due.others, dates.material_due.others) == ((), ())
    last = date(2025, *onboarding)
    with pytest.raises(Refused):
        check_acceleration_work(terms, start=start, on=last)
    check_acceleration_work(terms, start=start, on=last + timedelta(days=1))


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


@pytest.mark.clause("2.4-AP39", "2.4-AP9")
def test_an_earlier_end_that_both_sides_agreed_on_brings_the_monitors_forward():
    start, agreed = date(2028, 1, 1), date(2028, 2, 10)
    dates = mcsap_milestones(MCSAP, executed_on=start, start=start, agreed_end=agreed)
    assert dates.onboarding_last_day.result == agreed
    assert dates.monitors_ready_due.result == date(2028, 3, 11)
    assert ("agreed_end", agreed) in dates.monitors_ready_due.inputs
    assert (dates.material_due.result, dates.monitors_ready_due.others) == (date(2028, 1, 31), ())
