"""Who hears of the risks of an Azure event: the customer's people, in writing (2.4-AE3)."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import User
from services.scheduling.models import Booking, EventRisk
from workorders.queries.recipients import contacts_of, people_of_order


def tell_of_risks(booking: Booking, risks: Sequence[EventRisk], *, by: User, now: datetime) -> None:
    """Write the risks to everybody concerned but their author."""
    concerned = [*people_of_order(booking.order, now=now), *contacts_of(booking.location)]
    people = {person.pk: person for person in concerned if person.pk != by.pk}
    newest = max(risk.pk for risk in risks)
    for person in people.values():
        tell(
            recipient=person,
            subject_key=f"booking:{booking.pk}:risks:{newest}",
            template="scheduling/messages/risks",
            context={
                "booking": booking,
                "risks": risks,
                "by": by,
                "base_url": settings.BASE_URL,
            },
            now=now,
            link=reverse("scheduling:event-plan", args=[booking.pk]),
            customer=booking.customer,
        )
