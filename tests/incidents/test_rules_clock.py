from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.rules.business_time import BusinessHours
from incidents.rules.charts import Assigned, Duty, Target
from incidents.rules.clock import (
    clock_reading,
    duty_due,
    resource_due,
    response_due,
    share_instant,
    target_after_change,
)

SHANGHAI = BusinessHours("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def due(minutes: int, clock: str, start: str, hours: BusinessHours = SHANGHAI) -> datetime:
    target = Target(minutes, ("A-BS10",))
    return response_due(target, clock, counted_from=at(start), hours=hours).result


# --- First response ----------------------------------------------------------------------


@pytest.mark.clause("A-BS2", "A-BS3", "A-BS7", "0-C7")
@pytest.mark.parametrize(
    ("zone", "minutes", "start", "end"),
    [
        ("Asia/Shanghai", 15, "2025-03-15T23:50+08:00", "2025-03-16T00:05+08:00"),
        ("Europe/Paris", 60, "2025-03-30T01:30+01:00", "2025-03-30T03:30+02:00"),
        ("America/New_York", 30, "2025-11-02T01:45-04:00", "2025-11-02T01:15-05:00"),
        ("Australia/Lord_Howe", 15, "2025-04-06T01:50+11:00", "2025-04-06T01:35+10:30"),
        ("Asia/Kathmandu", 15, "2025-05-05T17:50+05:45", "2025-05-05T18:05+05:45"),
    ],
)
def test_an_elapsed_target_stops_for_nothing(zone, minutes, start, end):
    assert due(minutes, "24x7", start, BusinessHours(zone)) == at(end)


@pytest.mark.clause("A-BS10", "A-BS15", "A-BS21", "0-C6", "X-35")
@pytest.mark.parametrize(
    ("minutes", "start", "end"),
    [
        (120, "2025-03-17T10:00+08:00", "2025-03-17T12:00+08:00"),
        (120, "2025-03-17T15:30+08:00", "2025-03-17T17:30+08:00"),
        (120, "2025-03-17T15:31+08:00", "2025-03-18T09:01+08:00"),
        (120, "2025-03-17T17:30+08:00", "2025-03-18T11:00+08:00"),
        (240, "2025-03-14T16:45+08:00", "2025-03-17T12:15+08:00"),
    ],
)
def test_a_business_target_counts_open_minutes(minutes, start, end):
    assert due(minutes, "business_hours", start) == at(end)


@pytest.mark.clause("0-C13", "2.7-T1")
def test_the_hours_of_the_contacts_location_count():
    tokyo = BusinessHours("Asia/Tokyo")
    assert due(120, "business_hours", "2025-03-17T08:30+08:00", tokyo) == at(
        "2025-03-17T11:30+09:00"
    )


def test_a_business_target_explains_which_time_was_counted():
    explained = response_due(
        Target(120, ("A-BS10",)),
        "business_hours",
        counted_from=at("2025-03-14T17:45+08:00"),
        hours=SHANGHAI,
    )
    assert explained.inputs == (
        ("counted_from", at("2025-03-14T17:45+08:00")),
        ("minutes", 120),
        ("clock", "business_hours"),
    )
    opening, end = at("2025-03-17T09:00+08:00"), at("2025-03-17T11:00+08:00")
    assert explained.steps == (("counting_starts", opening), ("open", ((opening, end),)))
    assert explained.clauses == ("A-BS10",)
    assert explained.readings == ("0-C6", "0-C7", "0-C13")
    assert (explained.zone, explained.result.tzinfo) == ("Asia/Shanghai", UTC)


def test_an_elapsed_target_explains_its_one_stretch():
    start = at("2025-03-15T23:50+08:00")
    explained = response_due(Target(15), "24x7", counted_from=start, hours=SHANGHAI)
    assert explained.steps == (("elapsed", ((start, start + timedelta(minutes=15)),)),)
    assert explained.readings == ("0-C7",)


@pytest.mark.clause("A-AE4", "0-C8")
def test_a_resource_is_due_so_many_minutes_after_submission():
    assigned = Assigned("critical_situation_resource", within_minutes=30, clauses=("A-AE4",))
    explained = resource_due(assigned, submitted_at=at("2025-11-28T09:00-05:00"))
    assert explained.result == at("2025-11-28T14:30Z")
    assert explained.clauses == ("A-AE4",)
    assert resource_due(Assigned("oversight"), submitted_at=at("2025-11-28T09:00-05:00")) is None


# --- The customer's duties ---------------------------------------------------------------


@pytest.mark.clause("A-BS13", "0-C6")
def test_change_control_has_business_minutes_from_the_request():
    duty = Duty("change_control_access", 240, "business_hours", ("A-BS13",))
    explained = duty_due(duty, asked_at=at("2025-03-14T14:00+08:00"), hours=SHANGHAI)
    assert explained.result == at("2025-03-17T09:30+08:00")


@pytest.mark.clause("A-BS16", "0-C7")
def test_an_answer_at_severity_c_has_elapsed_hours():
    duty = Duty("respond", 1440, clauses=("A-BS16",))
    explained = duty_due(duty, asked_at=at("2025-03-14T16:00+08:00"), hours=SHANGHAI)
    assert explained.result == at("2025-03-15T16:00+08:00")


def test_a_duty_without_a_time_is_never_due():
    assert duty_due(Duty("rapid_access"), asked_at=at("2025-03-14T16:00Z"), hours=SHANGHAI) is None


# --- A change of severity ----------------------------------------------------------------


def changed(old: str, new: str, minutes: int, clock: str, when: str, **facts):
    facts = {"first_response_at": None} | facts
    return target_after_change(
        at("2025-03-17T12:00+08:00"),
        Target(minutes, ("A-BS7",)),
        clock,
        old_severity=old,
        new_severity=new,
        changed_at=at(when),
        hours=SHANGHAI,
        **facts,
    )


@pytest.mark.clause("0-C15", "2.3-RE12")
def test_raised_the_earlier_of_old_and_new_counts():
    sooner = changed("B", "A", 60, "24x7", "2025-03-17T10:30+08:00")
    assert sooner.result == at("2025-03-17T11:30+08:00")
    never_later = changed("C", "B", 120, "business_hours", "2025-03-17T11:30+08:00")
    assert never_later.result == at("2025-03-17T12:00+08:00")


@pytest.mark.clause("0-C15")
def test_lowered_the_new_target_counts_even_if_it_is_later():
    lowered = changed("A", "B", 120, "business_hours", "2025-03-17T10:20+08:00")
    assert lowered.result == at("2025-03-17T12:20+08:00")
    assert lowered.steps[-2:] == (("new_due", lowered.result), ("lowered", "B"))
    assert lowered.clauses == ("2.3-RE12", "A-BS7")
    assert lowered.readings == ("0-C15", "0-C6", "0-C7", "0-C13")


@pytest.mark.clause("0-C15")
def test_the_same_severity_again_changes_nothing():
    same = changed("B", "B", 120, "business_hours", "2025-03-17T11:30+08:00")
    assert same.result == at("2025-03-17T12:00+08:00")


@pytest.mark.clause("0-C15")
@pytest.mark.parametrize(
    ("answered", "clock_runs"), [("10:29:59", False), ("10:30:00", False), ("10:30:01", True)]
)
def test_after_the_first_response_there_is_no_new_clock(answered, clock_runs):
    first = at(f"2025-03-17T{answered}+08:00")
    change = changed("B", "A", 60, "24x7", "2025-03-17T10:30+08:00", first_response_at=first)
    assert (change is not None) == clock_runs


# --- How far a clock has run -------------------------------------------------------------


@pytest.mark.clause("0-C6")
@pytest.mark.parametrize(
    ("now", "percent", "left"),
    [
        ("2025-03-14T16:00+08:00", 0, 120),
        ("2025-03-14T17:00+08:00", 0, 120),
        ("2025-03-15T12:00+08:00", 25, 90),
        ("2025-03-17T10:29+08:00", 99, 1),
        ("2025-03-17T10:30+08:00", 100, 0),
        ("2025-03-17T12:30+08:00", 200, -120),
    ],
)
def test_a_business_clock_stands_still_while_closed(now, percent, left):
    reading = clock_reading(
        "business_hours",
        counted_from=at("2025-03-14T17:00+08:00"),
        due_at=at("2025-03-17T10:30+08:00"),
        now=at(now),
        hours=SHANGHAI,
    )
    assert (reading.percent, reading.left) == (percent, timedelta(minutes=left))


@pytest.mark.clause("0-C7")
def test_an_elapsed_clock_never_stands_still():
    start = at("2025-03-15T23:50+08:00")
    reading = clock_reading(
        "24x7",
        counted_from=start,
        due_at=start + timedelta(minutes=60),
        now=start + timedelta(minutes=45),
        hours=SHANGHAI,
    )
    assert (reading.counted, reading.allowed) == (timedelta(minutes=45), timedelta(minutes=60))
    assert reading.percent == 75


def test_a_clock_without_any_time_is_used_up():
    start = at("2025-03-15T23:50+08:00")
    reading = clock_reading("24x7", counted_from=start, due_at=start, now=start, hours=SHANGHAI)
    assert reading.percent == 100


@pytest.mark.clause("0-C6", "0-C7")
def test_the_instant_of_a_share_lies_on_the_same_clock():
    friday, monday = at("2025-03-14T17:00+08:00"), at("2025-03-17T10:30+08:00")
    marks = [
        share_instant("business_hours", share, counted_from=friday, due_at=monday, hours=SHANGHAI)
        for share in (25, 50, 75)
    ]
    assert marks == [
        at("2025-03-14T17:30+08:00"), at("2025-03-17T09:30+08:00"), at("2025-03-17T10:00+08:00")
    ]  # fmt: skip
    quarter = timedelta(minutes=15)
    assert (
        share_instant("24x7", 50, counted_from=friday, due_at=friday + quarter, hours=SHANGHAI)
        == friday + quarter / 2
    )


def test_holidays_stop_a_business_target():
    paris = BusinessHours("Europe/Paris", holidays=frozenset({date(2025, 5, 8)}))
    assert due(120, "business_hours", "2025-05-07T16:50+02:00", paris) == at(
        "2025-05-09T10:20+02:00"
    )
