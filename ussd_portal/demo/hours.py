"""Hours in the demo: a weekly series of a designated engineer, and hours logged afterwards."""

from datetime import date, datetime, time, timedelta

from accounts.queries.calendars import business_hours
from accounts.rules.business_time import is_business_day
from accounts.rules.refusal import Refused
from services.scheduling.actions import book_series, log_hours, take_back_hours
from services.scheduling.queries.hours import hour_balances
from services.scheduling.rules.series import Pattern
from ussd_portal.demo.portfolio import Stage
from workorders.models import Entitlement

NOTES = ("Query plans of the night run", "Handover of the runbook")
SESSIONS, AHEAD, MINUTES = 3, 26, 60
ENOUGH = SESSIONS * MINUTES + 150


def play_hours(stage: Stage, *, now: datetime) -> None:
    """For the first service in hours of which enough is left: a series, and a log."""
    person = stage.csams["mara.keller"]
    for balance in hour_balances(person):
        held = balance.entitlement
        is_enough = balance.left >= ENOUGH and held.usable_from <= stage.day(-9)
        if is_enough and _series(stage, held, now):
            _logs(stage, held, now)
            return


def _series(stage: Stage, held: Entitlement, now: datetime) -> bool:
    """Whether three weekly hours could be booked."""
    day = _business_day(held, stage.day(AHEAD), step=1)
    pattern = Pattern(day, "week", SESSIONS, time(16), time(17))
    try:
        book_series(
            entitlement=held,
            location=held.location,
            pattern=pattern,
            title="Weekly tuning hour",
            by=stage.csams["mara.keller"],
            now=now,
        )
    except Refused:
        return False
    return True


def _logs(stage: Stage, held: Entitlement, now: datetime) -> None:
    for number, note in enumerate(NOTES):
        log_hours(
            entitlement=held,
            worked_on=_business_day(held, stage.day(-2 - 4 * number), step=-1),
            minutes=60 + 30 * number,
            note=note,
            by=stage.csams["mara.keller"],
            now=now,
        )

    wrong = log_hours(
        entitlement=held,
        worked_on=_business_day(held, stage.day(-3), step=-1),
        minutes=30,
        note="Handover call",
        by=stage.csams["mara.keller"],
        now=now,
    )
    take_back_hours(
        log=wrong, reason="Was part of the session", by=stage.csams["mara.keller"], now=now
    )


def _business_day(held: Entitlement, day: date, *, step: int) -> date:
    hours = business_hours(held.location)
    while not is_business_day(hours, day):
        day += timedelta(days=step)
    return day
