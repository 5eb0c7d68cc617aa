from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.business_time import (
    BusinessHours,
    add_business_days,
    add_business_minutes,
    add_business_time,
    business_minutes_between,
    elapsed_due,
    is_business_day,
    is_open,
    next_opening,
    open_intervals,
)

SHANGHAI = BusinessHours("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- Opening hours -----------------------------------------------------------------------


@pytest.mark.clause("A-BS21", "0-C6")
def test_the_opening_instant_is_inside_and_the_closing_instant_outside():
    assert [
        is_open(SHANGHAI, at(f"2025-03-17T{wall}+08:00"))
        for wall in ("08:59:59", "09:00:00", "17:29:59", "17:30:00")
    ] == [False, True, True, False]


@pytest.mark.clause("0-C6", "0-C9")
def test_weekends_and_holidays_are_no_business_days():
    holidays = frozenset({date(2025, 4, 20)})
    hours = BusinessHours("Asia/Riyadh", weekend=frozenset({4, 5}), holidays=holidays)
    week = [date(2025, 4, 16) + timedelta(days=days) for days in range(6)]
    assert [is_business_day(hours, day) for day in week] == [True, True, False, False, False, True]


@pytest.mark.clause("A-BS21", "0-C6", "0-C9")
def test_a_make_up_day_is_worked_though_it_is_a_weekend_or_a_holiday():
    sunday, holiday = date(2025, 4, 27), date(2025, 5, 1)
    hours = BusinessHours(
        "Asia/Shanghai", holidays=frozenset({holiday}), working_days=frozenset({sunday, holiday})
    )
    assert is_business_day(hours, sunday)
    assert is_business_day(hours, holiday)
    assert add_business_days(hours, date(2025, 4, 25), 1) == sunday
    assert add_business_minutes(hours, at("2025-04-25T17:00+08:00"), 60) == at(
        "2025-04-27T09:30+08:00"
    )


@pytest.mark.clause("0-C6")
def test_counting_starts_at_once_while_open_and_otherwise_at_the_next_opening():
    friday_close = at("2025-03-14T17:30:00+08:00")
    assert next_opening(SHANGHAI, friday_close - MINUTE) == friday_close - MINUTE
    assert next_opening(SHANGHAI, friday_close) == at("2025-03-17T09:00:00+08:00")
    assert next_opening(SHANGHAI, at("2025-03-15T11:00:00+08:00")) == at("2025-03-17T09:00+08:00")
    assert next_opening(SHANGHAI, at("2025-03-17T03:00:00+08:00")) == at("2025-03-17T09:00+08:00")


# --- Counting forward --------------------------------------------------------------------


@pytest.mark.clause("0-C6", "A-BS21")
@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2025-03-17T10:00", 120, "2025-03-17T12:00"),
        ("2025-03-17T15:30", 120, "2025-03-17T17:30"),
        ("2025-03-17T15:31", 120, "2025-03-18T09:01"),
        ("2025-03-17T17:30", 120, "2025-03-18T11:00"),
        ("2025-03-17T08:59", 120, "2025-03-17T11:00"),
        ("2025-03-15T11:00", 120, "2025-03-17T11:00"),
        ("2025-03-14T17:30", 510, "2025-03-17T17:30"),
        ("2025-03-14T17:29:30", 1, "2025-03-17T09:00:30"),
        ("2025-03-17T10:00:30", 120, "2025-03-17T12:00:30"),
        ("2025-03-17T10:00:00.250000", 1, "2025-03-17T10:01:00.250000"),
        ("2025-03-17T10:00", 0, "2025-03-17T10:00"),
        ("2025-03-17T17:30", 0, "2025-03-18T09:00"),
    ],
)
def test_minutes_count_in_business_hours_alone(start, minutes, due):
    assert add_business_minutes(SHANGHAI, at(f"{start}+08:00"), minutes) == at(f"{due}+08:00")


@pytest.mark.clause("0-C6")
def test_the_answer_is_in_utc():
    due = add_business_minutes(SHANGHAI, at("2025-03-17T10:00+08:00"), 120)
    assert due.isoformat() == "2025-03-17T04:00:00+00:00"


@pytest.mark.clause("0-C7")
def test_summer_time_moves_the_opening_not_the_minutes():
    paris = BusinessHours("Europe/Paris")
    assert add_business_minutes(paris, at("2025-03-28T17:00+01:00"), 120) == at(
        "2025-03-31T10:30+02:00"
    )


