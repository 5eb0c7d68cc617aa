"""What will be used at the pace seen so far, and what will therefore lapse.

Everything is whole units of one kind: deliveries, minutes, credits. A day ahead counts from
today, which belongs to the future; history ends with yesterday.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from accounts.rules.explained import Explained

Confidence: TypeAlias = Literal["certain", "good", "fair", "weak"]
Basis: TypeAlias = Literal["cutoff_passed", "history", "unused", "no_history", "no_pace"]

# How far back history counts: what a customer did before is no measure for today.
WINDOW = timedelta(days=365)
# From how many days and uses on a pace is worth how much trust. All of them inclusive.
GOOD_DAYS, GOOD_USES = 180, 5
FAIR_DAYS, FAIR_USES = 90, 2


@dataclass(frozen=True, slots=True)
class History:
    """What was used: `units` in `uses` acts, over `days` days on which it could be used."""

    units: int = 0
    uses: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """Something that can be used from `first_day` to `last_day`, both included.

    `left` is neither used nor booked; `asked` of it was requested in time and waits for
    an answer. `request_until` is the last day for further requests; None: no day binds.
    `grain` is how many units are the least that is worth expecting: an hour of minutes.
    """

    left: int
    booked: int
    asked: int
    first_day: date
    last_day: date
    request_until: date | None = None
    is_flex: bool = False
    grain: int = 1


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a forecast can be relied on, and what that rests on."""

    level: Confidence
    basis: Basis


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of what is left: `requestable` at most, `expected` at the pace, the rest lapses.

    `lapsing` explains itself.
    """

    requestable: int
    expected: int
    lapsing: Explained[int]
    trust: Trust


def counted_since(today: date) -> date:
    """The first day whose use counts as history: 365 days ago.

    Clause: 2.7-T10
    """
    return today - WINDOW


def days_seen(periods: Iterable[tuple[date, date]], *, today: date) -> int:
    """On how many days of history it could be used: those that some of the periods covers.

    Both ends of a period belong to it; a day counts once, however many cover it; the
    last is yesterday.

    Clause: 2.7-T10, 0-C16
    """
    days, reached = 0, counted_since(today)
    for first, last in sorted(periods):
        begin, end = max(first, reached), min(last + timedelta(days=1), today)
        if begin < end:
            days += (end - begin).days
            reached = end
    return days


def used_at_pace(history: History, *, first: date, last: date) -> int:
    """How many units the pace of `history` uses from `first` to `last`, both included.

    Units used, divided by the days seen, times the days ahead; cut off, because a part of
    a delivery delivers nothing. Nothing without history, or when `last` comes before `first`.

    Clause: 2.7-T10
    """
    days = (last - first).days + 1
    if history.days < 1 or days < 1:
        return 0
    return history.units * days // history.days


def trust_in(history: History, *, cutoff_passed: bool = False) -> Trust:
    """How far the pace can be relied on, in words.

    Certain once the last day for requests is over: then it can't be used any more
    (staff may still accept a late request). Good from 180 days and 5 uses on, fair from
    90 days and 2 uses on, or when nothing was used in 180 days. Weak otherwise.

    Clause: 2.8-C20, 2.7-T10
    """
    if cutoff_passed:
        return Trust("certain", "cutoff_passed")
    if history.days < 1:
        return Trust("weak", "no_history")
    if not history.units:
        return Trust("fair" if history.days >= GOOD_DAYS else "weak", "unused")
    if history.days >= GOOD_DAYS and history.uses >= GOOD_USES:
        return Trust("good", "history")
    if history.days >= FAIR_DAYS and history.uses >= FAIR_USES:
        return Trust("fair", "history")
    return Trust("weak", "history")


def outlooks(history: History, holdings: Sequence[Holding], *, today: date) -> tuple[Outlook, ...]:
    """What becomes of several holdings of one kind that share one pace, in the order given.

    The first to lapse uses the pace first; what comes later has the days that remain. Of
    what is left, those are expected to be used that the pace both requests by the last day
    for requests and delivers by the last day of use, beyond what is booked, cut off to the
    grain; what was asked for in time is expected in any case. The rest lapses. After the last day for requests
    only what was asked for can still be used. Raises `ValueError` for negative units.

    Clause: 2.7-T10, 2.2-F4, 2.8-C20, X-29
    """
    found: dict[int, Outlook] = {}
    free = today
    by_end = sorted(
        range(len(holdings)), key=lambda at: (holdings[at].last_day, holdings[at].first_day, at)
    )
    for at in by_end:
        holding = holdings[at]
        if min(holding.left, holding.booked, holding.asked) < 0:
            raise ValueError("nobody holds less than nothing")
        found[at] = _outlook(history, holding, free=free, today=today)
        free = _free_after(history, holding, found[at].expected, free=free)
    return tuple(found[at] for at in range(len(holdings)))


def _outlook(history: History, holding: Holding, *, free: date, today: date) -> Outlook:
    asked = min(holding.asked, holding.left)
    passed = holding.request_until is not None and today > holding.request_until
    start = max(free, holding.first_day)
    steps: list[tuple[str, object]] = []
    if passed:
        requestable = expected = asked
    else:
        requestable = holding.left
        delivered = used_at_pace(history, first=start, last=holding.last_day)
        steps += [
            ("days_to_use", max((holding.last_day - start).days + 1, 0)),
            ("used_at_pace", delivered),
            ("booked_of_it", holding.booked),
        ]
        more = max(delivered - holding.booked, 0)
        if holding.request_until is not None:
            requests = asked + used_at_pace(history, first=free, last=holding.request_until)
            steps.append(("requested_at_pace", requests))
            more = min(more, requests)
        more -= more % holding.grain
        expected = min(holding.left, max(asked, more))
    steps.append(("expected_used", expected))
    lapsing = Explained(
        holding.left - expected,
        inputs=(
            ("left", holding.left),
            ("asked_in_time", asked),
            ("units_used", history.units),
            ("uses", history.uses),
            ("days_seen", history.days),
            ("request_until", holding.request_until),
            ("usable_until", holding.last_day),
        ),
        steps=(*steps, ("will_lapse", holding.left - expected)),
        clauses=(
            *(("2.2-F4",) if holding.is_flex else ("2.7-T10",)),
            *(("2.8-C20",) if holding.request_until else ()),
        ),
        readings=("X-29",) if holding.is_flex else (),
    )
    return Outlook(requestable, expected, lapsing, trust_in(history, cutoff_passed=passed))


def _free_after(history: History, holding: Holding, expected: int, *, free: date) -> date:
    """The day from which the pace is free for what lapses later."""
    used = holding.booked + expected
    start = max(free, holding.first_day)
    if not used or not history.units or start > holding.last_day:
        return free
    days = -(-used * history.days // history.units)
    return min(start + timedelta(days=days), holding.last_day + timedelta(days=1))
