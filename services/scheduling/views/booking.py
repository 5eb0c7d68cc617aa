"""One booking: its page, its delivery, an event's confirmation."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import idempotent, refusal_status
from accounts.http.access import manager, viewer
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.acts import ConfirmForm, DeliverForm
from services.scheduling.models import Booking
from services.scheduling.queries.engineers import team_of
from services.scheduling.queries.guests import guests_of, has_homes_of_guests
from services.scheduling.queries.proposals import EVENT
from services.scheduling.queries.schedule import state_of
from services.scheduling.queries.terms import zone_of
from services.scheduling.views.access import booking_of
from services.scheduling.views.cancelling import PAGE, settlement_context
from services.scheduling.views.enrolment import enrolment_context
from services.scheduling.wording.states import BOOKING_STATES, language_name
from services.scheduling.wording.times import span
from workorders.models import Deadline, Override, Transfer
from workorders.queries.deadlines import status_of
from workorders.wording.states import Shown, deadline_state
from workorders.wording.units import quantity_words


def booking_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is booked, what cancelling costs by day, its deadlines and its movements."""
    return booking_page(request, booking_of(request, pk), viewer(request), timezone.now())


def booking_page(
    request: HttpRequest,
    booking: Booking,
    person: User,
    now: datetime,
    *,
    status: int = 200,
    **enrolment: Any,
) -> HttpResponse:
    """The page, also after an act on its `enrolment` that was refused."""
    state = state_of(booking, now)
    stands = state in {"planned", "unconfirmed", "running", "unrecorded"}
    subject = f"booking:{booking.pk}"
    context: dict[str, Any] = {
        "booking": booking,
        "state": BOOKING_STATES[state],
        "stands": stands,
        "has_begun": now >= booking.starts_at,
        "when": span(booking.starts_at, booking.ends_at, zone_of(booking)),
        "when_here": span(booking.starts_at, booking.ends_at, person.time_zone)
        if person.time_zone != zone_of(booking)
        else None,
        "zone": zone_of(booking),
        "quantity": quantity_words(booking.quantity, booking.entitlement.unit),
        "language": language_name(booking.language),
        "language_wanted": language_name(booking.language_wanted)
        if booking.language_wanted
        else "",
        "is_event": booking.entitlement.offering.subcategory == EVENT,
        "team": team_of(booking),
        "guests": guests_of(booking),
        "has_elsewhere": has_homes_of_guests(booking),
        "deadlines": _deadlines(person, subject, now),
        "movements": [
            (row, quantity_words(row.amount, row.debit.unit))
            for row in Transfer.objects.visible_to(person)
            .filter(subject_key=subject)
            .select_related("debit", "credit", "by")
            .order_by("pk")
        ],
        "overrides": Override.objects.visible_to(person).filter(subject_key=subject),
        "moved_from": Booking.objects.visible_to(person).filter(moved_to=booking).first(),
        "may_manage": person.manages_agreements,
        "may_cancel": person.may_act_for_customer,
        "delivered": quantity_words(booking.delivered_quantity or 0, booking.entitlement.unit),
    }
    if stands:
        context |= settlement_context(booking, now, width=PAGE)
    context |= enrolment_context(request, booking, person, now, **enrolment)
    return render(request, "scheduling/booking_detail.html", context, status=status)


def _deadlines(person: User, subject: str, now: datetime) -> list[tuple[Deadline, Shown]]:
    """The booking's dates with how each of them stands."""
    rows = Deadline.objects.visible_to(person).current().filter(subject_key=subject)
    return [(row, deadline_state(row, status_of(row, now), now)) for row in rows.order_by("due_at")]


def booking_deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that it took place, all of it or a part; the rest is released."""
    person, booking, now = manager(request), booking_of(request, pk), timezone.now()
    unit = booking.entitlement.unit
    form = DeliverForm(request.POST or None, unit=unit, initial={"quantity": booking.quantity})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            _delivered(form, booking, person, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The delivery is recorded."))
            return redirect("scheduling:booking-detail", booking.pk)
    context = {
        "booking": booking,
        "form": form,
        "refusal": refusal,
        "quantity": quantity_words(booking.quantity, unit),
        "when": span(booking.starts_at, booking.ends_at, zone_of(booking)),
        "zone": zone_of(booking),
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/booking_deliver.html{fragment}", context, status=status)


def _delivered(form: DeliverForm, booking: Booking, person: User, now: datetime) -> None:
    data = form.cleaned_data

    def act() -> tuple[int, Any]:
        actions.deliver_booking(booking=booking, quantity=data["quantity"], by=person, now=now)
        return 200, {"booking": booking.pk}

    body = {"act": "deliver", "booking": booking.pk, "quantity": data["quantity"]}
    idempotent(user=person, key=data["key"], body=body, now=now, act=act)


def event_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the written confirmation of an Azure event."""
    person, booking, now = manager(request), booking_of(request, pk), timezone.now()
    if booking.entitlement.offering.subcategory != EVENT:
        raise Http404
    form, refusal = ConfirmForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.confirm_event(
                booking=booking,
                confirmed_on=data["event_confirmed_on"],
                short_notice_agreed=data["short_notice_agreed"],
                by=person,
                now=now,
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The confirmation is recorded."))
            return redirect("scheduling:event-plan", booking.pk)
    context = {
        "booking": booking,
        "form": form,
        "refusal": refusal,
        "when": span(booking.starts_at, booking.ends_at, zone_of(booking)),
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/event_confirm.html{fragment}", context, status=status)
