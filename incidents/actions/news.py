"""Who hears of an incident, through the outbox: the CSAMs of its customer, its own people."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.actions.messages import tell
from accounts.models import User
from incidents.models import Incident
from incidents.queries.names import names_of
from incidents.queries.recipients import managers_of
from incidents.wording.people import role_words


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
    people = managers_of(incident, now)
    others = [person for person in people if by is None or person.pk != by.pk]
    return tell_people(incident, news, others, now=now, by=by, offset=offset, **words)


def tell_people(
    incident: Incident,
    news: str,
    people: Iterable[User],
    *,
    now: datetime,
    by: User | None = None,
    offset: str = "",
    **words: object,
) -> list[User]:
    """Write `news` to each of `people` in their language, once for an offset; who they are.

    A duty or a role among the words is told by its name.
    """
    told = list(people)
    for person in told:
        with translation.override(person.language):
            names = names_of(incident.order.edition)
            duty, role = (str(words.get(key) or "") for key in ("duty", "role"))
        tell(
            recipient=person,
            subject_key=f"incident:{incident.pk}:{news}",
            template=f"incidents/messages/{news}",
            context={
                "incident": incident,
                "by": by,
                "base_url": settings.BASE_URL,
                **words,
                "duty_name": names.duty(duty) if duty else "",
                "role_name": role_words(role, names) if role else "",
            },
            now=now,
            offset=offset,
            link=reverse("incidents:incident-detail", args=[incident.pk]),
            customer=incident.customer,
        )
    return told
