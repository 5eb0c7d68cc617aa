"""Makers of rows for tests: plain functions, sensible defaults, nothing hidden."""

import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Assignment, Contact, Customer, Location, Membership, Team, User
from accounts.rules.money import Money
from incidents.actions.charts import load_charts
from incidents.actions.opening import open_incident
from incidents.models import Component, Incident
from services.catalog import actions as catalog
from services.catalog import editions
from services.catalog.models import CreditValue, Edition, Offering
from services.scheduling import actions as scheduling
from services.scheduling.models import Booking, Engineer, ServiceRequest
from tests import shelf
from workorders.actions import holdings, orders
from workorders.models import Entitlement, WorkOrder, WorkOrderLine

_numbers = count(1)
NOW = datetime(2026, 11, 23, 9, 24, tzinfo=UTC)


def number() -> int:
    """A number that no other row of this run has."""
    return next(_numbers)


def berlin_moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time on the wall in Berlin."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


# --- people ---------------------------------------------------------------------------------


def user(role: str = User.Role.CSAM, **fields: Any) -> User:
    """A person without customers."""
    n = number()
    fields.setdefault("email", f"person{n}@example.com")
    fields.setdefault("name", f"Person {n}")
    fields.setdefault("time_zone", "Europe/Berlin")
    return User.objects.create_user(role=role, **fields)


def team(**fields: Any) -> Team:
    """A team of CSAMs."""
    fields.setdefault("name", f"Team {number()}")
    return Team.objects.create(**fields)


def csam(*customers: Customer, **fields: Any) -> User:
    """A CSAM assigned to `customers`."""
    person = user(User.Role.CSAM, **fields)
    for one in customers:
        assignment(user=person, customer=one)
    return person


def lead(of: Team, **fields: Any) -> User:
    """The lead of a team."""
    return user(User.Role.CSAM_LEAD, team=of, **fields)


def customer_administrator(of: Customer, **fields: Any) -> User:
    """The administrator of a customer."""
    return member(of, User.Role.CUSTOMER_ADMINISTRATOR, **fields)


def viewer(of: Customer, **fields: Any) -> User:
    """Somebody who may look at a customer's things."""
    return member(of, User.Role.CUSTOMER_VIEWER, **fields)


def location_contact(*locations: Location, **fields: Any) -> User:
    """Somebody who acts for some locations of one customer."""
    person = member(locations[0].customer, User.Role.LOCATION_CONTACT, **fields)
    person.memberships.get().locations.set(locations)
    return person


def member(of: Customer, role: str, **fields: Any) -> User:
    """A person of a customer."""
    person = user(role, **fields)
    Membership.objects.create(user=person, customer=of)
    return person


def assignment(**fields: Any) -> Assignment:
    """An assignment since 2020 without an end."""
    fields.setdefault("starts_on", date(2020, 1, 1))
    return Assignment.objects.create(**fields)


# --- customers ------------------------------------------------------------------------------


def customer(**fields: Any) -> Customer:
    """A customer without locations."""
    n = number()
    fields.setdefault("name", f"Customer {n}")
    fields.setdefault("short_name", f"C{n}")
    fields.setdefault("currency", "EUR")
    fields.setdefault("team", fields.get("team") or team())
    return Customer.objects.create(**fields)


def location(of: Customer | None = None, **fields: Any) -> Location:
    """A downstream location in Berlin's zone, without national holidays."""
    fields.setdefault("name", f"Location {number()}")
    fields.setdefault("country", "DE")
    fields.setdefault("time_zone", "Europe/Berlin")
    fields.setdefault("currency", "EUR")
    fields.setdefault("national_holidays", False)
    return Location.objects.create(customer=of or customer(), **fields)


def host(of: Customer | None = None, **fields: Any) -> Location:
    """The host location, with its administrator among the contacts."""
    place = location(of, role=Location.Role.HOST, **fields)
    contact(place, role=Contact.Role.ADMINISTRATOR)
    return place


def contact(at: Location, **fields: Any) -> Contact:
    """A reactive support contact at a location."""
    n = number()
    fields.setdefault("role", Contact.Role.REACTIVE)
    fields.setdefault("name", f"Contact {n}")
    fields.setdefault("email", f"contact{n}@example.com")
    return Contact.objects.create(customer=at.customer, location=at, **fields)


# --- catalogue ------------------------------------------------------------------------------


@cache
def _shipped() -> dict[str, Any]:
    return editions.read(editions.SHIPPED).data


def edition_data(**sections: Any) -> dict[str, Any]:
    """The content of the shipped edition, yours to change; `sections` replace its own."""
    return {**deepcopy(_shipped()), **sections}


