"""When a support location is open: its hours, weekend, national and own holidays."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from holidays.registry import COUNTRIES

from accounts.models import Location, LocationHoliday
from accounts.rules.business_time import BusinessHours
from accounts.wording.holidays import holiday_words

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The years for which national holidays are looked up: agreements in force, those before
# them and what is being planned.
FIRST_YEAR, LAST_YEAR = 2018, 2035


def business_hours(location: Location) -> BusinessHours:
    """The location's business hours; own holidays and working days win over national ones.

    Own rows are read with one query unless prefetched as `own_holidays`.
    """
    days_off, worked = national_days(
        location.country if location.national_holidays else "", location.subdivision
    )
    for own in location.own_holidays.all():
        (days_off, worked) = (
            (days_off - {own.on}, worked | {own.on})
            if own.is_working_day
            else (days_off | {own.on}, worked - {own.on})
        )
    return BusinessHours(
        zone=location.time_zone,
        opens=location.opens,
        closes=location.closes,
        weekend=weekend_days(location.weekend),
        holidays=days_off,
        working_days=worked,
    )


def weekend_days(text: str) -> frozenset[int]:
    """``"fri,sat"`` as weekdays, Monday being 0; unknown words raise `ValueError`."""
    return frozenset(WEEKDAYS.index(word.strip()) for word in text.split(",") if word.strip())


@lru_cache(maxsize=128)
def national_days(country: str, subdivision: str) -> tuple[frozenset[date], frozenset[date]]:
    """National holidays and make-up working days; nothing for an unknown country."""
    calendar = _calendar(country, subdivision)
    if calendar is None:
        return frozenset(), frozenset()
    worked = frozenset(getattr(calendar, "weekend_workdays", ()))
    return frozenset(calendar) - worked, worked


@lru_cache(maxsize=128)
def holiday_names(country: str, subdivision: str, year: int, language: str) -> dict[date, str]:
    """The names of one year's national holidays, in the language if the country has it."""
    spoken = {"en": "en_US", "zh-hans": "zh_CN"}.get(language, "en_US")
    calendar = _calendar(country, subdivision, years=(year,), language=spoken)
    return dict(calendar) if calendar is not None else {}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from the ordinary week; `own` is the location's own entry, if any."""

    on: date
    name: str
    works: bool
    own: LocationHoliday | None = None


def special_days(location: Location, year: int, language: str) -> list[Day]:
    """One year's holidays and working days of a location, own entries winning, in order."""
    days: dict[date, Day] = {}
    if location.national_holidays:
        named = holiday_names(location.country, location.subdivision, year, language)
        days = {on: Day(on, holiday_words(name), works=False) for on, name in named.items()}
        _off, worked = national_days(location.country, location.subdivision)
        days |= {on: Day(on, "", works=True) for on in worked if on.year == year}
    for own in location.own_holidays.all():
        if own.on.year == year:
            days[own.on] = Day(own.on, own.name, own.is_working_day, own)
    return [days[on] for on in sorted(days)]


def _calendar(
    country: str,
    subdivision: str,
    *,
    years: tuple[int, ...] = tuple(range(FIRST_YEAR, LAST_YEAR + 1)),
    language: str | None = None,
) -> holidays.HolidayBase | None:
    if country not in SUPPORTED:
        return None
    known = holidays.list_supported_countries().get(country, [])
    return holidays.country_holidays(
        country,
        subdiv=subdivision if subdivision in known else None,
        years=years,
        language=language,
    )


SUPPORTED = frozenset(code for names in COUNTRIES.values() for code in names[1:2])
