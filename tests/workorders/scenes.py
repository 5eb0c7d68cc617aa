"""One agreement with everything on it, and its people, for the tests of the pages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Contact, Customer, Location, User
from services.catalog.models import Edition
from tests import factories, shelf
from workorders.actions import orders
from workorders.models import WorkOrder

DESIGNATED = "enhanced-designated-engineering"


@dataclass(frozen=True)
class Scene:
    """A customer over three locations with an executed order of two contract years."""

    customer: Customer
    host: Location
    detroit: Location
    pune: Location
    order: WorkOrder
    csam: User
    lead: User
    administrator: User
    viewer: User
    contact: User
    stranger: User

    @property
    def people(self) -> dict[str, User]:
        """Everybody who sees the executed order."""
        return {
            "csam": self.csam,
            "lead": self.lead,
            "administrator": self.administrator,
            "viewer": self.viewer,
            "contact": self.contact,
        }


def customer_of_three() -> tuple[Customer, Location, Location, Location]:
    """Stuttgart as host, Detroit and Pune downstream."""
    customer = factories.customer(name="Contoso Motors", short_name="Contoso")
    host = factories.host(customer, name="Stuttgart")
    detroit = factories.location(
        customer, name="Detroit", country="US", time_zone="America/Detroit", currency="USD"
    )
    pune = factories.location(
        customer, name="Pune", country="IN", time_zone="Asia/Kolkata", currency="INR"
    )
    factories.contact(detroit, role=Contact.Role.ADMINISTRATOR)
    return customer, host, detroit, pune


@shelf.kept
def draft_order(*, flex: bool = True, **fields) -> tuple[WorkOrder, User]:
    """A draft over two contract years with its locations and allowance, no lines yet."""
    customer, host, detroit, pune = customer_of_three()
    csam = factories.csam(customer, name="Mara Keller")
    if not Edition.objects.published().exists():
        factories.published_edition(factories.small_edition_data(*factories.SOLD))
    fields = {
        "number": "WO-25-0117",
        "starts_on": date(2025, 2, 1),
        "ends_on": date(2027, 1, 31),
        "multi_country": True,
        **fields,
    }
    order = factories.draft(customer, by=csam, **fields)
    places = {host: None, detroit: Decimal(1), pune: Decimal("83.5")}
    orders.set_locations(order=order, locations=places, by=csam, now=factories.SIGNED)
    if flex:
        orders.set_flex_years(
            order=order,
            allotments={1: 25_000_000, 2: 26_000_000},
            by=csam,
            now=factories.SIGNED,
        )
    order.refresh_from_db()
    return order, csam


@shelf.kept
def contoso(*, executed: bool = True) -> Scene:
    """The scene; lines of each kind that the page tells apart."""
    order, csam = draft_order()
    customer = order.customer
    host, detroit, pune = (
        Location.objects.get(customer=customer, name=name)
        for name in ("Stuttgart", "Detroit", "Pune")
    )
    flex = {"funding": "flex", "flex_year": 2}
    factories.line(
        order,
        "proactive-credits",
        price_minor=4_000_000,
        allocations=[(host, 300), (detroit, 120), (pune, 80)],
        **flex,
    )
    factories.line(
        order, price_minor=7_680_000, allocations=[(host, 4), (detroit, 2), (pune, 2)], **flex
    )
    factories.line(
        order, "custom-proactive-services", price_minor=1_000_000, allocations=[(host, 1)], **flex
    )
    factories.line(
        order,
        DESIGNATED,
        unit="minute",
        price_minor=4_800_000,
        allocations=[(host, 240 * 60)],
        scopes=[orders.Scope("product", "Windows Server")],
    )
    if executed:
        orders.execute_order(order=order, by=csam, now=factories.SIGNED)
    for country, currency, minor in (
        ("DE", "EUR", 8000),
        ("US", "USD", 8700),
        ("IN", "INR", 650_000),
    ):
        factories.credit_value(country, minor, currency=currency)
    order.refresh_from_db()
    return Scene(
        customer=customer,
        host=host,
        detroit=detroit,
        pune=pune,
        order=order,
        csam=csam,
        lead=factories.lead(customer.team),
        administrator=factories.customer_administrator(customer),
        viewer=factories.viewer(customer),
        contact=factories.location_contact(detroit),
        stranger=factories.customer_administrator(factories.host().customer),
    )
