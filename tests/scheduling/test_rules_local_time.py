from datetime import UTC, date, datetime, time

import pytest

from accounts.rules.refusal import Refused
from services.scheduling.rules.local_time import local_instant

FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.clause("0-C7", "0-C13")
def test_a_wall_clock_becomes_the_instant_of_its_zone_in_summer_and_winter():
    assert local_instant(date(2026, 7, 1), time(9), "Europe/Berlin") == datetime(
        2026, 7, 1, 7, tzinfo=UTC
    )
    assert local_instant(date(2026, 12, 1), time(9), "Europe/Berlin") == datetime(
        2026, 12, 1, 8, tzinfo=UTC
    )


@pytest.mark.clause("0-C7")
@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_a_time_left_out_by_summer_time_is_refused(clock):
    with pytest.raises(Refused) as refused:
        local_instant(FORWARD, clock, "Europe/Berlin", field="starts")
    assert refused.value.code == "local_time_missing"
    assert refused.value.field == "starts"
    assert refused.value.figures["next_time"] == clock.replace(hour=3)


@pytest.mark.clause("0-C7")
@pytest.mark.parametrize("clock", [time(1, 59), time(3, 0)])
def test_the_times_beside_the_gap_exist(clock):
    assert local_instant(FORWARD, clock, "Europe/Berlin").tzinfo is UTC


@pytest.mark.clause("0-C7")
def test_a_time_that_comes_twice_is_asked_for_not_guessed():
    with pytest.raises(Refused) as refused:
        local_instant(BACK, time(2, 30), "Europe/Berlin")
    assert refused.value.code == "local_time_ambiguous"
    assert refused.value.figures["first"] == "2026-10-25T02:30:00+02:00"
    assert refused.value.figures["second"] == "2026-10-25T02:30:00+01:00"


@pytest.mark.clause("0-C7")
def test_told_which_of_the_two_it_is_that_one():
    first = local_instant(BACK, time(2, 30), "Europe/Berlin", second=False)
    second = local_instant(BACK, time(2, 30), "Europe/Berlin", second=True)
    assert (first, second) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
