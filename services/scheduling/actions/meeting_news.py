"""Who hears of quarterly meetings: account managers and the customer's administrators."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import User
from services.scheduling.models import TeamMeeting
from workorders.queries.recipients import people_of_order


def tell_of_meeting(meeting: TeamMeeting, news: str, *, by: User, now: datetime) -> None:
    """Write that a meeting is planned or was held to everybody concerned but its author."""
    day = meeting.held_on if news == "held" else meeting.planned_on
    for person in people_of_order(meeting.line.order, now=now):
        if person.pk != by.pk:
            tell(
                recipient=person,
                subject_key=f"meeting:{meeting.pk}:{news}:{day}",
                template="scheduling/messages/meeting",
                context={
                    "meeting": meeting,
                    "news": news,
                    "day": day,
                    "base_url": settings.BASE_URL,
                },
                now=now,
                link=reverse("customer-reviews", args=[meeting.customer_id]),
                customer=meeting.customer,
            )
