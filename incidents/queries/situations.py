"""What is submitted, and the agreement under which it is: as the charts see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from accounts.models import Contact, Customer, Location
from accounts.rules.calendar_days import local_date
from incidents.models import Component, Incident
from incidents.queries.charts import components_of
from incidents.rules.candidacy import ProgrammeFacts, Situation
from incidents.rules.charts import BASE_PROGRAMME
from incidents.rules.components import Component as Product
from incidents.rules.components import ComponentCatalogue
from services.catalog.models import Edition
from services.scheduling.models import Booking
from services.scheduling.rules.events import EventWindow
from workorders.models import LineScope, WorkOrder
from workorders.queries.agreement import base_order
from workorders.queries.locations import zone_of
from workorders.queries.programmes import Programme, ScopeFact, programmes_of
from workorders.queries.terms import last_day_of
from workorders.rules.term import Period

EVENT = "azure-event-mcs"
SECURITY_PLUS = "mcsfs-plus"
REDE = "reactive-enhanced-designated-engineering"
EDE = "enhanced-designated-engineering"
MISSION_CRITICAL = frozenset({"mcsap", "mcsap-plus"})
# An event booked for more days than this touches the window of another year.
LONGEST_EVENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request for problem resolution before it is an incident.

    `cloud` is the one it runs in, unless that is Azure's public one.
    """

    customer: Customer
    location: Location
    component: Component
    severity: str
    channel: str
    submitted_at: datetime
    contact: Contact | None = None
    title: str = ""
    description: str = ""
    impact: str = ""
    component_detail: str = ""
    cloud: Component | None = None
    scope_identifier: str = ""
    production: bool = True
    isolated: bool = True
    designated_wanted: bool = False

    def __post_init__(self) -> None:
        if self.submitted_at.tzinfo is None:
            raise ValueError("a submission has an instant with an offset")
        if self.location.customer_id != self.customer.pk:
            raise ValueError("the location belongs to another customer")
        if self.contact is not None and self.contact.location_id != self.location.pk:
            raise ValueError("the contact belongs to another location")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was in force: the order with the base package, every programme of the customer."""

    order: WorkOrder
    on: date
    programmes: tuple[Programme, ...]

    @property
    def edition(self) -> Edition:
        """The edition whose charts apply."""
        return self.order.edition

    def in_force(self) -> frozenset[str]:
        """Offering codes of the programmes that can be used on the day."""
        held = {one.code for one in self.programmes if self.on in one.in_force and one.gate_open}
        return frozenset(held | {BASE_PROGRAMME})


def agreement_of(submission: Submission) -> Agreement | None:
    """The agreement at submission; None where no base package is in force (2.1-B1)."""
    on = local_date(submission.submitted_at, zone_of(submission.customer))
    order = base_order(submission.customer, on)
    if order is None:
        return None
    programmes = programmes_of(
        submission.customer, location=submission.location, instant=submission.submitted_at
    )
    return Agreement(order, on, tuple(programmes))


def situation_of(submission: Submission, agreement: Agreement) -> Situation:
    """The submission as the charts of the agreement's edition see it."""
    catalogue = components_of(agreement.edition)
    product = catalogue.find(submission.component.name)
    return Situation(
        severity=submission.severity,
        component=product,
        programmes=_programme_facts(submission, agreement, product, catalogue),
        channel=submission.channel,  # type: ignore[arg-type]
        submitted_on=agreement.on,
        description=f"{submission.title}\n{submission.description}",
        cloud=catalogue.find(submission.cloud.name) if submission.cloud else None,
    )


def submission_of(incident: Incident, *, severity: str = "") -> Submission:
    """What was submitted when the incident was opened, at another severity if one is given."""
    return Submission(
        customer=incident.customer,
        location=incident.location,
        component=incident.component,
        severity=severity or incident.severity,
        channel=incident.channel,
        submitted_at=incident.submitted_at,
        contact=incident.contact,
        title=incident.title,
        description=incident.description,
        impact=incident.impact,
        component_detail=incident.component_detail,
        cloud=incident.cloud,
        scope_identifier=incident.scope_identifier,
        production=incident.production,
        isolated=incident.isolated,
        designated_wanted=incident.designated_wanted,
    )


