"""Whether a request came in time, with its data."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.rules.refusal import Refused
from workorders.rules.requests import check_request, request_is_in_time

SHANGHAI = "Asia/Shanghai"
LAST = date(2025, 5, 1)


@pytest.mark.clause("2.8-C20", "0-C13")
@pytest.mark.parametrize(
    ("requested", "data", "in_time"),
    [
        (LAST, LAST, True),
        (LAST, LAST + timedelta(days=1), False),
        (LAST + timedelta(days=1), LAST, False),
        (LAST, None, False),
        (None, None, False),
        (datetime(2025, 5, 1, 15, 59, 59, tzinfo=UTC), LAST, True),
        (datetime(2025, 5, 1, 16, 0, tzinfo=UTC), LAST, False),
        (LAST, datetime(2025, 5, 1, 16, 30, tzinfo=UTC), False),
    ],
)
def test_request_and_data_come_by_the_end_of_the_day_at_the_host(requested, data, in_time):
    moments = {"requested": requested, "data": data, "zone": SHANGHAI}
    assert request_is_in_time(LAST, **moments) is in_time
    if in_time:
        check_request(LAST, **moments)
        return
    with pytest.raises(Refused) as refusal:
        check_request(LAST, **moments)
    assert (refusal.value.code, refusal.value.figures) == (
        "too_late",
        {"last_day": LAST, "requested_until": LAST},
    )
