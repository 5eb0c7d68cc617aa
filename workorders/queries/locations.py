"""The locations of an order as the rules see them."""

from accounts.models import Contact, Customer, Location
from workorders.models import OrderLocation, WorkOrder
from workorders.rules.locations import SupportLocation


def host_of(customer: Customer) -> Location | None:
    """The location through which the customer enrolled (2.6-M2)."""
    return Location.objects.filter(customer=customer, role=Location.Role.HOST).first()


def zone_of(customer: Customer) -> str:
    """The time zone in which the customer's contract dates count (0-C13)."""
    host = host_of(customer)
    return host.time_zone if host else "UTC"


def listed_locations(order: WorkOrder) -> list[Location]:
    """The locations that the order lists, the host first."""
    rows = OrderLocation.objects.filter(order=order).select_related("location")
    return [row.location for row in rows]


def is_own_order(listed: list[Location]) -> bool:
    """Whether the order is that of one tax-exception downstream alone (2.6-M9)."""
    return (
        len(listed) == 1 and listed[0].role == Location.Role.DOWNSTREAM and listed[0].tax_exception
    )


def support_locations(order: WorkOrder, listed: list[Location]) -> dict[int, SupportLocation]:
    """All locations of the customer by id, as this order sees them; two queries."""
    listed_ids = {location.pk for location in listed}
    own = is_own_order(listed)
    administered = set(
        Contact.objects.filter(
            customer=order.customer_id, role=Contact.Role.ADMINISTRATOR
        ).values_list("location", flat=True)
    )
    return {
        location.pk: SupportLocation(
            code=location.name,
            role="host" if location.role == Location.Role.HOST else "downstream",
            listed=location.pk in listed_ids,
            tax_exception=location.tax_exception,
            own_work_order=own and location.pk in listed_ids,
            has_administrator=location.pk in administered,
        )
        for location in Location.objects.filter(customer=order.customer_id)
    }