@pytest.mark.clause("0-C7")
def test_a_change_of_the_clock_while_open_shortens_or_lengthens_the_day():
    hours = BusinessHours("Europe/Berlin", time(1), time(4), frozenset())
    spring, autumn = at("2025-03-30T00:00+01:00"), at("2025-10-26T00:00+02:00")
    assert business_minutes_between(hours, spring, spring + timedelta(hours=12)) == timedelta(
        hours=2
    )
    assert business_minutes_between(hours, autumn, autumn + timedelta(hours=12)) == timedelta(
        hours=4
    )


@pytest.mark.clause("0-C7")
def test_an_hour_read_twice_on_the_clock_is_open_twice():
    hours = BusinessHours("Europe/Berlin", time(2, 30), time(4), frozenset())
    assert open_intervals(hours, at("2025-10-26T00:00+02:00"), at("2025-10-26T12:00+01:00")) == (
        (at("2025-10-26T02:30+02:00"), at("2025-10-26T03:00+02:00")),
        (at("2025-10-26T02:30+01:00"), at("2025-10-26T04:00+01:00")),
    )


def test_a_date_that_a_zone_left_out_has_no_open_time():
    # Samoa went from 29 December 2011 straight to the 31st.
    apia = BusinessHours("Pacific/Apia")
    assert open_intervals(apia, at("2011-12-29T00:00-10:00"), at("2012-01-03T00:00+14:00")) == (
        (at("2011-12-29T09:00-10:00"), at("2011-12-29T17:30-10:00")),
        (at("2012-01-02T09:00+14:00"), at("2012-01-02T17:30+14:00")),
    )


def test_a_clock_put_back_over_midnight_keeps_the_intervals_in_order():
    # In Newfoundland 00:01 became 23:01 of the day before until 2011.
    hours = BusinessHours("America/St_Johns", time(0), time(23, 30), frozenset())
    night = at("2010-11-07T00:00-02:30")
    assert open_intervals(hours, night - MINUTE, night + timedelta(hours=2)) == (
        (night, night + MINUTE),
        (night + MINUTE, night + 30 * MINUTE),
        (night + 60 * MINUTE, night + timedelta(hours=2)),
    )


def test_a_target_years_ahead_is_reached():
    # 250 weeks of five days of 510 minutes.
    hours = BusinessHours("Asia/Hong_Kong")
    due = add_business_minutes(hours, at("2025-03-17T09:00+08:00"), 250 * 5 * 510)
    assert due == at("2029-12-28T17:30+08:00")


def test_amounts_finer_than_a_minute_count_too():
    due = add_business_time(SHANGHAI, at("2025-03-17T17:29:59+08:00"), timedelta(seconds=1.5))
    assert due == at("2025-03-18T09:00:00.500000+08:00")


# --- Differences -------------------------------------------------------------------------


@pytest.mark.clause("0-C6")
def test_the_time_between_two_instants_counts_open_time_alone():
    friday, monday = at("2025-03-14T17:00+08:00"), at("2025-03-17T10:30:15+08:00")
    assert business_minutes_between(SHANGHAI, friday, monday) == timedelta(minutes=120, seconds=15)
    assert business_minutes_between(SHANGHAI, monday, friday) == -timedelta(minutes=120, seconds=15)


@pytest.mark.clause("0-C6")
def test_the_stretches_that_count_are_cut_at_both_ends():
    assert open_intervals(SHANGHAI, at("2025-03-14T17:00+08:00"), at("2025-03-17T10:30+08:00")) == (
        (at("2025-03-14T17:00+08:00"), at("2025-03-14T17:30+08:00")),
        (at("2025-03-17T09:00+08:00"), at("2025-03-17T10:30+08:00")),
    )
    assert open_intervals(SHANGHAI, at("2025-03-15T00:00Z"), at("2025-03-15T09:00Z")) == ()


# --- Business days -----------------------------------------------------------------------


@pytest.mark.clause("0-C9")
@pytest.mark.parametrize(
    ("day", "number", "due"),
    [
        ("2025-05-12", 10, "2025-05-26"),
        ("2025-05-09", 10, "2025-05-23"),
        ("2025-05-10", 1, "2025-05-12"),
        ("2025-05-11", 10, "2025-05-23"),
        ("2025-05-10", 0, "2025-05-10"),
        ("2025-12-31", 1, "2026-01-01"),
        ("2025-05-12", 1000, "2029-03-12"),
    ],
)
def test_the_trigger_date_is_day_zero_and_business_days_count_from_the_next(day, number, due):
    assert add_business_days(SHANGHAI, date.fromisoformat(day), number) == date.fromisoformat(due)


