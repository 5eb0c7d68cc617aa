"""The list of incidents: which ones a person sees, filtered, those with least time left first."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.db.models import Case, F, IntegerField, Prefetch, Q, Value, When

from accounts.models import Customer, Location, LocationHoliday
from incidents.models import Incident
from incidents.models.incidents import IncidentQuerySet

if TYPE_CHECKING:
    from accounts.models import User

State: TypeAlias = Literal["", "open", "unanswered", "near", "late", "answered", "closed", "all"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; without a state all that isn't closed."""

    state: State = ""
    customer: Customer | None = None
    location: Location | None = None
    severity: str = ""
    text: str = ""


def incidents_for(user: "User", wanted: Wanted, *, now: datetime) -> IncidentQuerySet:
    """The incidents that `user` may see and looks for, with all that a row shows.

    Running clocks come first, by their target; then the answered ones and the closed ones,
    the latest first.
    """
    found = Incident.objects.visible_to(user)
    exact = {
        "customer": wanted.customer,
        "location": wanted.location,
        "severity": wanted.severity,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    found = in_words(found, wanted.text)
    found = in_state(found, wanted.state, now)
    group = Case(
        When(closed_at__isnull=False, then=Value(2)),
        When(first_response_at__isnull=False, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    holidays = Prefetch("location__own_holidays", LocationHoliday.objects.all())
    return (
        found.select_related("customer", "location", "component", "chart")
        .prefetch_related(holidays)
        .annotate(
            group=group,
            urgent_at=Case(When(closed_at=None, first_response_at=None, then=F("due_at"))),
        )
        .order_by("group", "urgent_at", "-submitted_at", "-pk")
    )


def in_words(found: IncidentQuerySet, text: str) -> IncidentQuerySet:
    """Those in whose number, title, product, customer or location every word occurs."""
    for word in text.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(component__name__icontains=word)
            | Q(component_detail__icontains=word)
            | Q(customer__name__icontains=word)
            | Q(location__name__icontains=word)
        )
    return found


def in_state(found: IncidentQuerySet, state: State, now: datetime) -> IncidentQuerySet:
    """Those in a state that facts and the clock give them."""
    match state:
        case "" | "open":
            return found.open()
        case "unanswered":
            return found.unanswered()
        case "near":
            return found.unanswered().filter(near_at__lte=now, due_at__gte=now)
        case "late":
            return found.unanswered().filter(due_at__lt=now)
        case "answered":
            return found.open().filter(first_response_at__isnull=False)
        case "closed":
            return found.filter(closed_at__isnull=False)
    return found
