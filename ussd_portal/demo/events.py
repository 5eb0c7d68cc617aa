"""Play Azure events: one that is over, with its risks settled, and one ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.actions.aftermath import close_event_summary
from incidents.models import EventSummary
from incidents.queries.aftermath import summary_of
from services.scheduling import actions
from services.scheduling.models import Booking, EventRisk
from services.scheduling.rules.events import EventPlan
from ussd_portal.demo import script
from ussd_portal.demo.portfolio import Stage
from ussd_portal.demo.shapes import Org
from workorders.models import Deadline, Entitlement

Owner = Deadline.Owner
OFFERING = "azure-event-mcs"
SUMMARY = "The window held: load peaked at 1.6 times the usual, nothing was opened."


@dataclass(frozen=True)
class Risk:
    """A risk; `settled` says how it ended, None that it is open."""

    area: str
    title: str
    advice: str
    owner: str
    owner_name: str
    settled: str = ""
    note: str = ""


@dataclass(frozen=True)
class Event:
    """An activity; days from today. Without `confirmed` the confirmation is still due."""

    goal: str
    solution: str
    scope: str
    kind: str
    first: int
    days: int
    planned: int
    risks: tuple[Risk, ...]
    confirmed: int | None = None


EVENTS = {
    "Tailspin Energy": (
        Event(
            "Heat-wave tariff goes live", "Metering portal", "tailspin-metering-prod", "load",
            -21, 4, -75,
            (
                Risk("capacity", "Meter ingestion is sized for twice the usual load",
                     "Raise the event hub to ten units for the week", Owner.CUSTOMER,
                     "Chloe Nguyen", "mitigated", "Ten units since the day before"),
                Risk("resiliency", "One region only", "Fail over to Melbourne by hand",
                     Owner.CUSTOMER, "Chloe Nguyen", "accepted", "Runbook is enough this year"),
            ),
            confirmed=-70,
        ),
        Event(
            "Grid switchover", "Grid control", "tailspin-grid-prod, tailspin-grid-shared",
            "migration", 51, 7, -3,
            (
                Risk("uptime", "Control database without zone redundancy",
                     "Switch zone redundancy on before the rehearsal", Owner.CUSTOMER,
                     "Chloe Nguyen"),
                Risk("capacity", "No quota for the second scale set in Australia East",
                     "Quota request with the capacity team", Owner.MICROSOFT, "Event team"),
                Risk("stability", "Certificates of the gateways expire in the window",
                     "Renew them a week ahead", Owner.CUSTOMER, "Ben Walsh", "mitigated",
                     "Renewed until next year"),
            ),
        ),
    ),
}  # fmt: skip


def play_events(stage: Stage) -> None:
    """The events of the customers on stage."""
    for org in script.PORTFOLIO:
        for event in EVENTS.get(org.name, ()) if org.name in stage.customers else ():
            _event(stage, org, event)


def give_summaries(stage: Stage, *, now: datetime) -> None:
    """The summary of every window that is over and in which nothing is open any more."""
    for summary in EventSummary.objects.filter(closed_at=None).select_related("booking"):
        if summary_of(summary.booking).ready_to_close:
            close_event_summary(
                summary=summary,
                text=SUMMARY,
                by=summary.booking.booked_by,
                now=min(now, summary.booking.ends_at + timedelta(days=2)),
            )


def _event(stage: Stage, org: Org, event: Event) -> None:
    by = stage.csams[org.csam]
    held = Entitlement.objects.select_related("location", "order").get(
        order__customer=stage.customers[org.name], offering__code=OFFERING
    )
    plan = EventPlan(
        first_day=stage.day(event.first),
        last_day=stage.day(event.first + event.days - 1),
        solutions=[event.solution],
        kind=event.kind,
        goal=event.goal,
        scope=event.scope,
    )
    booking = actions.plan_event(
        entitlement=held, plan=plan, by=by, now=stage.moment(event.planned)
    )[0]
    if event.confirmed is not None:
        actions.confirm_event(
            booking=booking,
            confirmed_on=stage.day(event.confirmed),
            by=by,
            now=stage.moment(event.confirmed, 15),
        )
    _risks(stage, org, event, booking)
    if event.first + event.days < 0:
        actions.deliver_booking(booking=booking, by=by, now=booking.ends_at + timedelta(hours=9))


def _risks(stage: Stage, org: Org, event: Event, booking: Booking) -> None:
    """Found a day after planning, told the same day; settled ones a day later."""
    by = stage.csams[org.csam]
    found: list[tuple[Risk, EventRisk]] = [
        (
            risk,
            actions.record_risk(
                booking=booking,
                area=risk.area,
                title=risk.title,
                advice=risk.advice,
                owner=risk.owner,
                owner_name=risk.owner_name,
                by=by,
                now=stage.moment(event.planned + 1),
            ),
        )
        for risk in event.risks
    ]
    actions.tell_risks(booking=booking, by=by, now=stage.moment(event.planned + 1, 10))
    for risk, row in found:
        if risk.settled:
            actions.settle_risk(
                risk=row,
                settled_as=risk.settled,
                note=risk.note,
                by=stage.people[org.administrator[1]],
                now=stage.moment(event.planned + 2),
            )
