"""What every write of the schedule asks first: does it still stand."""

from accounts.rules.refusal import Refused
from services.scheduling.models import Booking
from workorders.models import Entitlement, WorkOrder


def hold_order(order: int) -> None:
    """Keep this order as it is until the transaction ends; every act on it begins here.

    Whoever ends the order early waits for the act, or the act for them and then sees the
    new end (0-C16). Orders come before requests, bookings and accounts, so no two acts
    wait for each other. The weaker lock (`no_key`) lets rows be written that name the order.
    """
    held = WorkOrder.objects.select_for_update(of=("self",), no_key=True).filter(pk=order)
    list(held.values_list("pk"))


def hold(entitlement: Entitlement) -> Entitlement:
    """The entitlement as it stands, with its order held until the transaction ends."""
    hold_order(entitlement.order_id)
    return Entitlement.objects.select_related(
        "line", "location", "offering", "order__customer", "order__edition"
    ).get(pk=entitlement.pk)


def reread(booking: Booking) -> Booking:
    """The booking as it stands, with all that its acts need."""
    return Booking.objects.with_agreement().select_related("series").get(pk=booking.pk)


def take(booking: Booking) -> Booking:
    """The booking and its order, kept until the transaction ends; refused when it is over."""
    hold_order(booking.order_id)
    list(Booking.objects.select_for_update(of=("self",)).filter(pk=booking.pk).values_list("pk"))
    current = reread(booking)
    refuse_if_over(current)
    return current


def refuse_if_over(booking: Booking) -> None:
    """Refuse a booking that was cancelled or delivered."""
    if booking.cancelled_at is not None:
        raise Refused("already_cancelled", at=booking.cancelled_at)
    if booking.delivered_at is not None:
        raise Refused("already_delivered", at=booking.delivered_at)
