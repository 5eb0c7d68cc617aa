"""An engineer's time in quarters of an hour."""

from datetime import UTC, datetime, timedelta

from accounts.rules.refusal import Refused

QUARTER = timedelta(minutes=15)
MOST_DAYS = 31
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def slots_of(starts_at: datetime, ends_at: datetime) -> tuple[datetime, ...]:
    """The quarters of an hour that a session takes, in UTC, in order.

    A quarter that is begun is taken; one at whose beginning the session ends is free. So
    sessions may follow each other on the quarter. Every zone's wall clock is a whole
    number of quarters away from UTC, clock changes included. Refuses
    `engineer_span_too_long` above 31 days; raises `ValueError` when the session doesn't
    end after it starts.

    Clause: 2.7-T11, 0-C7
    """
    if ends_at <= starts_at:
        raise ValueError(f"a session ends after it starts, not at {ends_at}")
    if ends_at - starts_at > timedelta(days=MOST_DAYS):
        raise Refused("engineer_span_too_long", clause="2.7-T11", field="engineers", days=MOST_DAYS)
    first = (starts_at - EPOCH) // QUARTER
    beyond = -((EPOCH - ends_at) // QUARTER)
    return tuple(EPOCH + number * QUARTER for number in range(first, beyond))
