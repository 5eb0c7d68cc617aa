"""The cards of an incident about analyses, people and what is learnt afterwards."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.queries.calendars import business_hours
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.wording import formats
from incidents.models import (
    AnalysisMaterial,
    EngineerTime,
    FollowUp,
    Incident,
    IncidentAssignment,
    IncidentReview,
    Problem,
    RootCauseAnalysis,
)
from incidents.queries.aftermath import problems_for
from incidents.queries.engineers import Hours, designated_hours, requestable_roles
from incidents.queries.names import Names
from incidents.rules.roles import engineer_takes_part_from
from incidents.wording.people import CHARGES, MATERIAL, REQUESTERS, role_words, track_words


@dataclass(frozen=True, slots=True)
class Handed:
    """A piece of material by name."""

    row: AnalysisMaterial
    words: str


@dataclass(frozen=True, slots=True)
class AskedAnalysis:
    """An analysis that was asked for, in words."""

    row: RootCauseAnalysis
    track: str
    charge: str
    requester: str
    fee: str
    material: tuple[Handed, ...]

    @property
    def handed_in(self) -> tuple[int, int]:
        """How many pieces of the material are handed in, of how many."""
        done = sum(1 for one in self.material if one.row.handed_in_at is not None)
        return done, len(self.material)

    @property
    def waits_for_fee(self) -> bool:
        """A fee is quoted and not agreed yet."""
        return bool(self.row.quote_minor) and self.row.agreed_at is None


@dataclass(frozen=True, slots=True)
class Person:
    """A role that joins, by name, and how it stands."""

    assignment: IncidentAssignment
    name: str
    chart: str
    is_late: bool
    begins_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EngineerCard:
    """The designated engineer's hours and what this incident took of them."""

    hours: tuple[Hours, ...]
    entries: tuple[EngineerTime, ...]

    @property
    def left(self) -> int:
        """Minutes left over all entitlements."""
        return sum(one.left for one in self.hours)

    @property
    def granted(self) -> int:
        """Minutes bought over all entitlements."""
        return sum(one.granted for one in self.hours)

    @property
    def used_here(self) -> int:
        """Minutes that this incident took."""
        return sum(one.minutes for one in self.entries)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What is learnt: the review, the actions, the problems that it belongs to."""

    review: IncidentReview | None
    participants: tuple[str, ...]
    follow_ups: tuple[FollowUp, ...]
    problems: tuple[Problem, ...]
    may_be_added: bool


def asked_analyses(incident: Incident) -> tuple[AskedAnalysis, ...]:
    """Every analysis of the incident, with what the customer hands in."""
    currency = incident.order.currency
    return tuple(
        AskedAnalysis(
            row,
            track_words(row.track),
            str(CHARGES[row.charge]),
            str(REQUESTERS.get(row.requester, row.requester)),
            "" if row.quote_minor is None else formats.money(Money(row.quote_minor, currency)),
            tuple(Handed(one, str(MATERIAL.get(one.code, one.code))) for one in row.material.all()),
        )
        for row in incident.analyses.prefetch_related("material").select_related(
            "asked_by", "problem"
        )
    )


def people_of(incident: Incident, names: Names, now: datetime) -> list[Person]:
    """Roles that join, and whether a time to assign them has passed."""
    until = incident.closed_at or now
    return [
        Person(
            one,
            role_words(one.role, names),
            names.chart(one.chart_code) if one.chart_code else "",
            is_late=one.due_at is not None and (one.assigned_at or until) > one.due_at,
            begins_at=_begins(incident, one),
        )
        for one in incident.assignments.all()
    ]


def _begins(incident: Incident, role: IncidentAssignment) -> datetime | None:
    """When the designated engineer begins, where that isn't at once (2.5-RD15)."""
    joined = role.assigned_at or (incident.submitted_at if role.automatic else None)
    if role.role != "rede_engineer" or joined is None:
        return None
    begins = engineer_takes_part_from(business_hours(incident.location), joined)
    return begins if begins > joined else None


def engineer_card(incident: Incident, now: datetime) -> EngineerCard | None:
    """The engineer's hours, where the engineer takes part."""
    if not any(one.role == "rede_engineer" for one in incident.assignments.all()):
        return None
    today = local_date(now, incident.location.time_zone)
    return EngineerCard(
        tuple(designated_hours(incident, on=today)), tuple(incident.engineer_time.all())
    )


def afterwards_of(incident: Incident, names: Names, *, seen_by: User) -> Afterwards:
    """What follows from the incident so far."""
    manages = seen_by.manages_agreements
    review = IncidentReview.objects.filter(incident=incident).first()
    return Afterwards(
        review,
        tuple(role_words(one, names) for one in review.participants) if review else (),
        tuple(incident.follow_ups.select_related("activity")),
        tuple(incident.problems.all()),
        may_be_added=manages and problems_for(incident, seen_by=seen_by).exists(),
    )


def may_ask_to_join(incident: Incident) -> bool:
    """Whether anybody is left whom one could ask to join."""
    return incident.closed_at is None and bool(requestable_roles(incident))
