"""The window builder: what an activity takes, shown while one types; books when one asks."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.http import idempotent, refusal_status
from accounts.http.access import manager
from accounts.models import Customer, User
from accounts.rules.calendar_days import start_of_day
from accounts.rules.refusal import Refused
from services.catalog.queries import terms_of
from services.scheduling import actions
from services.scheduling.forms.events import FIELD_OF, EventForm
from services.scheduling.queries.choices import bookables
from services.scheduling.queries.events import event_choices
from services.scheduling.queries.objections import objections, shortage
from services.scheduling.queries.proposals import Proposal
from services.scheduling.rules.events import check_solutions, event_windows, events_needed
from services.scheduling.views.access import customer_named
from services.scheduling.views.rows import InvalidForm, answered, rows_of
from workorders.models.orders import Unit
from workorders.wording.units import quantity_words


def event_create(request: HttpRequest) -> HttpResponse:
    """Type days and solutions, see windows, quantity and notice, then book them all."""
    person, now = manager(request), timezone.now()
    form = _form(request, person, now)
    is_check = "_check" in request.POST
    refusals: list[Refused] = []
    if request.method == "POST":
        form.is_valid()
        refusals = _objections(form, now)
        if is_check:
            form.forgive_blanks()
        else:
            try:
                booked = _book(form, person, now)
            except InvalidForm:
                pass
            except Refused as refused:
                refusals = refusals or [refused]
            else:
                said = ngettext(
                    "The event is booked.", "The events of all solutions are booked.", len(booked)
                )
                messages.success(request, said)
                return redirect("scheduling:event-plan", booked[0])
    rows, others = rows_of(form, refusals, FIELD_OF, aside=is_check)
    context = {
        "form": form,
        "rows": rows,
        "answered": answered([*(name for name in rows if name != "key"), "form"]),
        "refusals": others,
        "outlook": _outlook(form),
    }
    status = 200
    if request.method == "POST" and not is_check:
        status = refusal_status(refusals[0]) if refusals else 422
    fragment = "#builder" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/event_form.html{fragment}", context, status=status)


def _form(request: HttpRequest, person: User, now: datetime) -> EventForm:
    customer = customer_named(request)
    choices = event_choices(bookables(person, customer=customer, now=now))
    only = str(choices[0].entitlement.pk) if len(choices) == 1 else ""
    initial = {
        "customer": customer.pk if customer else None,
        "entitlement": request.GET.get("entitlement", only),
        "cloud": "public",
    }
    return EventForm(
        request.POST if request.method == "POST" else None,
        customers=Customer.objects.visible_to(person).order_by("name"),
        bookables=choices,
        initial=initial,
    )


def _objections(form: EventForm, now: datetime) -> list[Refused]:
    """What stands against the plan as far as it is typed; solutions share what stands."""
    data, chosen = form.cleaned_data, form.chosen
    found: list[Refused] = []
    if data.get("solutions"):
        try:
            check_solutions(form.named)
        except Refused as refused:
            found.append(refused)
    first, last = data.get("first_day"), data.get("last_day")
    if first and last and last < first:
        found.append(Refused("ends_before_start", field="last_day"))
    if chosen is None or form.days is None:
        return found
    entitlement = chosen.entitlement
    zone = entitlement.location.time_zone
    default = _default(form)
    each = data.get("events") or default
    if each < default and not data.get("fewer_reason") and "fewer_reason" not in form.errors:
        found.append(Refused("reason_required", clause="2.4-AE8", field="fewer_reason"))
    proposal = Proposal(
        entitlement=entitlement,
        location=entitlement.location,
        starts_at=start_of_day(form.days[0], zone),
        ends_at=start_of_day(form.days[1] + timedelta(days=1), zone),
        quantity=each,
        event_cloud=data.get("cloud") or "",
        event_confirmed_on=data.get("confirmed_on"),
        short_notice_agreed=bool(data.get("short_notice_agreed")),
        restricted_staff=bool(data.get("restricted_staff")),
        fewer_events=each < default,
    )
    found += objections(proposal, now=now, in_stock=False)
    total = each * max(1, len(form.named))
    if total > chosen.left:
        found.append(shortage(entitlement, chosen.left, total))
    return found


def _default(form: EventForm) -> int:
    """The events that one solution takes by default."""
    if form.chosen is None or form.days is None:
        raise ValueError("neither line nor days are chosen")
    terms = terms_of(form.chosen.entitlement.order.edition).event
    return events_needed(terms, first_day=form.days[0], last_day=form.days[1]).result


def _outlook(form: EventForm) -> dict[str, Any] | None:
    """Windows, quantity with its proof, notice; once the days are known."""
    if not hasattr(form, "cleaned_data") or form.chosen is None or form.days is None:
        return None
    entitlement, (first, last) = form.chosen.entitlement, form.days
    terms = terms_of(entitlement.order.edition).event
    solutions = max(1, len(form.named))
    needed = events_needed(terms, first_day=first, last_day=last, solutions=solutions)
    each = form.cleaned_data.get("events") or _default(form)
    zone = entitlement.location.time_zone
    proposal = Proposal(
        entitlement=entitlement,
        location=entitlement.location,
        starts_at=start_of_day(first, zone),
        ends_at=start_of_day(last + timedelta(days=1), zone),
        quantity=each * solutions,
    )
    return {
        "windows": event_windows(terms, first_day=first, last_day=last),
        "solutions": form.named,
        "needed": needed.as_data(),
        "quantity": quantity_words(each * solutions, Unit.EVENT),
        "left": quantity_words(form.chosen.left, entitlement.unit),
        "is_short": each * solutions > form.chosen.left,
        "worth": proposal.fee if proposal.fee else None,
        "confirm_by": proposal.confirmation_due.as_data(),
        "confirm_day": proposal.confirmation_due.result,
        "zone": zone,
    }


def _book(form: EventForm, person: User, now: datetime) -> list[int]:
    """Book once; the ids of the bookings, one for each solution.

    A form that booked before answers with them, though nothing may be left to book now.
    """

    def act() -> tuple[int, Any]:
        if form.errors or form.chosen is None:
            raise InvalidForm
        booked = actions.plan_event(
            entitlement=form.chosen.entitlement, plan=form.plan, by=person, now=now
        )
        return 201, {"bookings": [booking.pk for booking in booked]}

    typed = {name: str(form.data.get(name)) for name in form.fields}
    body = {"act": "event", "typed": typed}
    key = str(form.data.get("key") or "")
    _status, answer = idempotent(user=person, key=key, body=body, now=now, act=act)
    return [int(pk) for pk in answer["bookings"]]
