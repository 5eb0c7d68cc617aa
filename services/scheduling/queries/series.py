"""A series: what is left of it, what cancelling that costs, what stands against a new one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.rules.refusal import Refused
from services.scheduling.models import Booking, BookingQuerySet, Engineer, Series
from services.scheduling.queries.cancellations import Quote, quote
from services.scheduling.queries.engineers import engineer_objections
from services.scheduling.queries.objections import objections, without_late_request
from services.scheduling.queries.proposals import Proposal
from services.scheduling.rules.series import (
    Pattern,
    Session,
    check_apart,
    series_days,
    session_on,
)
from services.scheduling.wording.losses import Amount


@dataclass(frozen=True, slots=True)
class SeriesQuote:
    """What cancelling the rest costs: session by session, and the sum."""

    quotes: list[Quote]
    loss: Amount

    @property
    def costs_nothing(self) -> bool:
        """Every session can still be cancelled free of charge."""
        return all(one.outcome.costs_nothing for one in self.quotes)


def rest_of(series: Series, *, now: datetime) -> BookingQuerySet:
    """The sessions that stand and haven't begun, the next first."""
    return (
        Booking.objects.standing()
        .filter(series=series, starts_at__gt=now)
        .with_agreement()
        .order_by("starts_at", "pk")
    )


def series_quote(bookings: Sequence[Booking], *, now: datetime) -> SeriesQuote:
    """The cost of cancelling each of them at `now`; all are of one entitlement, so of one unit."""
    quotes = [quote(booking, now=now) for booking in bookings]
    first = quotes[0].loss
    return SeriesQuote(
        quotes, Amount(sum(one.loss.count for one in quotes), first.unit, first.is_money)
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """A day of a series: its session where the clock has one, and what stands against it."""

    day: date
    session: Session | None
    refusals: tuple[Refused, ...] = ()
    is_skipped: bool = False


def planned(pattern: Pattern, zone: str) -> list[Planned]:
    """Every day of the pattern, those left out too, with the refusals of the clock itself.

    Raises what stands against the pattern as a whole.
    """
    series_days(pattern)
    every_day = series_days(replace(pattern, skipped=frozenset()))
    return [_planned(pattern, day, zone) for day in every_day]


def _planned(pattern: Pattern, day: date, zone: str) -> Planned:
    if day in pattern.skipped:
        return Planned(day, None, is_skipped=True)
    try:
        return Planned(day, session_on(pattern, day, zone))
    except Refused as refusal:
        return Planned(day, None, (refusal,))


def overlap_in(days: Iterable[Planned]) -> Refused | None:
    """The first two sessions of the plan that overlap."""
    try:
        check_apart([one.session for one in days if one.session is not None])
    except Refused as refusal:
        return refusal
    return None


def weighed(
    days: Iterable[Planned],
    proposal: Proposal,
    engineers: Sequence[Engineer],
    *,
    now: datetime,
    late_is_fine: bool,
) -> list[Planned]:
    """The days with what stands against each session; whether enough is left isn't asked."""
    return [
        one
        if one.session is None
        else _weighed(one, one.session, proposal, engineers, now, late_is_fine)
        for one in days
    ]


def _weighed(
    day: Planned,
    session: Session,
    proposal: Proposal,
    engineers: Sequence[Engineer],
    now: datetime,
    late_is_fine: bool,
) -> Planned:
    at_its_time = replace(proposal, starts_at=session.starts_at, ends_at=session.ends_at)
    found = objections(at_its_time, now=now, in_stock=False)
    if late_is_fine:
        found = without_late_request(found)
    found += engineer_objections(engineers, session.starts_at, session.ends_at)
    return replace(day, refusals=tuple(found))