def designated_products(agreement: Agreement, code: str = REDE) -> list[Product]:
    """The products for which a designated engineer was bought, REDE unless it is EDE's `code`."""
    catalogue = components_of(agreement.edition)
    return [
        catalogue.find(scope.identifier)
        for one in agreement.programmes
        if one.code == code and agreement.on in one.in_force
        for scope in one.scopes
        if scope.kind == LineScope.Kind.PRODUCT
    ]


def newest_edition(customer: Customer) -> Edition | None:
    """The edition of the customer's latest incident, in whose words its history is told."""
    latest = (
        Incident.objects.filter(customer=customer)
        .select_related("order__edition")
        .order_by("-submitted_at", "-pk")
        .first()
    )
    return latest.order.edition if latest else None


def _programme_facts(
    submission: Submission, agreement: Agreement, product: Product, catalogue: ComponentCatalogue
) -> Mapping[str, ProgrammeFacts]:
    """One entry for a programme; of several lines the one that comes furthest."""
    order = agreement.order
    facts = {BASE_PROGRAMME: ProgrammeFacts(Period(order.starts_on, last_day_of(order)))}
    lines: dict[str, list[Programme]] = defaultdict(list)
    for one in agreement.programmes:
        if one.code != BASE_PROGRAMME:
            lines[one.code].append(one)
    for code, held in lines.items():
        found = [_facts(one, submission, product, catalogue) for one in held]
        facts[code] = max(found, key=lambda one: _reach(one, agreement.on))
    if EVENT in facts:
        inside = _inside_event(submission)
        facts[EVENT] = replace(facts[EVENT], inside_window=inside)
    return facts


def _facts(
    programme: Programme, submission: Submission, product: Product, catalogue: ComponentCatalogue
) -> ProgrammeFacts:
    facts = ProgrammeFacts(in_force=programme.in_force, gate_open=programme.gate_open)
    if programme.code in MISSION_CRITICAL:
        enrolled = _enrolments(programme.scopes, submission, product, catalogue)
        return replace(
            facts,
            subscription_enrolled=bool(enrolled),
            buyer_affiliated=not enrolled or any(scope.affiliate for scope in enrolled),
        )
    if programme.code == SECURITY_PLUS:
        tenants = _named(programme.scopes, LineScope.Kind.TENANT, submission.scope_identifier)
        return replace(facts, tenant_listed=bool(tenants))
    return facts


def _enrolments(
    scopes: Iterable[ScopeFact],
    submission: Submission,
    product: Product,
    catalogue: ComponentCatalogue,
) -> list[ScopeFact]:
    """The enrolled subscriptions and products that the incident is about (2.4-AP2)."""
    products = [
        scope
        for scope in scopes
        if scope.kind == LineScope.Kind.PRODUCT
        and product.is_among([catalogue.name_of(scope.identifier)])
    ]
    kind = LineScope.Kind.SUBSCRIPTION
    return [*_named(scopes, kind, submission.scope_identifier), *products]


def _named(scopes: Iterable[ScopeFact], kind: str, identifier: str) -> list[ScopeFact]:
    wanted = identifier.strip().casefold()
    return [
        scope
        for scope in scopes
        if wanted and scope.kind == kind and scope.identifier.strip().casefold() == wanted
    ]


def _reach(facts: ProgrammeFacts, on: date) -> tuple[bool, ...]:
    return (
        on in facts.in_force,
        facts.gate_open,
        facts.subscription_enrolled,
        facts.buyer_affiliated,
        facts.tenant_listed,
    )


def _inside_event(submission: Submission) -> bool:
    """Whether a booked and confirmed Azure event covers the day of submission (2.4-AE10).

    Its days count at the place of delivery, whole days at both ends.
    """
    at = submission.submitted_at
    events = (
        Booking.objects.filter(
            customer=submission.customer,
            entitlement__offering__code=EVENT,
            cancelled_at=None,
            event_confirmed_on__isnull=False,
        )
        .between(at - LONGEST_EVENT, at + timedelta(days=2))
        .select_related("location")
    )
    return any(
        local_date(at, event.location.time_zone)
        in EventWindow(
            local_date(event.starts_at, event.location.time_zone),
            local_date(event.ends_at - timedelta(microseconds=1), event.location.time_zone),
        )
        for event in events
    )
