from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.explained import OtherReading
from accounts.rules.refusal import Refused
from services.catalog.rules.terms import RequestTerms
from tests.contract import MCSAP, REQUEST, UER
from workorders.rules.mcsap import check_acceleration_work
from workorders.rules.milestones import (
    contract_year_ends,
    mcsap_milestones,
    order_expiry,
    request_cutoff,
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


@pytest.mark.clause("2.4-AP39", "2.4-AP9")
def test_an_earlier_end_that_both_sides_agreed_on_brings_the_monitors_forward():
    start, agreed = date(2028, 1, 1), date(2028, 2, 10)
    dates = mcsap_milestones(MCSAP, executed_on=start, start=start, agreed_end=agreed)
    assert dates.onboarding_last_day.result == agreed
    assert dates.monitors_ready_due.result == date(2028, 3, 11)
    assert ("agreed_end", agreed) in dates.monitors_ready_due.inputs
    assert (dates.material_due.result, dates.monitors_ready_due.others) == (date(2028, 1, 31), ())
