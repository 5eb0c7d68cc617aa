"""Seats, the day of the decision and what it needs, without a database."""

from datetime import date

import pytest

from accounts.rules.refusal import Refused
from services.scheduling.rules.seats import (
    check_place,
    check_shortfall,
    check_sizes,
    decision_day,
    recording_refusal,
)

STARTS, EVE, TODAY = date(2026, 12, 17), date(2026, 12, 16), date(2026, 11, 23)


def code_of(act, *args, **fields) -> str:
    try:
        act(*args, **fields)
    except Refused as refusal:
        return refusal.code
    return ""


@pytest.mark.clause("2.3-TR8")
@pytest.mark.parametrize(
    ("sold_as", "capacity", "taken", "code"),
    [
        ("attendee", 20, 19, ""),
        ("attendee", 20, 20, "seats_full"),
        ("dedicated", 20, 19, ""),
        ("dedicated", 20, 20, "workshop_full"),
        ("dedicated", None, 500, ""),
    ],
)
def test_one_more_attendee_needs_a_free_place(sold_as, capacity, taken, code):
    assert code_of(check_place, sold_as, capacity=capacity, taken=taken) == code


@pytest.mark.clause("2.7-T12")
@pytest.mark.parametrize(
    ("capacity", "minimum", "code"),
    [(8, 8, ""), (8, 9, "minimum_above_capacity"), (None, 9, ""), (8, None, "")],
)
def test_a_minimum_fits_into_the_capacity(capacity, minimum, code):
    assert code_of(check_sizes, capacity=capacity, minimum=minimum) == code


@pytest.mark.clause("2.7-T12")
@pytest.mark.parametrize(
    ("fields", "day", "step"),
    [
        ({"free_until": date(2026, 12, 3)}, date(2026, 12, 3), "free_cancellation"),
        ({"free_until": TODAY}, TODAY, "free_cancellation"),
        ({"free_until": date(2026, 11, 22)}, EVE, "eve"),
        ({"free_until": None}, EVE, "eve"),
        ({"free_until": None, "today": STARTS}, STARTS, "eve"),
        ({"free_until": TODAY, "chosen": EVE}, EVE, "decision_chosen"),
        ({"free_until": None, "chosen": TODAY}, TODAY, "decision_chosen"),
    ],
)
def test_the_decision_is_due_on_the_chosen_day_or_the_last_free_one_or_the_eve(fields, day, step):
    due = decision_day(**{"starts_on": STARTS, "today": TODAY, "minimum": 8, **fields})
    assert (due.result, due.steps) == (day, ((step, day),))
    assert due.inputs == (("starts_on", STARTS), ("minimum_enrolment", 8))


@pytest.mark.parametrize(
    ("chosen", "code"), [(date(2026, 11, 22), "in_the_past"), (STARTS, "decision_too_late")]
)
def test_a_decision_day_lies_between_today_and_the_eve(chosen, code):
    given = {"starts_on": STARTS, "free_until": None, "today": TODAY, "minimum": 8}
    assert code_of(decision_day, **given, chosen=chosen) == code


@pytest.mark.clause("2.7-T12")
@pytest.mark.parametrize(
    ("minimum", "registered", "code"),
    [(8, 7, ""), (8, 8, "enrolment_reached"), (None, 0, "enrolment_reached")],
)
def test_only_a_shortfall_is_a_reason_to_cancel(minimum, registered, code):
    assert code_of(check_shortfall, minimum=minimum, registered=registered) == code


@pytest.mark.clause("2.3-TR9")
@pytest.mark.parametrize(
    ("missing", "code"),
    [
        (("notice", "consent"), "notice_missing"),
        (("consent",), "consent_missing"),
        (("written_permission",), "permission_missing"),
    ],
)
def test_the_first_thing_that_a_recording_lacks_is_told(missing, code):
    assert recording_refusal(missing).code == code


def test_a_recording_that_lacks_nothing_is_not_refused():
    assert recording_refusal(()) is None