@pytest.mark.clause("0-C9")
def test_holidays_and_another_weekend_push_the_business_day():
    riyadh = BusinessHours(
        "Asia/Riyadh", weekend=frozenset({4, 5}), holidays=frozenset({date(2025, 4, 20)})
    )
    assert add_business_days(riyadh, date(2025, 4, 17), 2) == date(2025, 4, 22)


# --- The clock that never stops ----------------------------------------------------------


@pytest.mark.clause("0-C7")
@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2025-03-30T01:30+01:00", 60, "2025-03-30T03:30+02:00"),
        ("2025-11-02T01:45-04:00", 30, "2025-11-02T01:15-05:00"),
        ("2025-04-06T01:50+11:00", 15, "2025-04-06T01:35+10:30"),
    ],
)
def test_elapsed_minutes_are_counted_in_utc(start, minutes, due):
    assert elapsed_due(at(start), minutes) == at(due)


# --- What can't be answered --------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"zone": ""},
        {"zone": "../etc/passwd"},
        {"zone": "UTC", "opens": time(17), "closes": time(9)},
        {"zone": "UTC", "opens": time(9), "closes": time(9)},
        {"zone": "UTC", "weekend": frozenset({7})},
    ],
)
def test_impossible_hours_are_refused_when_made(wrong):
    with pytest.raises(ValueError, match=r"zone|never|weekdays"):
        BusinessHours(**wrong)


def test_a_calendar_that_never_opens_answers_with_an_error_not_a_loop():
    never = BusinessHours("UTC", weekend=frozenset(range(7)))
    noon = at("2025-03-17T12:00Z")
    assert not is_open(never, noon)
    assert business_minutes_between(never, noon, noon + timedelta(days=30)) == timedelta(0)
    for question in (
        lambda: next_opening(never, noon),
        lambda: add_business_minutes(never, noon, 1),
        lambda: add_business_days(never, noon.date(), 1),
    ):
        with pytest.raises(ValueError, match="within 100 years"):
            question()


@pytest.mark.parametrize(
    "question",
    [
        lambda: add_business_minutes(SHANGHAI, at("2025-03-17T12:00+08:00"), -1),
        lambda: add_business_minutes(SHANGHAI, at("2025-03-17T12:00+08:00"), 10**9),
        lambda: add_business_minutes(SHANGHAI, at("2025-03-17T12:00+08:00"), 10**18),
        lambda: add_business_minutes(SHANGHAI, datetime(2025, 3, 17, 12), 1),
        lambda: add_business_days(SHANGHAI, date(2025, 3, 17), -1),
        lambda: add_business_days(SHANGHAI, date(2025, 3, 17), 10**6),
        lambda: open_intervals(SHANGHAI, at("2025-03-18T00:00Z"), at("2025-03-17T00:00Z")),
        lambda: elapsed_due(at("2025-03-17T00:00Z"), -1),
        lambda: elapsed_due(datetime(2025, 3, 17, 12), 1),
        lambda: is_open(SHANGHAI, datetime.min.replace(tzinfo=UTC)),
        lambda: is_open(SHANGHAI, datetime.min.replace(tzinfo=ZoneInfo("Asia/Tokyo"))),
        lambda: is_open(SHANGHAI, datetime.max.replace(tzinfo=UTC)),
        lambda: business_minutes_between(
            SHANGHAI, at("1000-01-01T00:00Z"), at("2025-01-01T00:00Z")
        ),
    ],
)
def test_questions_without_a_sensible_answer_raise_value_errors(question):
    with pytest.raises(ValueError, match=r"forward|within|offset|before|reach|span"):
        question()


# --- One calendar for one content --------------------------------------------------------


def test_equal_hours_are_compiled_once_and_can_be_keys():
    first = BusinessHours("Europe/Oslo", holidays=frozenset({date(2025, 5, 17)}))
    second = BusinessHours("Europe/Oslo", holidays=frozenset({date(2025, 5, 17)}))
    assert first == second
    assert len({first, second}) == 1
    assert first._calendar is second._calendar


