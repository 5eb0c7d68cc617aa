"""Hours that are logged after the work: on which days, and how many of one day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.rules.business_time import BusinessHours, business_minutes_between, is_business_day
from accounts.rules.calendar_days import refuse_after
from accounts.rules.refusal import Refused

MINUTES_OF_A_DAY = 24 * 60


def check_logged_hours(
    hours: BusinessHours | None, *, worked_on: date, minutes: int, today: date
) -> None:
    """Refuse hours that can't have been delivered on that day.

    In whole minutes, at least one. Where business hours bind the service, the day is a
    business day (`outside_business_hours`, which names it) and holds no more than its open
    time; elsewhere no more than 24 hours (`too_many_hours`). The day is today at the
    latest (`in_the_future`). Raises `ValueError` for less than a minute.

    Clause: 2.5-ED3, 2.5-RD3, 2.3-OT5, 2.5-ED10, 2.5-RD15, 2.3-RE24
    """
    if minutes < 1:
        raise ValueError(f"hours are logged in whole minutes, not {minutes}")
    refuse_after(today, worked_on, field="worked_on", clause="2.5-ED3")
    most = MINUTES_OF_A_DAY
    if hours is not None:
        if not is_business_day(hours, worked_on):
            raise Refused(
                "outside_business_hours",
                clause="A-BS21, 0-C6",
                field="worked_on",
                opens=hours.opens,
                closes=hours.closes,
                zone=hours.zone,
                closed_on=worked_on,
            )
        midnight = datetime.combine(worked_on, time.min, ZoneInfo(hours.zone))
        next_one = datetime.combine(worked_on + timedelta(days=1), time.min, ZoneInfo(hours.zone))
        most = business_minutes_between(hours, midnight, next_one) // timedelta(minutes=1)
    if minutes > most:
        raise Refused(
            "too_many_hours",
            clause="2.5-ED3",
            field="minutes",
            maximum=most,
            asked=minutes,
            unit="minute",
        )
