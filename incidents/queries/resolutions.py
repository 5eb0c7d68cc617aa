"""What would apply to a submission: the chart, the target, the charts that lost and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from accounts.queries.calendars import business_hours
from accounts.rules.business_time import BusinessHours
from accounts.rules.explained import Explained, OtherReading
from incidents.queries.charts import charts_of
from incidents.queries.situations import (
    Agreement,
    Submission,
    agreement_of,
    designated_products,
    situation_of,
)
from incidents.rules.candidacy import Situation
from incidents.rules.charts import ChartFacts, Target, target_in
from incidents.rules.clock import response_due, share_instant
from incidents.rules.opening import rede_joins
from incidents.rules.resolver import AssignedRole, ChartOutcome, Resolution, resolve
from services.catalog.queries import terms_of

NEAR_PERCENT = 75
REDE_ROLE = "rede_engineer"
# Tests that the person who submits, or the agreement's people, can still meet.
MENDABLE: frozenset[str] = frozenset(
    {
        "channel",
        "keyword_missing",
        "gate_closed",
        "subscription_not_enrolled",
        "tenant_not_listed",
        "outside_window",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison with the instant at which that chart's target would end."""

    outcome: ChartOutcome
    due_at: datetime | None

    def as_data(self) -> dict[str, Any]:
        """JSON-ready; the rest of the line stands in the resolution."""
        return {"due_at": self.due_at.isoformat() if self.due_at else None}


@dataclass(frozen=True, slots=True)
class Missed:
    """A faster chart that is held and fails one test that could be met."""

    chart: str
    reason: str
    minutes: int
    outcome: ChartOutcome


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answer shown before submission and stored with the incident."""

    submission: Submission
    agreement: Agreement
    situation: Situation
    resolution: Resolution
    hours: BusinessHours
    counted_from: datetime
    due: Explained[datetime]
    near_at: datetime
    lines: tuple[Line, ...]
    missed: tuple[Missed, ...]
    roles: tuple[AssignedRole, ...]

    def as_data(self) -> dict[str, Any]:
        """The resolution with the instant of each line, for the incident that keeps it."""
        data = self.resolution.as_data()
        for entry, line in zip(data["table"], self.lines, strict=True):
            entry.update(line.as_data())
        return {**data, "counted_from": self.counted_from.isoformat()}


def resolve_submission(
    submission: Submission,
    agreement: Agreement | None = None,
    *,
    counted_from: datetime | None = None,
) -> Resolved | None:
    """What applies to the submission; None where no base package is in force.

    The target counts from submission, or from `counted_from` after a change of severity,
    in the business hours of the contact's location (0-C13).
    """
    agreement = agreement or agreement_of(submission)
    if agreement is None:
        return None
    start = counted_from or submission.submitted_at
    charts = charts_of(agreement.edition)
    situation = situation_of(submission, agreement)
    resolution = resolve(charts, situation, terms_of(agreement.edition).readings.chart)
    hours = business_hours(submission.location)
    due = _due(resolution, start, hours)
    return Resolved(
        submission=submission,
        agreement=agreement,
        situation=situation,
        resolution=resolution,
        hours=hours,
        counted_from=start,
        due=due,
        near_at=share_instant(
            resolution.clock,
            NEAR_PERCENT,
            counted_from=start,
            due_at=due.result,
            hours=hours,
        ),
        lines=tuple(_line(outcome, start, hours) for outcome in resolution.table),
        missed=tuple(_missed(charts, resolution)),
        roles=(*resolution.assigned, *_designated(submission, agreement, situation)),
    )


def _due(resolution: Resolution, start: datetime, hours: BusinessHours) -> Explained[datetime]:
    """The target's end, with what the other reading of 0-C14 gives."""
    due = response_due(resolution.target, resolution.clock, counted_from=start, hours=hours)
    if resolution.other is None or len(resolution.candidates) == 1:
        return due
    other = response_due(
        Target(resolution.other.minutes), resolution.clock, counted_from=start, hours=hours
    )
    return replace(
        due,
        readings=("0-C14", *due.readings),
        others=(OtherReading("0-C14", resolution.reading, resolution.other.reading, other.result),),
    )


def _line(outcome: ChartOutcome, start: datetime, hours: BusinessHours) -> Line:
    if outcome.minutes is None or outcome.clock is None:
        return Line(outcome, None)
    target = Target(outcome.minutes)
    return Line(
        outcome, response_due(target, outcome.clock, counted_from=start, hours=hours).result
    )


def _missed(charts: tuple[ChartFacts, ...], resolution: Resolution) -> Iterator[Missed]:
    """Charts that would have been faster but for one test that can be met."""
    known = {chart.code: chart for chart in charts}
    for outcome in resolution.table:
        row = known[outcome.chart].rows.get(resolution.row.severity)
        if outcome.reason not in MENDABLE or row is None:
            continue
        minutes = target_in(row, resolution.product_class).minutes
        if minutes < resolution.minutes:
            yield Missed(outcome.chart, outcome.reason, minutes, outcome)


def _designated(
    submission: Submission, agreement: Agreement, situation: Situation
) -> Iterator[AssignedRole]:
    """The designated engineer, who changes no times (2.5-RD14)."""
    joins = rede_joins(
        situation.component,
        products=designated_products(agreement),
        severity=submission.severity,
        requested=submission.designated_wanted,
    )
    if joins:
        yield AssignedRole(REDE_ROLE, "", True, None, ("2.5-RD5", "2.5-RD6"))
