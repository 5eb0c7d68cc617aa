"""What a booking's enrolment begins with: by seat or not, capacity, decision day."""

from datetime import date, datetime

from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from services.catalog.rules.offering import OfferingFacts
from services.scheduling.queries.proposals import Proposal
from services.scheduling.rules.seats import decision_day
from workorders.models import Entitlement
from workorders.models.orders import Unit

WORKSHOP_SALE = "attendee_or_dedicated"


def holds_enrolment(facts: OfferingFacts) -> bool:
    """Whether attendees are enrolled: what is sold by attendee or as a delivery of its own."""
    return facts.unit_of_sale == WORKSHOP_SALE


def is_by_seat(entitlement: Entitlement) -> bool:
    """Whether each unit of it is the seat of one attendee (2.3-TR8)."""
    line = entitlement.line
    return entitlement.unit == Unit.ATTENDEE or bool(line and line.sold_as == "attendee")


def capacity_of(proposal: Proposal) -> int | None:
    """How many can take part; by seat as many as are set aside, else what was planned."""
    if is_by_seat(proposal.entitlement):
        return proposal.attendees or proposal.quantity
    return proposal.attendees or None


def decision_of(proposal: Proposal, now: datetime) -> Explained[date]:
    """The last day on which to decide whether it takes place; refuses as the rule does."""
    free = proposal.free_until
    return decision_day(
        starts_on=proposal.first_date,
        free_until=free.result if free else None,
        today=local_date(now, proposal.zone),
        minimum=proposal.minimum_attendees or 0,
        chosen=proposal.decide_on,
        zone=proposal.zone,
    )
