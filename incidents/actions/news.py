"""Who hears of an incident: the CSAMs of its customer, through the outbox."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import User
from accounts.rules.calendar_days import local_date
from incidents.models import Incident
from workorders.queries.locations import zone_of
from workorders.queries.recipients import account_managers_of


def tell_account_managers(
    incident: Incident,
    news: str,
    *,
    now: datetime,
    by: User | None = None,
    offset: str = "",
    **words: object,
) -> list[User]:
    """Write `news` (a template of messages) to the CSAMs but its author; who was told."""
    on = local_date(now, zone_of(incident.customer))
    people = account_managers_of(incident.customer, on)
    told = [person for person in people if by is None or person.pk != by.pk]
    for person in told:
        tell(
            recipient=person,
            subject_key=f"incident:{incident.pk}:{news}",
            template=f"incidents/messages/{news}",
            context={"incident": incident, "by": by, "base_url": settings.BASE_URL, **words},
            now=now,
            offset=offset,
            link=reverse("incidents:incident-detail", args=[incident.pk]),
            customer=incident.customer,
        )
    return told
