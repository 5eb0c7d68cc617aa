from datetime import date

import pytest

from accounts.rules.refusal import Refused
from services.catalog.rules.terms import EventTerms
from services.scheduling.rules.events import (
    EventIncident,
    EventNotice,
    EventSummary,
    EventWindow,
    check_event_eligibility,
    check_event_notice,
    check_solutions,
    event_notice_last_day,
    event_summary,
    event_windows,
    events_needed,
)

TERMS = EventTerms(max_days=5, notice_weeks=6, solutions_max=1)
START = date(2025, 11, 28)


@pytest.mark.clause("2.4-AE10", "2.4-AE11")
def test_a_long_activity_is_covered_by_windows_back_to_back():
    windows = event_windows(TERMS, first_day=date(2025, 2, 24), last_day=date(2025, 3, 6))
    assert windows == (
        EventWindow(date(2025, 2, 24), date(2025, 2, 28)),
        EventWindow(date(2025, 3, 1), date(2025, 3, 5)),
        EventWindow(date(2025, 3, 6), date(2025, 3, 6)),
    )


def test_an_activity_that_ends_before_it_begins_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="before it begins"):
        event_windows(TERMS, first_day=START, last_day=date(2025, 11, 27))


@pytest.mark.clause("2.4-AE7", "2.4-AE8", "2.4-AE10", "2.4-AE11")
@pytest.mark.parametrize(
    ("last_day", "solutions", "events"),
    [("2025-11-28", 1, 1), ("2025-12-02", 1, 1), ("2025-12-03", 1, 2), ("2025-12-03", 3, 6)],
)
def test_each_window_of_each_solution_takes_an_event(last_day, solutions, events):
    explained = events_needed(
        TERMS, first_day=START, last_day=date.fromisoformat(last_day), solutions=solutions
    )
    assert explained.result == events


def test_the_figures_of_an_event_are_data_of_the_edition():
    wide = EventTerms(max_days=7, notice_weeks=2, solutions_max=2)
    explained = events_needed(wide, first_day=START, last_day=date(2025, 12, 5), solutions=3)
    assert explained.result == 4
    assert explained.steps == (
        ("days", 8), ("days_per_event", 7), ("windows", 2), ("solutions_per_event", 2)
    )  # fmt: skip
    assert event_notice_last_day(wide, activity_start=START).result == date(2025, 11, 14)


def test_an_event_without_a_solution_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="covers a solution"):
        events_needed(TERMS, first_day=START, last_day=START, solutions=0)


@pytest.mark.clause("2.4-AE7")
def test_every_solution_is_named_once():
    assert check_solutions(["  Web   shop ", "", "Stock"]) == ["Web shop", "Stock"]
    for names, code in (([" "], "solution_missing"), (["Shop", "shop "], "solution_twice")):
        with pytest.raises(Refused) as caught:
            check_solutions(names)
        assert caught.value.code == code


@pytest.mark.clause("2.4-AE13", "0-C5")
@pytest.mark.parametrize(
    ("start", "last_day"),
    [("2025-11-28", "2025-10-17"), ("2024-03-14", "2024-02-01"), ("2026-01-05", "2025-11-24")],
)
def test_notice_is_due_six_calendar_weeks_ahead_on_the_same_weekday(start, last_day):
    explained = event_notice_last_day(TERMS, activity_start=date.fromisoformat(start), zone="UTC")
    assert explained.result == date.fromisoformat(last_day)
    assert (explained.clauses, explained.readings) == (("2.4-AE13",), ("0-C5", "0-C13"))


@pytest.mark.clause("2.4-AE13")
def test_written_confirmation_on_the_last_day_is_in_time():
    assert check_event_notice(
        TERMS, activity_start=START, confirmed_on=date(2025, 10, 17)
    ) == EventNotice(assessment_may_be_reduced=False)


@pytest.mark.clause("2.4-AE13")
def test_a_day_later_is_short_notice():
    with pytest.raises(Refused) as refusal:
        check_event_notice(TERMS, activity_start=START, confirmed_on=date(2025, 10, 18))
    assert refusal.value.code == "short_notice"
    assert refusal.value.figures == {"last_day": date(2025, 10, 17)}


@pytest.mark.clause("2.4-AE14")
def test_short_notice_that_microsoft_accepts_may_narrow_the_assessment():
    assert check_event_notice(
        TERMS, activity_start=START, confirmed_on=date(2025, 10, 18), short_notice_agreed=True
    ) == EventNotice(assessment_may_be_reduced=True)


@pytest.mark.clause("2.4-AE13")
@pytest.mark.parametrize("agreed", [False, True])
def test_without_a_written_confirmation_no_event_is_arranged(agreed):
    with pytest.raises(Refused, match="not_confirmed_in_writing"):
        check_event_notice(
            TERMS, activity_start=START, confirmed_on=None, short_notice_agreed=agreed
        )


@pytest.mark.clause("2.4-AE17", "2.4-AE18")
def test_events_are_for_the_public_cloud_and_for_any_staff():
    check_event_eligibility(cloud="public")
    with pytest.raises(Refused, match="cloud_not_public"):
        check_event_eligibility(cloud="azure_government")
    with pytest.raises(Refused, match="restricted_staff"):
        check_event_eligibility(cloud="public", restricted_staff_required=True)


@pytest.mark.clause("A-AE9")
def test_the_summary_covers_what_was_opened_inside_the_window():
    window = EventWindow(date(2025, 11, 1), date(2025, 11, 5))
    summary = event_summary(
        window,
        [
            EventIncident(date(2025, 10, 31), closed=False),
            EventIncident(date(2025, 11, 1), closed=True),
            EventIncident(date(2025, 11, 5), closed=False),
            EventIncident(date(2025, 11, 6), closed=True),
        ],
    )
    assert summary == EventSummary(incidents=2, still_open=1)
    assert not summary.ready_to_close


@pytest.mark.clause("A-AE9")
def test_the_summary_can_be_closed_once_its_incidents_are():
    window = EventWindow(date(2025, 11, 1), date(2025, 11, 5))
    assert event_summary(window, [EventIncident(date(2025, 11, 2), closed=True)]).ready_to_close
