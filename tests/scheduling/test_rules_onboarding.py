"""Rules of onboardings: the window of improvement plans, the steps of a monitor, free numbers."""

from datetime import date

import pytest

from accounts.rules.refusal import Refused
from services.scheduling.rules.onboarding import (
    check_early_end,
    check_meeting_day,
    check_monitor_step,
    check_part_complete,
    free_slot,
    monitor_state,
    sip_window,
)
from tests.contract import MCSAP


def window(*earlier: date, on: date):
    return sip_window(MCSAP, earlier=earlier, on=on, zone="Europe/Berlin")


@pytest.mark.clause("2.4-AP29", "0-C12")
def test_with_one_plan_in_the_months_another_can_be_asked_for_today():
    seen = window(date(2026, 3, 5), on=date(2026, 11, 23))
    assert (seen.counted, seen.left) == ((date(2026, 3, 5),), 1)
    assert seen.next_on.result == date(2026, 11, 23)


@pytest.mark.clause("2.4-AP29")
def test_with_two_plans_the_next_day_is_the_anniversary_of_the_older():
    seen = window(date(2026, 6, 1), date(2026, 3, 5), on=date(2026, 12, 31))
    assert (seen.left, seen.next_on.result) == (0, date(2027, 3, 5))
    assert dict(seen.next_on.steps)["window_opens_after"] == date(2025, 12, 31)
    assert seen.next_on.zone == "Europe/Berlin"


@pytest.mark.clause("2.4-AP29", "0-C12")
def test_a_plan_of_exactly_twelve_months_ago_no_longer_counts():
    seen = window(date(2025, 3, 5), date(2025, 6, 1), on=date(2026, 3, 5))
    assert (seen.counted, seen.left) == ((date(2025, 6, 1),), 1)


@pytest.mark.clause("2.4-AP29", "0-C12")
def test_a_plan_of_the_leap_day_drops_out_on_the_first_of_march():
    earlier = (date(2024, 2, 29), date(2024, 8, 1))
    assert window(*earlier, on=date(2025, 2, 28)).next_on.result == date(2025, 3, 1)
    assert window(*earlier, on=date(2025, 3, 1)).left == 1


@pytest.mark.clause("2.4-AP29")
def test_never_fewer_than_none_are_left():
    days = [date(2026, 1, day) for day in (1, 2, 3)]
    assert window(*days, on=date(2026, 2, 1)).left == 0


@pytest.mark.clause("2.4-AP39", "2.4-AP40")
@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((False, False, False, False), "defined"),
        ((True, False, False, False), "ready"),
        ((True, True, False, False), "tested"),
        ((True, True, True, False), "active"),
        ((True, True, True, True), "retired"),
    ],
)
def test_a_scenario_stands_where_its_last_fact_puts_it(facts, state):
    ready, tested, active, retired = facts
    assert monitor_state(ready=ready, tested=tested, active=active, retired=retired) == state


@pytest.mark.clause("2.4-AP40")
@pytest.mark.parametrize(
    ("state", "to"), [("defined", "ready"), ("ready", "tested"), ("tested", "active")]
)
def test_a_monitor_goes_step_by_step(state, to):
    assert check_monitor_step(state, to) is None


@pytest.mark.clause("2.4-AP40", "2.4-AP35")
@pytest.mark.parametrize(
    ("state", "to", "code"),
    [
        ("defined", "tested", "monitor_not_ready"),
        ("defined", "active", "monitor_not_tested"),
        ("ready", "active", "monitor_not_tested"),
        ("active", "active", "already_recorded"),
        ("tested", "ready", "already_recorded"),
        ("retired", "ready", "monitor_retired"),
    ],
)
def test_a_step_that_leaves_one_out_is_refused(state, to, code):
    with pytest.raises(Refused) as refused:
        check_monitor_step(state, to)
    assert refused.value.code == code


def test_a_monitor_is_never_made_something_unknown():
    with pytest.raises(ValueError, match="never made"):
        check_monitor_step("defined", "defined")


@pytest.mark.clause("2.4-AP35")
def test_a_new_scenario_takes_the_lowest_free_number():
    assert free_slot([], most=7) == 1
    assert free_slot([1, 2, 4], most=7) == 3
    assert free_slot([1, 2, 3, 4, 5, 6], most=7) == 7


@pytest.mark.clause("2.4-AP35")
def test_without_a_free_number_there_is_no_eighth_scenario():
    with pytest.raises(Refused) as refused:
        free_slot(range(1, 8), most=7)
    assert (refused.value.code, refused.value.figures) == ("scenario_limit", {"allowed": 7})


@pytest.mark.clause("2.4-AP10", "2.4-AP13", "2.4-AP38")
def test_a_part_is_complete_when_nothing_of_it_is_open():
    assert check_part_complete("intake", open_tasks=0, clause="2.4-AP10") is None
    with pytest.raises(Refused) as refused:
        check_part_complete("material", open_tasks=2, clause="2.4-AP38")
    assert (refused.value.code, refused.value.clauses) == ("tasks_open", ("2.4-AP38",))
    assert (refused.value.field, refused.value.figures) == ("material", {"count": 2})


@pytest.mark.clause("2.4-AP39", "2.4-AP9")
def test_an_agreed_end_lies_in_the_term_and_before_the_usual_last_day():
    start, last_day = date(2028, 1, 1), date(2028, 2, 29)
    for on in (start, date(2028, 2, 28)):
        check_early_end(on, start=start, last_day=last_day)
    for on, code in ((date(2027, 12, 31), "order_not_begun"), (last_day, "onboarding_not_earlier")):
        with pytest.raises(Refused) as caught:
            check_early_end(on, start=start, last_day=last_day)
        assert caught.value.code == code


@pytest.mark.clause("2.5-UE20")
def test_a_meeting_is_held_from_the_first_day_of_its_quarter():
    begins = date(2026, 12, 1)
    check_meeting_day(begins, quarter_begins=begins)
    with pytest.raises(Refused) as caught:
        check_meeting_day(date(2026, 11, 30), quarter_begins=begins)
    assert caught.value.code == "before_quarter"
