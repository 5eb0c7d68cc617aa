"""The planner places everything that can be placed, and the most valuable of what can't all be."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.business_time import BusinessHours
from services.scheduling.rules.planner import (
    LeftOut,
    Placement,
    Plan,
    Task,
    Window,
    event_stretches,
    plan,
    session_days,
    session_stretches,
)

MONDAY = date(2026, 11, 23)
HOURS = BusinessHours("Europe/Berlin", time(9), time(17, 30), holidays=frozenset({MONDAY}))


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def windows(*offsets: int) -> tuple[Window, ...]:
    return tuple(Window(day(one), day(one)) for one in offsets)


def task(key: int, first: int, last: int, *, value=0, calendar="a") -> Task:
    return Task(key, calendar, day(first), day(last), value)


def placed(found: Plan) -> dict[int, int]:
    """The day of each task, counted from Monday."""
    return {one.task.key: (one.window.first - MONDAY).days for one in found.placed}


def left_out(found: Plan) -> dict[int, str]:
    return {one.task.key: one.reason for one in found.left_out}


# --- placing --------------------------------------------------------------------------------


@pytest.mark.clause("2.7-T10", "2.2-F4")
def test_the_earliest_last_day_comes_first():
    found = plan([task(1, 0, 9), task(2, 0, 2), task(3, 0, 5)], {"a": windows(0, 1, 2)})

    assert placed(found) == {2: 0, 3: 1, 1: 2}
    assert [one.task.key for one in found.placed] == [2, 3, 1]


@pytest.mark.clause("2.7-T10")
def test_first_and_last_day_both_count():
    assert placed(plan([task(1, 1, 1)], {"a": windows(0, 1, 2)})) == {1: 1}
    missed = plan([task(1, 1, 1)], {"a": windows(0, 2)})
    assert missed == Plan((), (LeftOut(task(1, 1, 1), "no_day"),))


@pytest.mark.clause("2.7-T10")
def test_what_is_worth_least_gives_way_when_not_everything_fits():
    tasks = [task(1, 0, 1, value=5), task(2, 0, 1, value=9), task(3, 0, 1, value=7)]

    found = plan(tasks, {"a": windows(0, 1)})

    assert placed(found) == {2: 0, 3: 1}
    assert left_out(found) == {1: "no_room"}


@pytest.mark.clause("2.7-T11")
def test_calendars_do_not_disturb_each_other():
    tasks = [task(1, 0, 0), task(2, 0, 0, calendar="b"), task(3, 0, 0, calendar="c")]

    found = plan(tasks, {"a": windows(0), "b": windows(0)})

    assert placed(found) == {1: 0, 2: 0}
    assert left_out(found) == {3: "no_day"}


@pytest.mark.clause("2.4-AE10")
def test_a_stretch_has_to_end_by_the_last_day():
    stretch = Window(day(0), day(4))

    assert plan([task(1, 0, 4)], {"a": [stretch]}).placed == (Placement(task(1, 0, 4), stretch),)
    assert left_out(plan([task(1, 0, 3)], {"a": [stretch]})) == {1: "no_day"}
    assert left_out(plan([task(1, 1, 9)], {"a": [stretch]})) == {1: "no_day"}


@pytest.mark.clause("2.7-T10")
def test_what_can_begin_only_after_the_last_window_is_left_out():
    late = plan([task(1, 0, 9), task(2, 0, 9), task(3, 1, 9)], {"a": windows(0, 1)})
    assert placed(late) == {1: 0, 2: 1}
    assert left_out(late) == {3: "no_room"}


# --- against every possibility --------------------------------------------------------------

rows_of_tasks = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9))
offsets = st.sets(st.integers(0, 7), max_size=5).map(sorted)


def tasks_of(rows: Sequence[tuple[int, int, int]]) -> list[Task]:
    """Tasks from first day, days after it, and value."""
    return [
        task(key, first, first + more, value=value) for key, (first, more, value) in enumerate(rows)
    ]


def fits(tasks: Sequence[Task], free: Sequence[Window]) -> bool:
    """Whether some way of handing out windows serves all tasks; every way is tried."""
    return any(
        all(
            one.first_day <= window.first and window.last <= one.last_day
            for one, window in zip(tasks, chosen, strict=True)
        )
        for chosen in permutations(free, len(tasks))
    )


def subsets(tasks: Sequence[Task]) -> Iterator[tuple[Task, ...]]:
    for number in range(len(tasks) + 1):
        yield from combinations(tasks, number)


@settings(max_examples=300, deadline=None)
@given(st.lists(rows_of_tasks, max_size=5), offsets)
@pytest.mark.clause("2.7-T10", "2.2-F4")
def test_everything_is_placed_whenever_that_is_possible(rows, free):
    tasks = tasks_of(rows)

    found = plan(tasks, {"a": windows(*free)})

    assert (not found.left_out) == fits(tasks, windows(*free))


@settings(max_examples=300, deadline=None)
@given(st.lists(rows_of_tasks, max_size=5), offsets, st.integers(1, 2))
@pytest.mark.clause("2.7-T10", "2.2-F4")
def test_no_other_choice_is_worth_more(rows, free, length):
    tasks = tasks_of(rows)
    spread = [Window(day(length * at), day(length * at + length - 1)) for at in free]
    best = max(sum(one.value for one in some) for some in subsets(tasks) if fits(some, spread))

    found = plan(tasks, {"a": spread})

    assert sum(one.task.value for one in found.placed) == best


@given(st.lists(rows_of_tasks, max_size=8), offsets)
@pytest.mark.clause("2.7-T11")
def test_a_plan_keeps_to_calendars_and_last_days_and_says_of_each_task_what_becomes_of_it(
    rows, free
):
    tasks = tasks_of(rows)

    found = plan(tasks, {"a": windows(*free)})

    used = [one.window for one in found.placed]
    assert len(used) == len(set(used))
    assert set(used) <= set(windows(*free))
    for one in found.placed:
        assert one.task.first_day <= one.window.first
        assert one.window.last <= one.task.last_day
    assert sorted([*placed(found), *left_out(found)]) == [one.key for one in tasks]
    assert plan(reversed(tasks), {"a": windows(*free)}) == found


# --- calendars ------------------------------------------------------------------------------


@pytest.mark.clause("0-C6", "0-C9")
def test_sessions_are_held_on_business_days():
    days = session_days(HOURS, first=day(0), last=day(8))

    # Monday the 23rd is a holiday, Saturday and Sunday are free.
    assert days == windows(1, 2, 3, 4, 7, 8)
    assert session_days(HOURS, first=day(1), last=day(0)) == ()


@pytest.mark.clause("2.7-T11")
@pytest.mark.parametrize(
    ("number", "offsets"),
    [(1, [9]), (2, [8, 10]), (3, [7, 9, 11]), (4, [7, 8, 10, 11]), (5, [7, 8, 9, 10, 11])],
)
def test_the_days_of_a_week_are_spread(number, offsets):
    found = session_days(HOURS, first=day(7), last=day(13), per_week=number)

    assert found == windows(*offsets)


@pytest.mark.clause("2.7-T11")
def test_what_is_booked_counts_towards_its_week_even_before_the_first_day():
    booked = {day(7)}

    assert session_days(HOURS, first=day(7), last=day(13), taken=booked, per_week=2) == windows(10)
    assert session_days(HOURS, first=day(8), last=day(13), taken=booked, per_week=1) == ()
    both = {day(7), day(8)}
    assert session_days(HOURS, first=day(7), last=day(13), taken=both, per_week=1) == ()


def test_a_plan_needs_a_day_a_week():
    with pytest.raises(ValueError, match="a day a week"):
        session_days(HOURS, first=day(0), last=day(1), per_week=0)


@pytest.mark.clause("2.4-AE10", "2.4-AE11")
def test_events_cover_stretches_of_calendar_days_between_those_taken():
    assert event_stretches(first=day(0), last=day(10), length=5) == (
        Window(day(0), day(4)),
        Window(day(5), day(9)),
    )
    assert event_stretches(first=day(0), last=day(10), length=5, taken={day(2)}) == (
        Window(day(3), day(7)),
    )
    assert event_stretches(first=day(0), last=day(3), length=5) == ()


@pytest.mark.clause("0-C6", "0-C9", "2.7-T11")
def test_longer_deliveries_take_business_days_in_a_row():
    def found(*, length, first=7, last=27, **options):
        stretches = session_stretches(
            HOURS, first=day(first), last=day(last), length=length, **options
        )
        return [((one.first - MONDAY).days, (one.last - MONDAY).days) for one in stretches]

    # From Monday the 30th on: over the weekend, but never over a day that is taken.
    assert found(length=3) == [(7, 9), (10, 14), (15, 17), (18, 22), (23, 25)]
    assert found(length=3, taken={day(8)}) == [(9, 11), (14, 16), (17, 21), (22, 24)]
    # With fewer days a week the next one begins in a later week.
    assert found(length=3, per_week=4) == [(7, 9), (14, 16), (21, 23)]
    assert found(length=6, per_week=2) == [(7, 14), (15, 22)]
    assert found(length=3, last=8) == []
    assert found(length=2, first=0, last=2) == [(1, 2)]
