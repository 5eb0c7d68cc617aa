"""Whether a request for a proactive service came in time, with its data."""

from datetime import date, datetime

from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused


def request_is_in_time(
    last_day: date,
    *,
    requested: date | datetime | None,
    data: date | datetime | None,
    zone: str,
) -> bool:
    """Whether request and data both came by the end of `last_day` at the host location.

    An instant counts by its date in `zone`; None has not come.

    Clause: 2.8-C20, 0-C13
    """
    return all(
        moment is not None and _day(moment, zone) <= last_day for moment in (requested, data)
    )


def check_request(
    last_day: date,
    *,
    requested: date | datetime | None,
    data: date | datetime | None,
    zone: str,
) -> None:
    """Refuse a request that is late, or whose data is: `too_late`.

    Clause: 2.8-C20, 0-C13
    """
    if not request_is_in_time(last_day, requested=requested, data=data, zone=zone):
        raise Refused(
            "too_late",
            clause="2.8-C20",
            field="date",
            last_day=last_day,
            requested_until=last_day,
        )


def _day(moment: date | datetime, zone: str) -> date:
    return local_date(moment, zone) if isinstance(moment, datetime) else moment
