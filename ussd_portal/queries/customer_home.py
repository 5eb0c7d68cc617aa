"""The customer's side: what we have, what we have used, what we will lose, what is next."""

from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import Assignment, Contact, Customer, Location, User
from accounts.rules.money import Money
from incidents.models import Incident, IncidentDuty
from services.catalog.models import Offering
from services.scheduling.models import Booking, ServiceRequest
from ussd_portal.queries import holdings, risk
from workorders.models import Deadline, WorkOrder
from workorders.models.orders import Funding
from workorders.queries.entitlements import EntitlementStanding, Standing
from workorders.queries.locations import zone_of
from workorders.queries.risk import value_at_risk


@dataclass(slots=True)
class ServiceRow:
    """One offering over all locations that the reader sees."""

    offering: Offering
    unit: str
    currency: str
    usable_until: date
    entitlement_id: int
    is_redeemed: bool
    total: Standing = field(default_factory=Standing)
    used: int = 0
    booked: int = 0
    elapsed: int = 0

    @property
    def value_left(self) -> Money:
        """What the units left are worth."""
        return Money(self.total.value_left_minor, self.currency)

    def close(self, elapsed: int) -> None:
        """Turn the sums into shares for the pace bar."""
        granted = self.total.granted or 1
        gone = granted - self.total.left - self.total.reserved
        self.used = round(100 * gone / granted)
        self.booked = round(100 * self.total.reserved / granted)
        self.elapsed = elapsed


@dataclass(frozen=True, slots=True)
class CustomerHome:
    """Everything that the page shows for one customer; `worth` is in the order's currency."""

    customer: Customer
    host: Location | None
    downstream: list[Location]
    order: WorkOrder | None
    pace: holdings.Pace | None
    rows: list[ServiceRow]
    lapsing: list[ServiceRow]
    included: list[Offering]
    worth: holdings.Worth
    request_until: date | None
    request_zone: str
    lapses_on: date | None
    deadlines: list[Deadline]
    requests: list[ServiceRequest]
    bookings: list[Booking]
    duties: list[IncidentDuty]
    incidents: list[Incident]
    managers: list[User]
    contacts: list[Contact]
    has_administrator: bool

    @property
    def is_mixed(self) -> bool:
        """Whether something was bought in another currency, which the sums leave out."""
        return any(row.currency != self.worth.granted.currency for row in self.rows)

    @property
    def leaves_out(self) -> bool:
        """Whether the total of what is left is less than the sum of its rows."""
        return any(row.currency != self.worth.left.currency for row in self.lapsing)


def read_customer_home(
    user: User, *, now: datetime, today: date, customer: Customer | None = None
) -> CustomerHome | None:
    """The first customer that `user` sees, or the one given; None without any."""
    if customer is None:
        customer = Customer.objects.visible_to(user).first()
    if customer is None:
        return None
    locations = list(Location.objects.visible_to(user).filter(customer=customer))
    host = next((one for one in locations if one.role == Location.Role.HOST), None)
    orders = holdings.orders_in_force([customer], today=today).get(customer.pk, [])
    order = orders[0] if orders else None
    held = holdings.standings_by_order(orders, viewer=user)
    pace = None
    if order is not None:
        pace = holdings.pace_of(order, holdings.held_under(order, orders, held), today=today)
    everything = [one for each in orders for one in held.get(each.pk, [])]
    rows = _rows(everything, pace, today)
    risks = risk.risk_rows(value_at_risk(user, now=now, customer=customer), today=today)
    currency = order.currency if order else customer.currency
    contacts = list(
        Contact.objects.visible_to(user).filter(customer=customer).select_related("location")
    )
    return CustomerHome(
        customer=customer,
        host=host,
        downstream=[one for one in locations if one.role != Location.Role.HOST],
        order=order,
        pace=pace,
        rows=rows,
        lapsing=[row for row in rows if row.total.left],
        included=_included(order),
        worth=holdings.worth_of(everything, currency=currency, today=today),
        request_until=risks[0].request_until if risks else None,
        request_zone=host.time_zone if host else zone_of(customer),
        lapses_on=risks[0].lapses_on if risks else None,
        deadlines=list(
            Deadline.objects.visible_to(user)
            .open()
            .filter(customer=customer, due_at__gte=now)
            .exclude(kind=Deadline.Kind.DELIVERY)
            .order_by("due_at")[:5]
        ),
        requests=list(
            ServiceRequest.objects.visible_to(user)
            .waiting()
            .filter(customer=customer)
            .select_related("offering", "location")[:5]
        ),
        bookings=list(
            Booking.objects.visible_to(user)
            .standing()
            .filter(customer=customer, starts_at__gte=now)
            .select_related("location")[:5]
        ),
        duties=list(
            IncidentDuty.objects.filter(
                incident__in=Incident.objects.visible_to(user).open().filter(customer=customer),
                met_at=None,
                due_at__isnull=False,
            )
            .select_related("incident__location")
            .order_by("due_at")[:5]
        ),
        incidents=list(
            Incident.objects.visible_to(user)
            .open()
            .filter(customer=customer)
            .select_related("component", "location")[:5]
        ),
        managers=[
            one.user
            for one in Assignment.objects.active()
            .filter(customer=customer)
            .select_related("user", "covers_for")
        ],
        contacts=contacts,
        has_administrator=any(one.role == Contact.Role.ADMINISTRATOR for one in contacts),
    )


def _rows(
    held: list[EntitlementStanding], pace: holdings.Pace | None, today: date
) -> list[ServiceRow]:
    found: dict[tuple[int, date, str, bool], ServiceRow] = {}
    for one in held:
        entitlement = one.entitlement
        if not holdings.counts_today(entitlement, today):
            continue
        row = found.setdefault(
            (
                entitlement.offering_id,
                entitlement.usable_until,
                entitlement.currency,
                entitlement.funding == Funding.CREDITS,
            ),
            ServiceRow(
                entitlement.offering,
                entitlement.unit,
                entitlement.currency,
                entitlement.usable_until,
                entitlement.pk,
                entitlement.funding == Funding.CREDITS,
            ),
        )
        _add(row.total, one.standing)
    for row in found.values():
        row.close(pace.elapsed if pace else 0)
    return list(found.values())


def _add(total: Standing, more: Standing) -> None:
    for name in Standing.__dataclass_fields__:
        setattr(total, name, getattr(total, name) + getattr(more, name))


def _included(order: WorkOrder | None) -> list[Offering]:
    if order is None:
        return []
    return list(
        Offering.objects.filter(
            edition=order.edition_id, mark=Offering.Mark.INCLUDED, is_group=False
        )
    )
