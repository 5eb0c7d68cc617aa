"""Which duties the customer missed, and which transition the chart offers then."""

from dataclasses import dataclass
from datetime import datetime

from incidents.models import Incident, IncidentDuty
from incidents.queries.charts import charts_of
from incidents.rules.charts import ChartFacts
from incidents.rules.conduct import Step, offered_step
from incidents.rules.pauses import Interval


@dataclass(frozen=True, slots=True)
class Offer:
    """A transition that may follow now, and the duties because of which it may."""

    step: Step
    clauses: tuple[str, ...]
    duties: tuple[IncidentDuty, ...]


def governing_chart(incident: Incident) -> ChartFacts:
    """The chart that governs the incident at its severity: its footnote is the one that counts."""
    code = incident.resolution["chart"]
    return next(one for one in charts_of(incident.order.edition) if one.code == code)


def missed_duties(incident: Incident, now: datetime) -> tuple[IncidentDuty, ...]:
    """Duties that stand unmet at `now` past their time, or that the customer couldn't do."""
    return tuple(duty for duty in incident.duties.all() if is_missed(duty, now))


def is_missed(duty: IncidentDuty, now: datetime) -> bool:
    """Whether it is unmet and late, or on record as something the customer can't supply."""
    if duty.met_at is not None:
        return False
    if duty.failed_at is not None:
        return True
    late = duty.due_at is not None and duty.due_at < now
    return late and running_pause(duty) is None


def offer_of(incident: Incident, now: datetime) -> Offer | None:
    """What the portal offers, for people to decide; None while nothing was missed."""
    missed = missed_duties(incident, now)
    if not missed or incident.closed_at is not None:
        return None
    offered = offered_step(
        governing_chart(incident),
        incident.severity,
        missed=[duty.code for duty in missed],
        stepped_down=incident.stepped_down_at is not None,
    )
    return Offer(offered[0], offered[1], missed) if offered else None


def running_pause(duty: IncidentDuty) -> datetime | None:
    """Since when the duty is paused."""
    return next((one.paused_at for one in duty.pauses.all() if one.resumed_at is None), None)


def pauses_of(duty: IncidentDuty) -> tuple[Interval, ...]:
    """Its paused stretches that are over."""
    return tuple(
        (one.paused_at, one.resumed_at)
        for one in duty.pauses.all()
        if one.resumed_at is not None and one.resumed_at > one.paused_at
    )
