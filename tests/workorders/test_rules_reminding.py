"""When somebody is reminded: brought forward, in their hours, by digest or by itself."""

from datetime import UTC, date, datetime, time

import pytest

from accounts.rules.business_time import BusinessHours
from workorders.rules.reminding import (
    delivery_moment,
    digest_moment,
    is_in_a_digest,
    offset_reached,
    reminder_moment,
)

OFFICE = BusinessHours("Europe/Berlin", time(8), time(18))
DUE = date(2026, 11, 1)  # a Sunday


def utc(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.clause("2.8-C20")
@pytest.mark.parametrize(
    ("offset", "moment"),
    [
        (30, utc(10, 2, 6)),  # Friday, summer time
        (7, utc(10, 23, 6)),  # Sunday 25 October: the Friday before
        (3, utc(10, 29, 7)),  # Thursday, winter time
        (0, utc(10, 30, 7)),  # the Sunday itself: the Friday before
    ],
)
def test_a_reminder_is_brought_forward_to_a_business_day(offset, moment):
    assert reminder_moment(OFFICE, DUE, offset) == moment


@pytest.mark.clause("2.8-C20")
def test_a_calendar_that_never_works_keeps_nobody_silent():
    never = BusinessHours("UTC", time(8), time(18), weekend=frozenset(range(7)))
    assert reminder_moment(never, DUE, 0) == utc(10, 2, 8)


@pytest.mark.clause("2.8-C20")
@pytest.mark.parametrize(
    ("now", "offset"),
    [
        (utc(10, 2, 5, 59), None),
        (utc(10, 2, 6), 30),
        (utc(10, 29, 7), 3),
        (utc(10, 30, 7), 0),
    ],
)
def test_of_several_offsets_the_most_urgent_that_was_reached_counts(now, offset):
    assert offset_reached(OFFICE, DUE, (30, 3, 1, 0), now) == offset


@pytest.mark.clause("2.8-C20")
@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (utc(10, 1, 6), utc(10, 1, 6)),
        (utc(10, 1, 5, 59), utc(10, 1, 6)),
        (utc(10, 1, 16), utc(10, 2, 6)),
        (utc(10, 3, 9), utc(10, 5, 6)),
        (utc(10, 31, 9), utc(10, 31, 9)),  # the next opening would come after the deadline
    ],
)
def test_mail_waits_for_the_readers_hours_but_not_beyond_the_deadline(now, moment):
    assert delivery_moment(OFFICE, now, utc(11, 1, 22, 59)) == moment


@pytest.mark.clause("2.8-C20")
def test_a_digest_goes_out_on_monday_or_the_business_day_before():
    assert digest_moment(OFFICE, date(2026, 10, 22)) == utc(10, 19, 6)
    assert digest_moment(OFFICE, date(2026, 10, 19)) == utc(10, 19, 6)
    closed = BusinessHours(
        "Europe/Berlin", time(8), time(18), holidays=frozenset({date(2026, 10, 19)})
    )
    assert digest_moment(closed, date(2026, 10, 22)) == utc(10, 16, 6)


@pytest.mark.clause("2.8-C20")
@pytest.mark.parametrize(
    ("created", "due", "told"),
    [
        (utc(10, 19, 6), date(2026, 10, 23), True),  # in this week's digest
        (utc(10, 19, 6, 1), date(2026, 10, 26), True),  # in the next one, on its last day
        (utc(10, 19, 6, 1), date(2026, 10, 25), False),  # the next one would come too late
    ],
)
def test_what_a_digest_would_tell_too_late_is_told_by_itself(created, due, told):
    fields = {"zone": "Europe/Berlin", "on": date(2026, 10, 22)}
    assert is_in_a_digest(OFFICE, created_at=created, due_on=due, **fields) == told
