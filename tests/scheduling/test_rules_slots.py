from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from accounts.rules.refusal import Refused
from services.scheduling.rules.slots import MOST_DAYS, QUARTER, slots_of

pytestmark = pytest.mark.clause("2.7-T11", "0-C7")
NINE = datetime(2026, 12, 17, 9, tzinfo=UTC)


def test_a_session_takes_the_quarters_from_its_beginning_to_before_its_end():
    assert slots_of(NINE, NINE + timedelta(hours=1)) == tuple(
        NINE + number * QUARTER for number in range(4)
    )


def test_a_quarter_that_is_begun_is_taken():
    begun = slots_of(NINE + timedelta(minutes=10), NINE + timedelta(minutes=16))
    assert begun == (NINE, NINE + QUARTER)


def test_sessions_may_follow_each_other_on_the_quarter():
    first = slots_of(NINE, NINE + timedelta(minutes=45))
    second = slots_of(NINE + timedelta(minutes=45), NINE + timedelta(hours=2))
    assert set(first) & set(second) == set()


def test_slots_are_told_in_utc_whatever_the_offset():
    kathmandu = datetime(2026, 12, 17, 9, tzinfo=ZoneInfo("Asia/Kathmandu"))
    assert slots_of(kathmandu, kathmandu + QUARTER) == (datetime(2026, 12, 17, 3, 15, tzinfo=UTC),)


def test_the_hour_that_comes_twice_takes_eight_quarters():
    berlin = ZoneInfo("Europe/Berlin")
    two = datetime(2026, 10, 25, 2, tzinfo=berlin).astimezone(UTC)
    three = datetime(2026, 10, 25, 3, tzinfo=berlin).astimezone(UTC)
    assert len(slots_of(two, three)) == 8


def test_thirty_one_days_can_be_held_and_no_more():
    assert len(slots_of(NINE, NINE + timedelta(days=MOST_DAYS))) == 96 * MOST_DAYS
    with pytest.raises(Refused) as caught:
        slots_of(NINE, NINE + timedelta(days=MOST_DAYS, minutes=1))
    assert (caught.value.code, caught.value.figures) == ("engineer_span_too_long", {"days": 31})


def test_a_session_ends_after_it_starts():
    with pytest.raises(ValueError, match="ends after it starts"):
        slots_of(NINE, NINE)


def test_two_sessions_share_a_slot_exactly_when_they_overlap_in_whole_quarters():
    chance = Random(4)
    for _case in range(1000):
        spans = []
        for _one in range(2):
            start = NINE + QUARTER * chance.randrange(200)
            spans.append((start, start + QUARTER * chance.randrange(1, 40)))
        (a, b), (c, d) = spans
        assert bool(set(slots_of(a, b)) & set(slots_of(c, d))) == (a < d and c < b)
