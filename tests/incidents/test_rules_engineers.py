"""When the designated engineer is at work."""

from datetime import date, datetime

import pytest

from accounts.rules.business_time import BusinessHours
from accounts.rules.refusal import Refused
from incidents.rules.roles import check_engineer_day, engineer_takes_part_from

BERLIN = BusinessHours("Europe/Berlin", holidays=frozenset({date(2026, 3, 9)}))


@pytest.mark.clause("2.5-RD5", "2.5-RD15")
@pytest.mark.parametrize(
    ("joined", "begins"),
    [
        ("2026-03-06T17:29:59+01:00", "2026-03-06T17:29:59+01:00"),
        ("2026-03-06T17:30:00+01:00", "2026-03-10T09:00:00+01:00"),
        ("2026-03-28T03:00:00+01:00", "2026-03-30T09:00:00+02:00"),
    ],
)
def test_an_engineer_who_joins_at_night_begins_with_the_next_business_day(joined, begins):
    found = engineer_takes_part_from(BERLIN, datetime.fromisoformat(joined))
    assert found == datetime.fromisoformat(begins)


@pytest.mark.clause("2.5-RD15")
@pytest.mark.parametrize(("minutes", "recorded"), [(510, 0), (210, 300)])
def test_a_business_day_of_the_engineer_has_510_minutes(minutes, recorded):
    check_engineer_day(BERLIN, date(2026, 3, 6), minutes=minutes, recorded=recorded)


@pytest.mark.clause("2.5-RD15")
@pytest.mark.parametrize(
    ("day", "minutes", "recorded", "code"),
    [
        (date(2026, 3, 6), 511, 0, "engineer_day_full"),
        (date(2026, 3, 6), 1, 510, "engineer_day_full"),
        (date(2026, 3, 7), 1, 0, "engineer_not_at_work"),
        (date(2026, 3, 9), 1, 0, "engineer_not_at_work"),
    ],
)
def test_there_is_no_more_of_it_and_none_on_a_weekend_or_holiday(day, minutes, recorded, code):
    with pytest.raises(Refused) as refused:
        check_engineer_day(BERLIN, day, minutes=minutes, recorded=recorded)
    assert refused.value.code == code
