from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.calendar_days import (
    ContractYear,
    add_months,
    contract_year,
    contract_years,
    days_before_end,
    end_of_day,
    last_of_first_days,
    local_date,
    refuse_after,
    refuse_before,
    start_of_day,
    weeks_before_start,
    within_days_after,
)
from accounts.rules.refusal import Refused

DAY = date(2026, 3, 2)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.clause("0-C1", "0-C2")
def test_within_fourteen_days_after_counts_the_trigger_as_day_zero():
    assert within_days_after(date(2025, 2, 15), 14) == date(2025, 3, 1)
    assert within_days_after(date(2024, 2, 15), 14) == date(2024, 2, 29)


@pytest.mark.clause("0-C1", "0-C3")
@pytest.mark.parametrize(
    ("start", "last"),
    [("2025-05-05", "2025-07-03"), ("2024-01-01", "2024-02-29"), ("2025-01-01", "2025-03-01")],
)
def test_the_first_sixty_days_count_the_start_as_day_one(start, last):
    assert last_of_first_days(date.fromisoformat(start), 60) == date.fromisoformat(last)


def test_a_period_has_at_least_one_day():
    assert last_of_first_days(date(2025, 1, 1), 1) == date(2025, 1, 1)
    with pytest.raises(ValueError, match="at least one day"):
        last_of_first_days(date(2025, 1, 1), 0)


@pytest.mark.clause("0-C1", "0-C4")
@pytest.mark.parametrize(
    ("end", "last"),
    [("2025-10-31", "2025-09-01"), ("2024-03-31", "2024-01-31"), ("2024-02-29", "2023-12-31")],
)
def test_sixty_days_before_the_end_is_the_last_day_in_time(end, last):
    assert days_before_end(date.fromisoformat(end), 60) == date.fromisoformat(last)


@pytest.mark.clause("0-C5")
def test_six_calendar_weeks_are_forty_two_days():
    assert weeks_before_start(date(2024, 3, 14), 6) == date(2024, 2, 1)


@pytest.mark.clause("0-C12")
@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-01-15", -1, "2024-12-15"),
    ],
)
def test_months_go_to_the_same_number_or_the_last_day(day, months, expected):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.clause("0-C12")
def test_a_contract_year_from_leap_day_ends_before_the_anniversary_of_the_first_date():
    leap = date(2024, 2, 29)
    assert contract_year(leap, 1) == ContractYear(1, leap, date(2025, 2, 27))
    assert contract_year(leap, 5) == ContractYear(5, date(2028, 2, 29), date(2029, 2, 27))


@pytest.mark.clause("0-C12", "0-C16")
def test_the_end_of_the_order_cuts_the_last_year_short():
    years = contract_years(date(2024, 10, 1), date(2026, 5, 31))
    assert years == (
        ContractYear(1, date(2024, 10, 1), date(2025, 9, 30)),
        ContractYear(2, date(2025, 10, 1), date(2026, 5, 31)),
    )
    assert date(2026, 5, 31) in years[1]
    assert date(2026, 6, 1) not in years[1]


def test_a_term_of_one_day_has_one_year():
    day = date(2025, 1, 1)
    assert contract_years(day, day) == (ContractYear(1, day, day),)


def test_years_are_counted_from_one_and_terms_end_after_they_start():
    with pytest.raises(ValueError, match="counted from 1"):
        contract_year(date(2025, 1, 1), 0)
    with pytest.raises(ValueError, match="before it starts"):
        contract_years(date(2025, 1, 2), date(2025, 1, 1))


@given(start=days, length=st.integers(0, 4000))
@settings(max_examples=50)
def test_contract_years_cover_the_term_without_gap_or_overlap(start, length):
    end = start + timedelta(days=length)
    years = contract_years(start, end)
    assert years[0].first_day == start
    assert years[-1].last_day == end
    for earlier, later in pairwise(years):
        assert later.first_day == earlier.last_day + timedelta(days=1)


@pytest.mark.clause("0-C13")
def test_an_instant_has_its_own_date_in_each_zone():
    instant = datetime(2025, 5, 1, 16, 30, tzinfo=UTC)
    assert local_date(instant, "Asia/Shanghai") == date(2025, 5, 2)
    assert local_date(instant, "Europe/Paris") == date(2025, 5, 1)
    with pytest.raises(ValueError, match="without an offset"):
        local_date(datetime(2025, 5, 1), "Asia/Shanghai")


@pytest.mark.clause("0-C1", "0-C13")
@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        ("Asia/Shanghai", "2025-05-01", "2025-04-30T16:00:00", "2025-05-01T15:59:59"),
        # 25 hours and 23 hours.
        ("Europe/Berlin", "2025-10-26", "2025-10-25T22:00:00", "2025-10-26T22:59:59"),
        ("Europe/Berlin", "2025-03-30", "2025-03-29T23:00:00", "2025-03-30T21:59:59"),
        # Clocks jump from 00:00 to 01:00, and back from 24:00 to 23:00.
        ("Asia/Beirut", "2025-03-30", "2025-03-29T22:00:00", "2025-03-30T20:59:59"),
        ("Asia/Beirut", "2025-10-25", "2025-10-24T21:00:00", "2025-10-25T21:59:59"),
    ],
)
def test_a_day_lasts_from_its_first_instant_to_its_last_second(zone, day, first, last):
    asked = date.fromisoformat(day)
    assert start_of_day(asked, zone) == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert end_of_day(asked, zone) == datetime.fromisoformat(last).replace(tzinfo=UTC)


@given(
    day=days,
    zone=st.sampled_from(
        ["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Africa/Cairo"]
    ),
)
@settings(max_examples=50)
def test_the_day_after_begins_a_second_later(day, zone):
    assert end_of_day(day, zone) < start_of_day(day + timedelta(days=1), zone)
    assert local_date(end_of_day(day, zone), zone) == day
    assert local_date(start_of_day(day, zone), zone) == day


@pytest.mark.clause("0-C13")
@pytest.mark.parametrize(
    ("refuse", "wrong", "code", "name"),
    [
        (refuse_after, DAY + timedelta(days=1), "in_the_future", "at"),
        (refuse_before, DAY - timedelta(days=1), "in_the_past", "until"),
    ],
)
def test_what_happened_lies_behind_and_what_is_planned_ahead(refuse, wrong, code, name):
    refuse(DAY, DAY, field="on")
    with pytest.raises(Refused) as caught:
        refuse(DAY, wrong, field="on", clause="2.3-P4")
    refused = caught.value
    assert (refused.code, refused.field, refused.clauses) == (code, "on", ("2.3-P4",))
    assert refused.figures == {name: wrong, "today": DAY}