def test_years_asked_for_in_any_order_give_the_same_answers():
    hours = BusinessHours("Asia/Tokyo", holidays=frozenset({date(2031, 1, 1)}))
    days = [date(2025, 3, 17), date(2031, 1, 1), date(1999, 12, 31), date(2400, 2, 29)]
    noons = [datetime(d.year, d.month, d.day, 3, tzinfo=UTC) for d in days]
    answers = [add_business_minutes(hours, noon, 600) for noon in noons]
    assert [add_business_minutes(hours, noon, 600) for noon in reversed(noons)] == answers[::-1]
    assert answers == [
        at("2025-03-18T13:30+09:00"),
        at("2031-01-03T10:30+09:00"),
        at("2000-01-03T13:30+09:00"),
        at("2400-03-01T13:30+09:00"),
    ]


def test_the_compiled_table_stays_small_when_years_are_far_apart():
    hours = BusinessHours("Europe/Rome")
    for year in (2025, 5000, 2026, 900):
        is_open(hours, datetime(year, 6, 1, tzinfo=UTC))
    table = hours._calendar._table
    assert (table.first_year, table.last_year) == (899, 901)


# --- Against a counter that steps minute by minute ---------------------------------------

ZONES = [
    "Africa/Casablanca", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Shanghai", "Asia/Riyadh", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/London", "Pacific/Apia", "UTC",
]  # fmt: skip
# Days on which a clock of these zones changes, and a leap day; the rest is at random.
CHANGES = [date(2025, 3, 30), date(2025, 4, 6), date(2025, 10, 26), date(2025, 11, 2),
           date(2024, 2, 29), date(2010, 11, 7), date(2011, 12, 30), date(2025, 3, 9)]  # fmt: skip


@st.composite
def calendars(draw) -> tuple[BusinessHours, datetime]:
    minutes = draw(st.lists(st.integers(0, 1439), min_size=2, max_size=2, unique=True))
    opens, closes = (time(minute // 60, minute % 60) for minute in sorted(minutes))
    weekend = draw(st.frozensets(st.integers(0, 6), max_size=3))
    middle = draw(st.sampled_from(CHANGES) | st.dates(date(2005, 1, 1), date(2035, 1, 1)))
    holidays = draw(st.frozensets(st.integers(-3, 12), max_size=4))
    working_days = draw(st.frozensets(st.integers(-3, 12), max_size=2))
    return BusinessHours(
        draw(st.sampled_from(ZONES)),
        *draw(st.sampled_from([(opens, closes), (time(9), time(17, 30)), (time(1), time(4))])),
        weekend,
        frozenset(middle + timedelta(days=days) for days in holidays),
        frozenset(middle + timedelta(days=days) for days in working_days),
    ), datetime(middle.year, middle.month, middle.day, tzinfo=UTC)


def counted(hours: BusinessHours, start: datetime) -> Iterator[datetime]:
    """The start of every open minute from `start` on, found by looking at the wall clock."""
    zone = ZoneInfo(hours.zone)
    while True:
        wall = start.astimezone(zone)
        if is_business_day(hours, wall.date()) and hours.opens <= wall.time() < hours.closes:
            yield start
        start += MINUTE


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(-2 * 1440, 2 * 1440), st.integers(0, 1500))
def test_counting_forward_agrees_with_a_minute_by_minute_count(calendar, shift, minutes):
    hours, middle = calendar
    start = middle + timedelta(minutes=shift)
    open_minutes = counted(hours, start)
    limit = start + timedelta(days=12)
    seen = [next(open_minutes)]
    while len(seen) < minutes and seen[-1] < limit:
        seen.append(next(open_minutes))
    minutes = min(minutes, len(seen))
    due = seen[0] if minutes == 0 else seen[minutes - 1] + MINUTE
    assert add_business_minutes(hours, start, minutes) == due
    assert next_opening(hours, start) == seen[0]
    assert business_minutes_between(hours, start, due) == minutes * MINUTE
    assert sum((b - a for a, b in open_intervals(hours, start, due)), timedelta(0)) == (
        minutes * MINUTE
    )


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, 40))
def test_counting_days_agrees_with_a_day_by_day_count(calendar, number):
    hours, middle = calendar
    day, left = middle.date(), number
    while left:
        day += timedelta(days=1)
        left -= is_business_day(hours, day)
    assert add_business_days(hours, middle.date(), number) == day
