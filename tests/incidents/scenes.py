"""Agreements with programmes, and submissions under them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.models import Location
from accounts.rules.refusal import Refused
from incidents.models import Incident
from incidents.queries.resolutions import Resolved, resolve_submission
from incidents.queries.situations import Submission
from services.scheduling.models import Booking
from tests import factories
from workorders.models import LineAllocation, LineScope, WorkOrder, WorkOrderLine

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)
HTMX = {"HX-Request": "true"}
MCSAP, EVENT, SECURITY, ARR, UER, REDE = (
    "mcsap",
    "azure-event-mcs",
    "mcsfs-plus",
    "azure-rapid-response",
    "unified-enhanced-response",
    "reactive-enhanced-designated-engineering",
)
SUBSCRIPTION = ("subscription", "SUB-1")
# The three consequences of an early start, all acknowledged.
YES = {"signs_promptly": True, "pays_before_signature": True, "bears_risk": True}


def agreement(**fields) -> WorkOrder:
    """An executed order of the full edition with the base package alone, over 2026."""
    factories.published_edition()
    order = factories.draft(**fields)
    factories.line(order)
    return factories.executed(order)


def hold(
    order: WorkOrder, code: str, *scopes: tuple[str, str], at: Location | None = None, **fields
) -> WorkOrderLine:
    """A programme on the executed order, for its host, with `scopes`."""
    line = WorkOrderLine.objects.create(
        order=order,
        offering=factories.offering(code, order.edition),
        unit="each",
        funding="money",
        price_minor=100_000,
        position=90,
        **fields,
    )
    place = at or host_of(order)
    LineAllocation.objects.create(line=line, location=place, quantity=1)
    for kind, identifier in scopes:
        LineScope.objects.create(line=line, kind=kind, identifier=identifier)
    return line


def host_of(order: WorkOrder) -> Location:
    """The host location of the order."""
    return order.order_locations.get(location__role="host").location


def submission(order: WorkOrder, **fields) -> Submission:
    """Severity 1 on virtual machines, submitted in the portal at `NOW`."""
    name = fields.pop("component", "Azure Virtual Machines")
    values = {
        "customer": order.customer,
        "location": host_of(order),
        "component": factories.component(name, order.edition),
        "severity": "1",
        "channel": "portal",
        "submitted_at": NOW,
        "title": "Order portal not reachable",
        "impact": "No orders come in.",
    }
    if isinstance(fields.get("cloud"), str):
        fields["cloud"] = factories.component(fields["cloud"], order.edition)
    return Submission(**{**values, **fields})


def resolved(order: WorkOrder, **fields) -> Resolved:
    """What applies to it."""
    found = resolve_submission(submission(order, **fields))
    assert found is not None
    return found


def reason(found: Resolved, chart: str) -> str:
    """Why a chart is no candidate; empty for a candidate."""
    return next(line.reason for line in found.resolution.table if line.chart == chart)


def event(
    order: WorkOrder, first: date, last: date, *, confirmed_on: date | None = date(2026, 9, 1)
) -> Booking:
    """An Azure event over whole days, confirmed in writing."""
    line = hold(order, EVENT)
    place = host_of(order)
    entitlement = factories.holding(
        order,
        offering=line.offering,
        location=place,
        unit="event",
        quantity=1,
        usable_from=order.starts_on,
    )
    begins = datetime.combine(first, time(), UTC) - timedelta(hours=1)
    return Booking.objects.create(
        reference=f"BK-{factories.number()}",
        customer=order.customer,
        order=order,
        entitlement=entitlement,
        location=place,
        starts_at=begins,
        ends_at=begins + timedelta(days=(last - first).days + 1),
        quantity=1,
        currency=order.currency,
        terms={"zone": place.time_zone, "tiers": []},
        event_cloud="public",
        event_confirmed_on=confirmed_on,
        booked_at=NOW,
        booked_by=order.created_by,
    )


def form_data(order, **fields):
    """The form that opens an incident, filled in."""
    return {
        "customer": order.customer_id,
        "location": host_of(order).pk,
        "component": "Windows Server",
        "severity": "A",
        "channel": "phone",
        "title": "Cluster down",
        "impact": "Hall 3 stands still",
        "key": "abc",
        **fields,
    }


def text_of(answer) -> str:
    """A page with its white space collapsed."""
    return " ".join(answer.content.decode().split())


def code_of(act, **fields) -> str:
    """The code of the refusal."""
    with pytest.raises(Refused) as refused:
        act(**fields)
    return refused.value.code


def fresh(incident: Incident) -> Incident:
    """The incident as it is stored now."""
    return Incident.objects.get(pk=incident.pk)