def small_edition_data(*codes: str, code: str = "small") -> dict[str, Any]:
    """As `edition_data`, with a few offerings alone: quick to load."""
    return deepcopy(_small(codes, code))


@cache
def _small(codes: tuple[str, ...], code: str) -> dict[str, Any]:
    data = edition_data()
    data["edition"]["code"] = code
    wanted = codes or ("workshops", "proactive-credits", "advisory-support")
    data["offerings"] = [row for row in data["offerings"] if row["code"] in wanted]
    matrices = data["severity_matrices"]["matrices"]
    kept = [
        code
        for code, chart in matrices.items()
        if {"base-package", *wanted} & {*chart["programmes"]}
    ]
    for code in kept:
        chart = matrices[code]
        chart["programmes"] = [
            one for one in chart["programmes"] if one in {"base-package", *wanted}
        ]
    data["severity_matrices"]["matrices"] = {code: matrices[code] for code in kept}
    order = data["severity_matrices"]["precedence"]["tie_order"]
    data["severity_matrices"]["precedence"]["tie_order"] = [one for one in order if one in kept]
    return data


def draft_edition(**fields: Any) -> Edition:
    """A draft with a few offerings."""
    return catalog.load_edition(small_edition_data(**fields))


def published_edition(data: dict[str, Any] | None = None) -> Edition:
    """The shipped edition with its charts, published."""
    content = data or _shipped()
    key = repr(data)
    if copied := shelf.copy(key):
        return copied
    is_first = not Edition.objects.exists()
    content = deepcopy(content)
    draft = catalog.load_edition(content)
    load_charts(content, edition=draft)
    edition = catalog.publish_edition(edition=draft, by=None, now=NOW)
    if is_first:
        shelf.put(key)
    return edition


def offering(code: str, of: Edition | None = None) -> Offering:
    """An offering of the published edition, which is loaded where there is none."""
    edition = of or Edition.objects.published().first() or published_edition()
    return Offering.objects.get(edition=edition, code=code)


# --- work orders ----------------------------------------------------------------------------

SIGNED = datetime(2025, 12, 15, 9, 0, tzinfo=UTC)
# What most orders of the tests sell: one of each kind that the rules tell apart.
SOLD = (
    "workshops",
    "proactive-credits",
    "custom-proactive-services",
    "advisory-support",
    "success-management-services",
    "development-focused-services",
    "on-demand-assessment-assistance",
    "reactive-support-management-additional",
    "mcsap",
    "mcsap-plus",
    "mcsfs-plus",
    "enhanced-designated-engineering",
    "unified-enhanced-response",
    "developer-support",
)


@cache
def _sold() -> dict[str, Any]:
    data = small_edition_data(*SOLD)
    register = {name: data.pop(name) for name in ("clauses", "readings")}
    cited = set(re.findall(r"[\w.]+-[A-Z]*\d+", repr(data)))
    for name, entries in register.items():
        data[name] = [entry for entry in entries if entry["id"] in cited]
    return data


def sold_edition_data() -> dict[str, Any]:
    """An edition of what most orders sell, with the clauses that it cites: quicker still."""
    return deepcopy(_sold())


@shelf.kept
def draft(of: Customer | None = None, *, by: User | None = None, **fields: Any) -> WorkOrder:
    """A draft over 2026 with a base package, in euros at 0.92 to the dollar."""
    customer_of = of or host().customer
    fields.setdefault("starts_on", date(2026, 1, 1))
    fields.setdefault("ends_on", date(2026, 12, 31))
    fields.setdefault("base_price_minor", 50_000_000)
    fields.setdefault("units_per_usd", Decimal("0.92"))
    if not Edition.objects.published().exists():
        published_edition(sold_edition_data())
    return orders.draft_order(
        customer=customer_of, by=by or csam(customer_of), now=SIGNED, **fields
    )


def line(
    order: WorkOrder, code: str = "workshops", quantity: int = 4, **fields: Any
) -> WorkOrderLine:
    """A line bought with money, all of it for the host unless `at` names another place."""
    place = fields.pop("at", None) or order.order_locations.first().location
    fields.setdefault("unit", "credit" if code == "proactive-credits" else "each")
    fields.setdefault("funding", "money")
    fields.setdefault("price_minor", 100_000 * quantity)
    fields.setdefault("allocations", [(place, quantity)])
    return orders.add_line(
        order=order,
        offering=offering(code, order.edition),
        by=order.created_by,
        now=SIGNED,
        **fields,
    )


@shelf.kept
def executed(order: WorkOrder | None = None, *, now: datetime = SIGNED) -> WorkOrder:
    """The order, executed; one with four workshops where none is given."""
    if order is None:
        order = draft()
        line(order)
    return orders.execute_order(order=order, by=order.created_by, now=now)


