"""The planner: in which order to book what a customer has left, and what can't fit."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.http.access import acting
from accounts.models import Customer, User
from accounts.wording import formats
from services.scheduling.forms.planner import PlannerForm
from services.scheduling.queries.choices import bookables
from services.scheduling.queries.planner import SESSION_MINUTES, read_plan
from services.scheduling.queries.plans import PLANNED_UNITS, CustomerPlan, Remainder, Step
from services.scheduling.queries.wishes import LEAD_DAYS, MOST_DAYS, PER_WEEK, Pin, Wishes
from workorders.models.orders import Unit
from workorders.wording.units import quantity_words


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with its words, the way to book it, and the way to keep its date."""

    step: Step
    quantity: str
    when: str
    book_url: str
    fixed_query: str
    is_urgent: bool


def planner_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan for the wishes of the query string; as fragment for HTMX."""
    person, now = acting(request), timezone.now()
    customer = get_object_or_404(Customer.objects.visible_to(person), pk=pk)
    given = request.GET.copy()
    given.setdefault("lead_days", str(LEAD_DAYS))
    given.setdefault("per_week", str(PER_WEEK))
    form = PlannerForm(given, services=_services(person, customer, now))
    made = read_plan(person, customer, form.wishes, now=now)
    context = {
        "customer": customer,
        "form": form,
        "plan": made,
        "rows": [_row(step, made, person) for step in made.steps],
        "left_out": [
            (one, quantity_words(one.quantity, one.item.account.unit), reason_words(one, made))
            for one in made.left_out
        ],
        "decisions": [
            (item, quantity_words(item.left, item.account.unit)) for item in made.decisions
        ],
        "fixed": [f"{one.pin.entitlement}:{one.pin.on.isoformat()}" for one in made.pins],
        "pins": [(one, _without(made.wishes, at)) for at, one in enumerate(made.pins)],
        "lengths": [(item, days) for item, days in made.planned if item.account.unit == Unit.EACH],
        "day_numbers": range(1, MOST_DAYS + 1),
        "may_book": person.manages_agreements,
    }
    fragment = "#plan" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/planner_detail.html{fragment}", context)


def _services(person: User, customer: Customer, now: datetime) -> list[tuple[str, Any]]:
    """What a delivery can be fixed of."""
    return [
        (
            str(one.entitlement.pk),
            _("%(service)s, %(place)s (until %(day)s)")
            % {
                "service": one.entitlement.offering,
                "place": one.entitlement.location.name,
                "day": formats.day(one.entitlement.usable_until, weekday=False),
            },
        )
        for one in bookables(person, customer=customer, now=now)
        if one.entitlement.unit in PLANNED_UNITS
    ]


def _row(step: Step, made: CustomerPlan, person: User) -> StepRow:
    return StepRow(
        step=step,
        quantity=quantity_words(step.quantity, step.entitlement.unit),
        when=_days_words(step.first_day, step.last_day),
        book_url=_book_url(step) if person.manages_agreements else _request_url(step),
        fixed_query="" if step.is_pinned else _with(made.wishes, step),
        is_urgent=step.book_by <= made.today + timedelta(days=7),
    )


def _days_words(first: date, last: date) -> str:
    if first == last:
        return formats.day(first)
    return _("%(first)s to %(last)s") % {
        "first": formats.day(first, year=first.year != last.year),
        "last": formats.day(last),
    }


def _book_url(step: Step) -> str:
    """The booking form, filled in: hours as long as planned, else the day's business hours."""
    opens, closes = step.hours.opens, step.hours.closes
    if step.entitlement.unit == Unit.MINUTE:
        minutes = min(step.quantity, SESSION_MINUTES)
        closes = (datetime.combine(step.first_day, opens) + timedelta(minutes=minutes)).time()
    query = {
        "customer": step.item.customer.pk,
        "entitlement": step.entitlement.pk,
        "starts_on": step.first_day.isoformat(),
        "starts_time": opens.strftime("%H:%M"),
        "ends_on": step.last_day.isoformat(),
        "ends_time": closes.strftime("%H:%M"),
    }
    return f"{reverse('scheduling:booking-create')}?{urlencode(query)}"


def _request_url(step: Step) -> str:
    """The request form, asking for the planned week."""
    monday = step.first_day - timedelta(days=step.first_day.weekday())
    friday = max(monday + timedelta(days=4), step.last_day)
    query = {
        "customer": step.item.customer.pk,
        "entitlement": step.entitlement.pk,
        "wanted_from": step.first_day.isoformat(),
        "wanted_until": min(friday, step.item.last_day).isoformat(),
    }
    return f"{reverse('scheduling:request-create')}?{urlencode(query)}"


def _without(wishes: Wishes, at: int) -> str:
    """The query string without one of the fixed deliveries."""
    pins = tuple(pin for number, pin in enumerate(wishes.pins) if number != at)
    return query_of(replace(wishes, pins=pins))


def _with(wishes: Wishes, step: Step) -> str:
    """The query string that keeps this delivery on its day."""
    pin = Pin(step.entitlement.pk, step.first_day)
    return query_of(replace(wishes, pins=(*wishes.pins, pin)))


def query_of(wishes: Wishes) -> str:
    """The wishes as a query string."""
    pairs = [("lead_days", str(wishes.lead_days)), ("per_week", str(wishes.per_week))]
    pairs += [("fix", f"{pin.entitlement}:{pin.on.isoformat()}") for pin in wishes.pins]
    pairs += [("days", f"{pk}:{days}") for pk, days in wishes.days.items()]
    return urlencode(pairs)


def reason_words(one: Remainder, made: CustomerPlan) -> str:
    """Why it can't be planned, and what would help."""
    item, wishes = one.item, made.wishes
    last = formats.day(item.last_day, weekday=False)
    match one.reason:
        case "past_cutoff":
            return _("The last day to request it was %(day)s.") % {
                "day": formats.day(item.request_until, weekday=False)
            }
        case "notice":
            return _("With the notice that an event needs it would end after %(day)s.") % {
                "day": last
            }
        case "not_booked":
            return _("It isn't booked: it is used when it is needed.")
        case "no_day":
            lead = ngettext("%(n)s day", "%(n)s days", wishes.lead_days) % {"n": wishes.lead_days}
            return _(
                "Between today and %(day)s there are too few free business days, with %(lead)s "
                "from booking to delivery. Fewer days ahead could help."
            ) % {"day": last, "lead": lead}
    if made.enough_per_week:
        return _(
            "Until %(day)s the days are taken by what is booked, more urgent or worth more. "
            "With %(n)s sessions a week everything fits."
        ) % {"day": last, "n": made.enough_per_week}
    return _("Until %(day)s the days are taken by what is booked, more urgent or worth more.") % {
        "day": last
    }
