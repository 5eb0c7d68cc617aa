"""What somebody asks of a plan."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

PER_WEEK, MOST_PER_WEEK = 2, 5
# Fourteen days ahead a booking can still be cancelled free of charge (2.7-T17).
LEAD_DAYS, MOST_LEAD_DAYS = 14, 365
MOST_DAYS = 20
# How pins and lengths are written in a query string.
PIN = re.compile(r"^(\d{1,18}):(\d{4}-\d{2}-\d{2})$")
LENGTH = re.compile(r"^(\d{1,18}):(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Pin:
    """A delivery that has to begin on that day."""

    entitlement: int
    on: date


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody asks of a plan. `days` is how long one delivery takes, by entitlement."""

    lead_days: int = LEAD_DAYS
    per_week: int = PER_WEEK
    pins: tuple[Pin, ...] = ()
    days: Mapping[int, int] = field(default_factory=dict)


def read_pins(texts: Sequence[str]) -> tuple[Pin, ...]:
    """``12:2026-12-10`` as fixed deliveries; anything else isn't read."""
    found = []
    for text in texts:
        if match := PIN.match(text):
            try:
                found.append(Pin(int(match[1]), date.fromisoformat(match[2])))
            except ValueError:
                continue
    return tuple(found)


def read_lengths(texts: Sequence[str]) -> dict[int, int]:
    """``12:3`` as days of one delivery by entitlement; anything else isn't read."""
    matches = (LENGTH.match(text) for text in texts)
    return {
        int(match[1]): min(int(match[2]), MOST_DAYS) for match in matches if match and int(match[2])
    }