@shelf.kept
def holding(order: WorkOrder | None = None, **fields: Any) -> Entitlement:
    """Four workshops at the host of an executed order, worth 1,000 each."""
    order = order or executed(draft())
    place = fields.pop("location", None) or order.order_locations.first().location
    values = {
        "offering": offering("workshops", order.edition),
        "location": place,
        "unit": "each",
        "quantity": 4,
        "value": Money(400_000, order.currency),
        "funding": "money",
        "usable_from": order.starts_on,
        "usable_until": order.ends_on,
        "by": order.created_by,
        "on": order.starts_on,
        "now": SIGNED,
    }
    return holdings.grant(order=order, **{**values, **fields})


def credit_value(country: str = "DE", minor: int = 100_000, **fields: Any) -> CreditValue:
    """What a credit is worth in a country, since 2020: 1,000 euros in Germany."""
    fields.setdefault("currency", "EUR")
    fields.setdefault("valid_from", date(2020, 1, 1))
    return CreditValue.objects.create(country=country, value_minor=minor, **fields)


# --- schedule -------------------------------------------------------------------------------

# What the tests of the schedule book besides what most orders sell.
SCHEDULED = ("azure-event-mcs", "technical-update-briefings", "designated-engineering")


@shelf.kept
def season(
    of: Customer | None = None, *, places: Sequence[Location] = (), **fields: Any
) -> WorkOrder:
    """An executed order from July 2026 to June 2027, so that NOW lies before its cut-off.

    `places` are listed besides the host.
    """
    if not Edition.objects.published().exists():
        published_edition(small_edition_data(*SOLD, *SCHEDULED))
    order = draft(of, **{"starts_on": date(2026, 7, 1), "ends_on": date(2027, 6, 30), **fields})
    if places:
        host_of = order.order_locations.first().location
        orders.set_locations(
            order=order,
            locations=dict.fromkeys([host_of, *places]),
            by=order.created_by,
            now=SIGNED,
        )
    line(order)
    return executed(order)


@shelf.kept
def booking(entitlement: Entitlement | None = None, **fields: Any) -> Booking:
    """One unit booked for Thursday 17 December 2026, 09:00 to 17:00 in Berlin."""
    held = entitlement or holding(season())
    values = {
        "location": held.location,
        "starts_at": datetime(2026, 12, 17, 8, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 17, 16, tzinfo=UTC),
        "quantity": 1,
        "by": held.order.created_by,
        "now": NOW,
    }
    return scheduling.book_service(entitlement=held, **{**values, **fields})


def engineer(of: Team | None = None, **fields: Any) -> Engineer:
    """Somebody who can be assigned to bookings of the team's customers."""
    n = number()
    fields.setdefault("name", f"Engineer {n}")
    fields.setdefault("email", f"engineer{n}@example.com")
    fields.setdefault("time_zone", "Europe/Berlin")
    return Engineer.objects.create(team=of or team(), **fields)


@shelf.kept
def service_request(entitlement: Entitlement | None = None, **fields: Any) -> ServiceRequest:
    """A customer's administrator asks for one unit in the second half of January 2027."""
    held = entitlement or holding(season())
    values = {
        "location": held.location,
        "wanted_from": date(2027, 1, 18),
        "wanted_until": date(2027, 1, 29),
        "now": NOW,
    }
    asked_by = fields.pop("by", None) or customer_administrator(held.order.customer)
    return scheduling.request_service(entitlement=held, by=asked_by, **{**values, **fields})


# --- incidents ------------------------------------------------------------------------------


def component(name: str = "Windows Server", of: Edition | None = None) -> Component:
    """A product of the published edition."""
    edition = of or Edition.objects.published().first() or published_edition()
    return Component.objects.get(edition=edition, name=name)


@shelf.kept
def incident(order: WorkOrder | None = None, *, by: User | None = None, **fields: Any) -> Incident:
    """Severity B on Windows Server at the host, phoned in at `NOW`."""
    order = order or executed()
    fields.setdefault("location", order.order_locations.first().location)
    if not isinstance(fields.get("component"), Component):
        name = fields.pop("component", "Windows Server")
        fields["component"] = component(name, order.edition)
    fields.setdefault("contact", fields["location"].contacts.first())
    fields.setdefault("severity", "B")
    fields.setdefault("title", "Line-control cluster down in one hall")
    fields.setdefault("description", "The cluster doesn't come back after the update.")
    fields.setdefault("impact", "Hall 3 stands still, 140 people are idle.")
    fields.setdefault("channel", "phone")
    fields.setdefault("now", NOW)
    return open_incident(customer=order.customer, by=by or order.created_by, **fields)
