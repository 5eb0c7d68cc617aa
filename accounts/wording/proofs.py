"""An explained value as the proof card shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules.calendar_days import end_of_day
from accounts.rules.money import Money
from accounts.wording import formats
from accounts.wording.labels import label

NUMBER = re.compile(r"-?\d+(\.\d+)?$")
QUOTIENT = re.compile(r"-?\d+/\d+$")
PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class OtherWay:
    """A reading that was chosen, the other one, and what the other gives, in words."""

    reading: str
    chosen: str
    other: str
    result: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Result, clauses, inputs, arithmetic, zone and readings, all in words.

    `readings` are those between which nobody can choose; `others` tells of the rest.

    `result_short` is a date without its time, to stand under the arithmetic.
    """

    result: str
    result_short: str
    result_note: str
    clauses: list[str]
    inputs: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    zone: str
    zone_note: str
    readings: list[str]
    others: list[OtherWay]


def proof_of(explained: Mapping[str, Any]) -> Proof:
    """The view of `Explained.as_data()` in the reader's language."""
    zone = explained.get("zone", "")
    result = explained.get("result")
    short = write(result, zone=zone)
    steps = [(label(name), write(value, name, zone)) for name, value in explained.get("steps", ())]
    if steps and steps[-1][1] == short:  # the last step is the result: said once, as the sum
        steps = steps[:-1]
    moment = _moment_of(result, zone)
    others = [_other_way(one, zone) for one in explained.get("others", ())]
    chosen = {one.reading for one in others}
    return Proof(
        result=formats.instant(moment, zone, year=True, seconds=_is_day(result))
        if moment and zone
        else short,
        result_short=short,
        result_note=_("The last instant that counts as in time.")
        if _is_day(result) and zone
        else "",
        clauses=list(explained.get("clauses", ())),
        inputs=[
            (label(name), write(value, name, zone)) for name, value in explained.get("inputs", ())
        ],
        steps=steps,
        zone=zone,
        zone_note=_zone_note(moment, zone) if moment and zone else "",
        readings=[one for one in explained.get("readings", ()) if one not in chosen],
        others=others,
    )


def _other_way(kept: Mapping[str, Any], zone: str) -> OtherWay:
    moment = _moment_of(kept["result"], zone)
    told = formats.instant(moment, zone, year=True) if moment and zone else ""
    return OtherWay(
        kept["reading"],
        label(kept["chosen"]),
        label(kept["other"]),
        told if told and not _is_day(kept["result"]) else write(kept["result"], zone=zone),
    )


def write(value: Any, name: str = "", zone: str = "") -> str:
    """A kept value in words: dates, money, lists; figures with the unit that `name` tells."""
    match value:
        case None | "":
            return "–"
        case bool():
            return label("yes" if value else "no")
        case int():
            return _counted(value, name)
        case {"amount": amount, "currency": currency}:
            return formats.money(Money.of(amount, currency))
        case list():
            return _listed(value, zone)
        case str() if name.endswith("percent") and NUMBER.match(value):
            return formats.share(Decimal(value))
        case str():
            return _text(value, zone)
    return str(value)


def _counted(value: int, name: str) -> str:
    if name.endswith("percent"):
        return formats.share(value)
    if name.endswith("minutes"):
        return formats.duration(value)
    if name.endswith("business_days"):
        return ngettext("%(count)s business day", "%(count)s business days", value) % {
            "count": formats.number(value)
        }
    if name.endswith(("days", "_days_before_end", "days_before_end", "days_after")):
        return ngettext("%(count)s day", "%(count)s days", value) % {"count": formats.number(value)}
    if name.endswith("weeks"):
        return ngettext("%(count)s week", "%(count)s weeks", value) % {
            "count": formats.number(value)
        }
    return formats.number(value)


def _listed(value: list[Any], zone: str) -> str:
    spans = [one for one in value if isinstance(one, list) and len(one) == 2]
    if value and len(spans) == len(value):
        words = [f"{write(start, zone=zone)} → {write(end, zone=zone)}" for start, end in spans]
        return "\n".join(words)
    return ("、" if formats.is_chinese() else ", ").join(write(item, zone=zone) for item in value)


def _text(value: str, zone: str) -> str:
    if (day := _as_date(value)) is not None:
        return formats.day(day)
    if (moment := _as_instant(value)) is not None:
        return formats.instant(moment, zone or formats.current_zone(), year=True)
    if NUMBER.match(value):
        return formats.number(Decimal(value))
    if QUOTIENT.match(value):
        exact = Fraction(value)
        shown = (Decimal(exact.numerator) / exact.denominator).quantize(PLACES).normalize()
        return f"≈ {formats.number(shown)}"
    return label(value)


def _zone_note(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    offset, short = formats.utc_offset(local), local.tzname() or ""
    named = formats.beside(short, offset) if short.isalpha() and short != offset else offset
    return _("%(offset)s on that day") % {"offset": named}


def _moment_of(value: Any, zone: str) -> datetime | None:
    day = _as_date(value)
    if day is not None:
        return end_of_day(day, zone) if zone else None
    return _as_instant(value)


def _is_day(value: Any) -> bool:
    return _as_date(value) is not None


def _as_date(value: Any) -> date | None:
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _as_instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or len(value) < 19 or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
