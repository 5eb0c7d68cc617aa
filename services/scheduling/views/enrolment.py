"""A workshop's enrolment as the booking page shows it: the card, and the card alone for HTMX."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.http import refusal_status
from accounts.http.addresses import numbered_page
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling.forms.seats import AttendeeForm
from services.scheduling.models import Booking
from services.scheduling.queries.seats import enrolment_of
from services.scheduling.queries.terms import zone_of
from services.scheduling.wording.seats import MISSING_WORDS, decision_state, seat_gauge

ON_A_PAGE = 20


def enrolment_context(
    request: HttpRequest,
    booking: Booking,
    person: User,
    now: datetime,
    *,
    form: AttendeeForm | None = None,
    refusal: Refused | None = None,
    said: str = "",
) -> dict[str, Any]:
    """What the card needs; nothing where nobody is enrolled."""
    enrolment = enrolment_of(booking, now=now)
    if enrolment is None:
        return {}
    return {
        "booking": booking,
        "enrolment": enrolment,
        "workshop": enrolment.workshop,
        "page_obj": numbered_page(request, enrolment.attendees, ON_A_PAGE),
        "gauge": seat_gauge(enrolment.workshop, falls_short=enrolment.falls_short),
        "decision": decision_state(
            enrolment.workshop,
            due_at=enrolment.due.due_at if enrolment.due and enrolment.is_open else None,
            falls_short=enrolment.falls_short,
            now=now,
        ),
        "missing": [MISSING_WORDS[one] for one in enrolment.missing],
        "attendee_form": form or AttendeeForm(initial={"may_wait": enrolment.is_full}),
        "seat_refusal": refusal,
        "seat_said": said,
        "may_manage": person.manages_agreements,
        "may_enrol": person.may_act_for_customer and enrolment.is_open,
        "may_consent": person.may_act_for_customer
        and not (booking.cancelled_at or booking.delivered_at),
        "zone": zone_of(booking),
        "now": now,
    }


def card(
    request: HttpRequest, booking: Booking, person: User, now: datetime, **told: Any
) -> HttpResponse:
    """The card as it stands after an act, with its refusal if there is one."""
    context = enrolment_context(request, booking, person, now, **told)
    refusal, form = told.get("refusal"), told.get("form")
    status = refusal_status(refusal) if refusal else 422 if form and form.errors else 200
    return render(request, "scheduling/booking_detail.html#attendees", context, status=status)
