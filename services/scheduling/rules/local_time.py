"""From a wall clock at the delivery location to an instant, without guessing."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused


def local_instant(
    day: date, clock: time, zone: str, *, field: str = "", second: bool | None = None
) -> datetime:
    """The instant at which the clocks of `zone` show `clock` on `day`, in UTC.

    When clocks go forward some times are left out: refused (`local_time_missing`), with
    the first time that exists. When they go back some come twice: `second` says which of
    the two is meant, and without it they are refused (`local_time_ambiguous`), with both.
    To the second; seconds below a minute are kept.

    Clause: 0-C7, 0-C13
    """
    place = ZoneInfo(zone)
    first, later = (datetime.combine(day, clock, place).replace(fold=fold) for fold in (0, 1))
    if first.utcoffset() == later.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC) > later.astimezone(UTC):
        # In a gap the earlier offset gives the later instant; both lie outside the gap.
        raise Refused(
            "local_time_missing",
            clause="0-C7, 0-C13",
            field=field,
            day=day,
            zone=zone,
            next_time=first.astimezone(UTC).astimezone(place).time(),
        )
    if second is None:
        raise Refused(
            "local_time_ambiguous",
            clause="0-C7, 0-C13",
            field=field,
            day=day,
            zone=zone,
            first=first.isoformat(),
            second=later.isoformat(),
            first_offset=_offset(first),
            second_offset=_offset(later),
        )
    return (later if second else first).astimezone(UTC)


def _offset(instant: datetime) -> str:
    """``UTC+02:00``."""
    shift = f"{instant:%z}"
    return f"UTC{shift[:3]}:{shift[3:5]}"
