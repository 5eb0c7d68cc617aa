"""What stays due when a scheduled service is cancelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, TypeAlias, TypeVar

from accounts.rules.explained import Explained
from accounts.rules.money import Money, half_up
from services.catalog.rules.terms import CancellationTerms

Party: TypeAlias = Literal["customer", "microsoft"]
Amount = TypeVar("Amount", Money, int)

READINGS = ("0-C1", "0-C13")


def cancellation_charge(
    terms: CancellationTerms,
    *,
    fee: Money,
    starts_on: date,
    cancelled_on: date,
    by: Party = "customer",
    zone: str = "",
) -> Explained[Money]:
    """The part of `fee` that stays due when a scheduled service is cancelled.

    Lead is counted in calendar days of the delivery location, whose `zone` this is; both
    ends of a tier belong to it. Notice after the start is a no-show and falls in the
    tier of the shortest leads. Cancelled by Microsoft, nothing is due. Rounded half up
    to the minor unit; the rest is given back.

    Clause: 2.7-T17, 2.7-T18, 2.7-T19, 2.7-T12, 0-C1, 0-C11, 0-C13
    """
    notice = _Notice(terms, starts_on, cancelled_on, by, zone)
    return notice.explained(fee, fee.share(notice.percent), "0-C11")


def units_kept(
    terms: CancellationTerms,
    *,
    units: int,
    starts_on: date,
    cancelled_on: date,
    by: Party = "customer",
    zone: str = "",
) -> Explained[int]:
    """The whole units (credits, minutes) that a cancellation keeps; the rest goes back.

    As `cancellation_charge`, with an exact half of a unit going up.

    Clause: 2.7-T17, 2.7-T18, 2.7-T19, 2.7-T12, 0-C1, 0-C10, 0-C13
    """
    notice = _Notice(terms, starts_on, cancelled_on, by, zone)
    return notice.explained(units, half_up(Fraction(units * notice.percent, 100)), "0-C10")


@dataclass(frozen=True, slots=True)
class CurveDay:
    """What cancelling on `day` costs."""

    day: date
    lead_days: int
    percent: int
    charge: Money


def cancellation_curve(
    terms: CancellationTerms, *, fee: Money, starts_on: date, first_day: date
) -> tuple[CurveDay, ...]:
    """The charge for each day of notice, from `first_day` to the day of the service.

    Empty when `first_day` comes after it.

    Clause: 2.7-T17, 2.7-T18, 2.7-T19, 0-C1, 0-C11
    """

    def days() -> Iterator[CurveDay]:
        for lead in range((starts_on - first_day).days, -1, -1):
            percent = terms.tier_for(lead).percent
            yield CurveDay(starts_on - timedelta(days=lead), lead, percent, fee.share(percent))

    return tuple(days())


@dataclass(frozen=True, slots=True)
class Band:
    """A tier in dates: notice from `first_day` (None: any time before) to `last_day` (None: later).

    `min_lead_days` is None in the tier of the shortest leads.
    """

    first_day: date | None
    last_day: date | None
    min_lead_days: int | None
    percent: int
    charge: Money
    clause: str


def cancellation_bands(
    terms: CancellationTerms, *, fee: Money, starts_on: date
) -> tuple[Band, ...]:
    """The tiers as periods of notice, the free one first.

    Clause: 2.7-T17, 2.7-T18, 2.7-T19, 0-C1, 0-C11
    """

    def bands() -> Iterator[Band]:
        first: date | None = None
        for tier in terms.tiers:
            lead = tier.min_lead_days
            last = None if lead is None else starts_on - timedelta(days=lead)
            yield Band(first, last, lead, tier.percent, fee.share(tier.percent), tier.clause)
            first = last and last + timedelta(days=1)

    return tuple(bands())


def last_free_day(
    terms: CancellationTerms, *, starts_on: date, zone: str = ""
) -> Explained[date] | None:
    """The last day of notice that costs nothing, or None if every day does.

    Where even the shortest lead is free, that is the day of the service.

    Clause: 2.7-T17, 0-C1, 0-C13
    """
    free = [tier for tier in terms.tiers if not tier.percent]
    if not free:
        return None
    lead = free[-1].min_lead_days or 0
    return Explained(
        starts_on - timedelta(days=lead),
        inputs=(("starts_on", starts_on),),
        steps=(("free_lead_days", lead),),
        clauses=_ids(free[-1].clause),
        readings=READINGS,
        zone=zone,
    )


@dataclass(frozen=True, slots=True)
class _Notice:
    """Notice of a cancellation, and the share of the fee that follows from it."""

    terms: CancellationTerms
    starts_on: date
    cancelled_on: date
    by: Party
    zone: str

    @property
    def lead_days(self) -> int:
        return (self.starts_on - self.cancelled_on).days

    @property
    def percent(self) -> int:
        return 0 if self.by == "microsoft" else self.terms.tier_for(self.lead_days).percent

    @property
    def clauses(self) -> tuple[str, ...]:
        if self.by == "microsoft":
            return ("2.7-T12", "2.7-T17")
        return _ids(self.terms.tier_for(self.lead_days).clause)

    def explained(self, whole: Amount, kept: Amount, rounding: str) -> Explained[Amount]:
        return Explained(
            kept,
            inputs=(
                ("fee", whole),
                ("starts_on", self.starts_on),
                ("cancelled_on", self.cancelled_on),
                ("cancelled_by", self.by),
            ),
            steps=(
                ("lead_days", self.lead_days),
                ("charged_percent", self.percent),
                ("given_back", whole - kept),
            ),
            clauses=self.clauses,
            readings=(*READINGS, rounding),
            zone=self.zone,
        )


def _ids(clause: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in clause.split(",") if part.strip())
