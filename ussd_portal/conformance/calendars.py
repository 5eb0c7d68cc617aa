"""The business hours of a case."""

from collections.abc import Iterable
from datetime import date, time

from accounts.queries.calendars import weekend_days
from accounts.rules.business_time import BusinessHours
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.words import Words, a_date


def hours_of(words: Words, zone: str) -> BusinessHours:
    """Business hours in `zone`: those of the edition where the case names none of its own.

    No weekend means Saturday and Sunday, no holidays or make-up days none; an explicit null is an empty
    list.
    """
    opens, closes = _hours(words)
    return BusinessHours(
        zone=zone,
        opens=opens,
        closes=closes,
        weekend=_weekend(_list(words, "weekend", ("sat", "sun"))),
        holidays=_days(words, "holidays"),
        working_days=_days(words, "working_days"),
    )


def _weekend(days: tuple[str, ...]) -> frozenset[int]:
    try:
        return weekend_days(",".join(days))
    except ValueError:
        raise ValueError(f"not a weekend: {', '.join(days)}") from None


def zone_of(words: Words, *keys: str) -> str:
    """The zone under the first of `keys` that names one, else UTC."""
    return next((str(words[key]) for key in keys if words.get(key)), "UTC")


def _hours(words: Words) -> tuple[time, time]:
    own = words.get("business_hours")
    if own:
        opens, closes = (time.fromisoformat(str(wall)) for wall in own)
        return opens, closes
    standard = shipped_edition().terms.business_hours
    return _wall(standard.opens_minute), _wall(standard.closes_minute)


def _wall(minute: int) -> time:
    hours, minutes = divmod(minute, 60)
    return time(hours, minutes)


def _days(words: Words, key: str) -> frozenset[date]:
    return frozenset(a_date(day) for day in _list(words, key, ()))


def _list(words: Words, key: str, default: Iterable[str]) -> tuple[str, ...]:
    value = words.get(key, default)
    return tuple(str(item) for item in value or ())
