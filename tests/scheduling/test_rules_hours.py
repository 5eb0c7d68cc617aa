"""Hours that are logged after the work: on which days, and how many of one day."""

from datetime import date, time

import pytest

from accounts.rules.business_time import BusinessHours
from accounts.rules.refusal import Refused
from services.scheduling.rules.hours import check_logged_hours

FRIDAY = date(2026, 11, 20)
HOURS = BusinessHours("Europe/Berlin", holidays=frozenset({date(2026, 11, 18)}))


def check(hours=HOURS, worked_on=FRIDAY, minutes=60):
    check_logged_hours(hours, worked_on=worked_on, minutes=minutes, today=date(2026, 11, 23))


@pytest.mark.clause("2.5-ED3", "2.5-RD3", "2.3-OT5", "2.5-ED10", "2.5-RD15", "2.3-RE24")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"minutes": 511}, "too_many_hours"),
        ({"hours": None, "minutes": 1441}, "too_many_hours"),
        ({"worked_on": date(2026, 11, 22)}, "outside_business_hours"),
        ({"worked_on": date(2026, 11, 18)}, "outside_business_hours"),
        ({"worked_on": date(2026, 11, 24)}, "in_the_future"),
    ],
)
def test_hours_that_cannot_have_been_delivered_are_refused(given, code):
    with pytest.raises(Refused) as caught:
        check(**given)
    assert caught.value.code == code


def test_a_whole_day_of_business_hours_and_today_are_fine():
    check(minutes=510)
    check(worked_on=date(2026, 11, 23))
    check(hours=None, worked_on=date(2026, 11, 22), minutes=1440)
    check(BusinessHours("Europe/Berlin", time(8), time(18)), minutes=600)


def test_less_than_a_minute_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="whole minutes"):
        check(minutes=0)
