"""Which locations' staff take part in a session that was bought for another one."""

from accounts.models import Location
from accounts.rules.refusal import Refused
from services.catalog.queries.offerings import facts_of
from services.scheduling.models import Booking, Guest
from workorders.queries.locations import listed_locations, support_locations
from workorders.rules.locations import SupportLocation, check_guest


def guests_of(booking: Booking) -> list[Guest]:
    """Who takes part from elsewhere, by location."""
    standing = Guest.objects.standing().filter(booking=booking)
    return list(standing.select_related("location", "permitted_by").order_by("location__name"))


def homes_of_guests(booking: Booking) -> list[tuple[Location, SupportLocation]]:
    """The customer's other locations, and how the booking's order sees them."""
    seen = support_locations(booking.order, listed_locations(booking.order))
    others = Location.objects.filter(customer=booking.customer_id).exclude(pk=booking.location_id)
    return [(location, seen[location.pk]) for location in others.order_by("name")]


def has_homes_of_guests(booking: Booking) -> bool:
    """Whether the customer has another location at all."""
    others = Location.objects.filter(customer=booking.customer_id)
    return others.exclude(pk=booking.location_id).exists()


def check_guests(booking: Booking, location: Location, *, mode: str, permitted: bool) -> bool:
    """Whether Microsoft's permission is what lets them in; refuses as the rule does.

    Refuses `own_location` besides: the people of the session's own location are no guests.
    """
    if location.pk == booking.location_id:
        raise Refused("own_location", clause="2.6-M14", field="location")
    seen = support_locations(booking.order, listed_locations(booking.order))[location.pk]
    check_guest(
        seen,
        mode=mode,  # type: ignore[arg-type]
        permitted=permitted,
        proactive=facts_of(booking.entitlement.offering).is_proactive,
    )
    return not seen.is_designated
