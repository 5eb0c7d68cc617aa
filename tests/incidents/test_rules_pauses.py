"""Where a clock may stand still, and when people are warned of it."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.business_time import BusinessHours
from accounts.rules.refusal import Refused
from incidents.rules.pauses import (
    check_pause,
    due_after_pause,
    reading_with_pauses,
    share_with_pauses,
)
from incidents.rules.warnings import next_warning, share_reached

BERLIN = BusinessHours("Europe/Berlin")
FRIDAY = "2026-11-20T16:00+01:00"
# Four business hours from Friday 16:00: 90 minutes that day, 150 on Monday.
DUE = "2026-11-23T11:30+01:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def local(moment: datetime) -> str:
    """As the wall in Berlin shows it."""
    return moment.astimezone(at(FRIDAY).tzinfo).strftime("%a %H:%M")


@pytest.mark.clause("A-BS12", "A-BS13", "A-BS16", "2.3-RE14", "0-C7")
@pytest.mark.parametrize(
    ("clock", "of_customer", "paused_at", "is_paused", "code"),
    [
        ("business_hours", True, FRIDAY, False, None),
        ("business_hours", True, DUE, False, None),
        ("business_hours", True, "2026-11-23T11:30:01+01:00", False, "already_late"),
        ("business_hours", True, FRIDAY, True, "already_paused"),
        ("24x7", True, FRIDAY, False, "elapsed_never_pauses"),
        ("business_hours", False, FRIDAY, False, "response_never_pauses"),
        ("24x7", False, FRIDAY, False, "response_never_pauses"),
    ],
)
def test_only_a_duty_in_business_hours_waits_and_only_before_it_is_late(
    clock, of_customer, paused_at, is_paused, code
):
    def check():
        check_pause(
            clock,
            of_customer=of_customer,
            due_at=at(DUE),
            paused_at=at(paused_at),
            is_paused=is_paused,
        )

    if code is None:
        check()
        return
    with pytest.raises(Refused) as refused:
        check()
    assert refused.value.code == code


@pytest.mark.clause("A-BS12", "A-BS13", "0-C6")
@pytest.mark.parametrize(
    ("paused_at", "resumed_at", "due"),
    [
        ("2026-11-23T09:00+01:00", "2026-11-23T09:40+01:00", "Mon 12:10"),
        # Off-hours within a pause give nothing: the weekend wasn't running either.
        ("2026-11-20T17:00+01:00", "2026-11-23T09:30+01:00", "Mon 12:30"),
        ("2026-11-20T18:00+01:00", "2026-11-22T12:00+01:00", "Mon 11:30"),
        # Paused at the very end: nothing is left when it goes on.
        (DUE, "2026-11-24T10:00+01:00", "Tue 10:00"),
    ],
)
def test_what_was_left_at_the_pause_is_left_afterwards(paused_at, resumed_at, due):
    moved = due_after_pause(
        at(DUE), paused_at=at(paused_at), resumed_at=at(resumed_at), hours=BERLIN
    )
    assert local(moved.result) == due
    assert moved.clauses == ("A-BS12", "A-BS13")


@pytest.mark.clause("A-BS12", "0-C6", "0-C7")
def test_paused_time_counts_neither_as_used_nor_as_allowed():
    pause = (at("2026-11-23T09:00+01:00"), at("2026-11-23T09:40+01:00"))
    reading = reading_with_pauses(
        "business_hours",
        counted_from=at(FRIDAY),
        due_at=at("2026-11-23T12:10+01:00"),
        now=at("2026-11-23T10:10+01:00"),
        hours=BERLIN,
        pauses=[pause],
    )
    assert (reading.counted, reading.allowed) == (timedelta(hours=2), timedelta(hours=4))


@pytest.mark.clause("A-BS12", "0-C6", "0-C7")
def test_a_clock_that_is_paused_stands_where_it_was():
    reading = reading_with_pauses(
        "business_hours",
        counted_from=at(FRIDAY),
        due_at=at(DUE),
        now=at("2026-11-25T10:10+01:00"),
        hours=BERLIN,
        paused_since=at("2026-11-23T09:30+01:00"),
    )
    assert (reading.counted, reading.percent) == (timedelta(hours=2), 50)


@pytest.mark.clause("A-BS12", "0-C6", "0-C7")
@pytest.mark.parametrize(
    ("percent", "reached"), [(25, "Fri 17:00"), (50, "Mon 10:10"), (75, "Mon 11:10")]
)
def test_shares_after_a_pause_come_later_and_those_before_it_stay(percent, reached):
    pause = (at("2026-11-23T09:00+01:00"), at("2026-11-23T09:40+01:00"))
    moment = share_with_pauses(
        "business_hours",
        percent,
        counted_from=at(FRIDAY),
        due_at=at("2026-11-23T12:10+01:00"),
        hours=BERLIN,
        pauses=[pause],
    )
    assert local(moment) == reached


@pytest.mark.clause("0-C7", "0-C8")
@pytest.mark.parametrize(("told", "minutes"), [(0, 30), (50, 45), (75, 54), (90, 60), (100, None)])
def test_people_are_warned_at_50_75_and_90_percent_and_past_the_target(told, minutes):
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    found = next_warning(
        "24x7",
        counted_from=start,
        due_at=start + timedelta(hours=1),
        hours=BERLIN,
        told=told,
    )
    expected = None if minutes is None else start + timedelta(minutes=minutes)
    moment = timedelta(microseconds=1) if told == 90 else timedelta(0)
    assert found == (expected + moment if expected else None)


@pytest.mark.clause("0-C6", "0-C8")
@pytest.mark.parametrize(
    ("now", "share"),
    [
        ("2026-11-23T09:29:59+01:00", 0),
        ("2026-11-23T09:30+01:00", 50),
        ("2026-11-23T10:30+01:00", 75),
        ("2026-11-23T11:06+01:00", 90),
        (DUE, 90),
        ("2026-11-23T11:30:00.000001+01:00", 100),
    ],
)
def test_a_share_is_reached_at_its_own_instant_and_the_miss_one_moment_after_the_target(now, share):
    found = share_reached(
        "business_hours",
        counted_from=at(FRIDAY),
        due_at=at(DUE),
        hours=BERLIN,
        now=at(now),
    )
    assert found == share
