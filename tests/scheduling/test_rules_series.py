from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.rules.business_time import BusinessHours
from accounts.rules.refusal import Refused
from services.scheduling.rules.booking import check_session
from services.scheduling.rules.series import (
    MOST_SESSIONS,
    Pattern,
    series_days,
    series_sessions,
)

BERLIN = "Europe/Berlin"


def pattern(**fields) -> Pattern:
    said = {
        "first_day": date(2026, 12, 3),
        "every": "week",
        "count": 3,
        "starts": time(9),
        "ends": time(12),
    }
    return Pattern(**{**said, **fields})


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **fields)
    return caught.value


@pytest.mark.clause("2.3-P4", "0-C1")
@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("day", [(12, 3), (12, 4), (12, 5)]),
        ("week", [(12, 3), (12, 10), (12, 17)]),
        ("two_weeks", [(12, 3), (12, 17), (12, 31)]),
        ("four_weeks", [(12, 3), (12, 31), (1, 28)]),
        ("month", [(12, 3), (1, 3), (2, 3)]),
    ],
)
def test_sessions_begin_as_far_apart_as_said(every, days):
    told = [(day.month, day.day) for day in series_days(pattern(every=every))]
    assert told == days


def test_days_that_are_left_out_are_gone_and_the_rest_stays_where_it_was():
    left = series_days(pattern(skipped=frozenset({date(2026, 12, 10)})))
    assert left == (date(2026, 12, 3), date(2026, 12, 17))


def test_a_series_without_sessions_is_refused():
    every_day = frozenset(series_days(pattern()))
    assert refused(series_days, pattern(skipped=every_day)).code == "series_empty"


@pytest.mark.parametrize("count", [1, MOST_SESSIONS + 1])
def test_a_series_has_two_to_sixty_sessions(count):
    assert refused(series_days, pattern(count=count)).code == "series_length"
    assert len(series_days(pattern(count=MOST_SESSIONS))) == MOST_SESSIONS


def test_a_month_without_that_day_is_refused_and_named():
    refusal = refused(series_days, pattern(first_day=date(2026, 12, 31), every="month"))
    assert refusal.code == "series_day_missing"
    assert refusal.figures == {"day_of_month": 31, "month": "2027-02"}


def test_the_wall_clock_stays_where_it_is_over_a_clock_change():
    sessions = series_sessions(pattern(first_day=date(2027, 3, 25), count=2), BERLIN)
    assert [one.starts_at for one in sessions] == [
        datetime(2027, 3, 25, 8, tzinfo=UTC),
        datetime(2027, 4, 1, 7, tzinfo=UTC),
    ]


@pytest.mark.clause("0-C7", "0-C13")
def test_a_time_that_comes_twice_is_asked_about_with_its_day():
    twice = pattern(first_day=date(2026, 10, 18), starts=time(2, 30), ends=time(4))
    refusal = refused(series_sessions, twice, BERLIN)
    assert refusal.code == "local_time_ambiguous"
    assert refusal.figures["session_on"] == date(2026, 10, 25)
    assert refusal.figures["first_offset"] == "UTC+02:00"
    assert refusal.figures["second_offset"] == "UTC+01:00"


@pytest.mark.parametrize(("second", "hour"), [(False, 0), (True, 1)])
def test_the_answer_says_which_of_the_two_is_meant(second, hour):
    twice = pattern(
        first_day=date(2026, 10, 18), starts=time(2, 30), ends=time(4), starts_second=second
    )
    begins = series_sessions(twice, BERLIN)[1].starts_at
    assert begins == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_a_time_that_the_clock_leaves_out_is_refused_with_the_first_that_exists():
    missing = pattern(first_day=date(2027, 3, 7), starts=time(2, 30), ends=time(4), count=2)
    refusal = refused(series_sessions, missing, "America/New_York")
    assert refusal.code == "local_time_missing"
    assert refusal.figures["session_on"] == date(2027, 3, 14)
    assert refusal.figures["next_time"] == time(3, 30)


def test_a_session_ends_after_it_starts():
    assert refused(series_sessions, pattern(ends=time(9)), BERLIN).code == "ends_before_start"


@pytest.mark.clause("2.7-T11")
def test_sessions_longer_than_the_interval_overlap_and_touching_is_none():
    long = pattern(every="day", more_days=1)
    refusal = refused(series_sessions, long, BERLIN)
    assert refusal.code == "sessions_overlap"
    assert refusal.figures["session_on"] == date(2026, 12, 4)
    touching = pattern(every="day", starts=time(0), ends=time(0), more_days=1)
    assert len(series_sessions(touching, BERLIN)) == 3


@pytest.mark.clause("2.3-OT5", "2.5-ED10", "2.5-RD15", "0-C9")
def test_a_session_on_a_holiday_names_the_day():
    hours = BusinessHours(BERLIN, holidays=frozenset({date(2026, 12, 25)}))
    begins = datetime(2026, 12, 24, 9, tzinfo=UTC)
    refusal = refused(
        check_session, hours, starts_at=begins, ends_at=begins + timedelta(days=1, hours=1)
    )
    assert refusal.code == "outside_business_hours"
    assert refusal.figures["closed_on"] == date(2026, 12, 25)


def test_a_session_outside_hours_on_a_business_day_names_no_day():
    begins = datetime(2026, 12, 17, 5, tzinfo=UTC)
    refusal = refused(
        check_session,
        BusinessHours(BERLIN),
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
    )
    assert "closed_on" not in refusal.figures
