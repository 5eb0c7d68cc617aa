"""What every write of the schedule asks first: may this person, does it still stand."""

from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling.models import Booking


def require_account_manager(by: User) -> None:
    """Services are booked, moved and delivered by CSAMs and their leads."""
    if not by.manages_agreements:
        raise Refused("not_allowed", role=by.role)


def require_acting_person(by: User) -> None:
    """Customers ask for services and cancel them; viewers only look."""
    if not by.may_act_for_customer:
        raise Refused("not_allowed", role=by.role)


def written(text: str, *, field: str, limit: int, required: bool = False) -> str:
    """`text` without blanks around it; refused when it is missing or too long."""
    words = text.strip()
    if required and not words:
        raise Refused("reason_required", field=field)
    if len(words) > limit:
        raise Refused("too_long", field=field, limit=limit)
    return words


def reread(booking: Booking) -> Booking:
    """The booking as it stands, with all that its acts need."""
    return Booking.objects.select_related(
        "customer",
        "location",
        "order__customer",
        "order__edition",
        "entitlement__line",
        "entitlement__location",
        "entitlement__offering",
        "entitlement__order__customer",
        "entitlement__order__edition",
    ).get(pk=booking.pk)


def take(booking: Booking) -> Booking:
    """The booking, kept until the transaction ends; refused when it is over already."""
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
