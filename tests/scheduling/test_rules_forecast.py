"""The pace of use, what it will still use, and how far it can be relied on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.rules.forecast import (
    History,
    Holding,
    Trust,
    counted_since,
    days_seen,
    outlooks,
    trust_in,
    used_at_pace,
)

TODAY = date(2026, 11, 23)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def holding(left=4, booked=0, asked=0, first=-100, last=99, until=None, **fields) -> Holding:
    """Something usable from day `first` to day `last`, counted from today."""
    request_until = None if until is None else day(until)
    return Holding(left, booked, asked, day(first), day(last), request_until, **fields)


def one(history: History, held: Holding):
    [outlook] = outlooks(history, [held], today=TODAY)
    return outlook


# --- history --------------------------------------------------------------------------------


@pytest.mark.clause("2.7-T10")
def test_history_counts_for_a_year_and_ends_with_yesterday():
    assert counted_since(TODAY) == date(2025, 11, 23)
    assert days_seen([(day(-10), day(50))], today=TODAY) == 10
    assert days_seen([(day(-500), day(50))], today=TODAY) == 365
    assert days_seen([(TODAY, day(50))], today=TODAY) == 0
    assert days_seen([], today=TODAY) == 0


@pytest.mark.clause("0-C16")
def test_both_ends_of_a_period_count_and_no_day_counts_twice():
    assert days_seen([(day(-10), day(-8))], today=TODAY) == 3
    assert days_seen([(day(-10), day(-8)), (day(-9), day(-5))], today=TODAY) == 6
    assert days_seen([(day(-5), day(-3)), (day(-20), day(-11))], today=TODAY) == 13
    assert days_seen([(day(-20), day(-2)), (day(-10), day(-8))], today=TODAY) == 19
    assert days_seen([(day(-900), day(-366))], today=TODAY) == 0


@pytest.mark.clause("2.7-T10")
def test_what_the_pace_uses_is_cut_off_to_whole_units():
    history = History(units=3, uses=3, days=90)

    assert used_at_pace(history, first=TODAY, last=day(28)) == 0  # 29 days
    assert used_at_pace(history, first=TODAY, last=day(29)) == 1  # the thirtieth day is whole
    assert used_at_pace(history, first=TODAY, last=day(58)) == 1
    assert used_at_pace(history, first=day(1), last=TODAY) == 0
    assert used_at_pace(History(units=3, uses=1, days=0), first=TODAY, last=day(99)) == 0


@pytest.mark.parametrize(
    ("history", "trust"),
    [
        (History(10, 5, 180), Trust("good", "history")),
        (History(10, 4, 180), Trust("fair", "history")),
        (History(10, 5, 179), Trust("fair", "history")),
        (History(10, 2, 90), Trust("fair", "history")),
        (History(10, 1, 90), Trust("weak", "history")),
        (History(10, 2, 89), Trust("weak", "history")),
        (History(0, 0, 180), Trust("fair", "unused")),
        (History(0, 0, 179), Trust("weak", "unused")),
        (History(0, 0, 0), Trust("weak", "no_history")),
    ],
)
@pytest.mark.clause("2.7-T10")
def test_trust_grows_with_days_and_uses(history, trust):
    assert trust_in(history) == trust


# --- what becomes of what is left -----------------------------------------------------------


@pytest.mark.clause("2.7-T10")
def test_what_the_pace_does_not_use_lapses():
    # One every 50 days: two in the hundred days ahead, of four left.
    outlook = one(History(2, 2, 100), holding(left=4))

    assert (outlook.requestable, outlook.expected, outlook.lapsing.result) == (4, 2, 2)
    assert outlook.trust == Trust("fair", "history")
    assert dict(outlook.lapsing.steps) == {
        "days_to_use": 100,
        "used_at_pace": 2,
        "booked_of_it": 0,
        "expected_used": 2,
        "will_lapse": 2,
    }
    assert outlook.lapsing.clauses == ("2.7-T10",)


@pytest.mark.clause("2.7-T10")
def test_bookings_are_part_of_the_pace_not_on_top_of_it():
    history = History(2, 2, 100)

    assert one(history, holding(left=4, booked=1)).expected == 1
    assert one(history, holding(left=4, booked=2)).expected == 0
    assert one(history, holding(left=4, booked=5)).expected == 0


@pytest.mark.clause("2.8-C20")
def test_only_what_is_requested_by_the_last_day_counts():
    history = History(2, 2, 100)

    # To be requested within 49 days, today included: the pace doesn't get to one.
    assert one(history, holding(left=4, until=48)).expected == 0
    assert one(history, holding(left=4, until=49)).expected == 1
    assert one(history, holding(left=4, until=49)).lapsing.clauses == ("2.7-T10", "2.8-C20")
    # The last day itself still counts.
    assert one(History(100, 9, 100), holding(left=4, until=0)).requestable == 4


@pytest.mark.clause("2.8-C20")
def test_after_the_last_day_only_what_was_asked_for_is_used():
    late = one(History(50, 9, 100), holding(left=4, asked=1, until=-1))

    assert (late.requestable, late.expected, late.lapsing.result) == (1, 1, 3)
    assert late.trust == Trust("certain", "cutoff_passed")
    assert one(History(), holding(left=1, asked=3, until=-1)).lapsing.result == 0


@pytest.mark.clause("2.8-C20")
def test_what_was_asked_for_is_expected_without_any_pace():
    outlook = one(History(), holding(left=4, asked=2, until=10))

    assert (outlook.expected, outlook.lapsing.result) == (2, 2)


@pytest.mark.clause("2.2-F4", "X-29")
def test_the_first_to_lapse_uses_the_pace_first():
    # One every 20 days. Forty days for the first: two; the later one has the rest of its days.
    first, later = holding(left=5, last=39, is_flex=True), holding(left=5, last=99)

    later_outlook, first_outlook = outlooks(History(5, 5, 100), [later, first], today=TODAY)

    assert (first_outlook.expected, later_outlook.expected) == (2, 3)
    assert first_outlook.lapsing.clauses == ("2.2-F4",)
    assert first_outlook.lapsing.readings == ("X-29",)


@pytest.mark.clause("2.7-T10")
def test_a_pace_that_is_not_used_up_stays_for_what_lapses_later():
    # One left takes twenty days; eighty of the hundred remain for the later one.
    first, later = holding(left=1, last=39), holding(left=5, last=99)

    assert [o.expected for o in outlooks(History(5, 5, 100), [first, later], today=TODAY)] == [1, 4]


@pytest.mark.clause("2.7-T10")
def test_more_bookings_than_the_pace_use_it_up_to_the_last_day():
    first, later = holding(left=1, booked=9, last=39), holding(left=5, last=99)

    assert [o.expected for o in outlooks(History(5, 5, 100), [first, later], today=TODAY)] == [0, 3]


@pytest.mark.clause("2.7-T10")
def test_what_begins_later_is_used_from_then_on():
    outlook = one(History(5, 5, 100), holding(left=9, first=60, last=99))

    assert dict(outlook.lapsing.steps)["days_to_use"] == 40
    assert outlook.expected == 2
    # Nothing is left of the days of one whose days another of the same last day used up.
    both = [holding(left=9, last=9), holding(left=9, last=9)]
    assert [o.expected for o in outlooks(History(10, 9, 100), both, today=TODAY)] == [1, 0]


@pytest.mark.clause("2.7-T10")
def test_hours_are_expected_whole_unless_fewer_minutes_are_left():
    # 100 minutes in 100 days, so 100 in the hundred days ahead: one hour.
    history = History(100, 1, 100)

    assert one(history, holding(left=600, grain=60)).expected == 60
    assert one(history, holding(left=600, booked=50, grain=60)).expected == 0
    assert one(history, holding(left=600, asked=90, grain=60)).expected == 90


@pytest.mark.clause("2.7-T10")
def test_nobody_holds_less_than_nothing():
    with pytest.raises(ValueError, match="less than nothing"):
        one(History(), holding(left=-1))


units = st.integers(0, 40)
held = st.builds(
    holding,
    left=units,
    booked=units,
    asked=units,
    first=st.integers(-300, 200),
    last=st.integers(200, 500),
    until=st.none() | st.integers(-30, 400),
)


@given(st.builds(History, units, units, st.integers(0, 365)), st.lists(held, max_size=5))
@pytest.mark.clause("2.7-T10")
def test_what_is_left_is_expected_or_lapses_and_nobody_uses_more_than_the_pace(history, several):
    found = outlooks(history, several, today=TODAY)

    for one_held, outlook in zip(several, found, strict=True):
        assert outlook.expected + outlook.lapsing.result == one_held.left
        assert 0 <= outlook.expected <= outlook.requestable <= one_held.left
        assert outlook.expected >= min(one_held.asked, one_held.left)
    if several:
        ahead = used_at_pace(history, first=TODAY, last=max(h.last_day for h in several))
        beyond = sum(max(o.expected - h.asked, 0) for h, o in zip(several, found, strict=True))
        assert beyond <= ahead
