"""What cancelling costs, and the three acts that settle it: cancel, move, both with a quote."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting, manager
from accounts.models import Contact, User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.acts import CancelForm
from services.scheduling.forms.when import MoveForm
from services.scheduling.models import Booking
from services.scheduling.queries.cancellations import Quote, curve, event_day, ledger_effect, quote
from services.scheduling.queries.engineers import assignable, team_of
from services.scheduling.queries.proposals import EVENT
from services.scheduling.queries.schedule import state_of
from services.scheduling.queries.shifts import Shifted, shifted
from services.scheduling.queries.terms import zone_of
from services.scheduling.views.access import booking_of
from services.scheduling.wording.cancellation import (
    account_words,
    ahead_words,
    drawn,
    outlook_words,
    returned_words,
    share_words,
)
from services.scheduling.wording.losses import given_back
from services.scheduling.wording.times import span
from workorders.queries.terms import years_of
from workorders.wording.units import quantity_words

# How wide the curve is drawn: in a dialog, and across a page.
DIALOG, PAGE = 920.0, 1200.0
OVER = frozenset({"already_cancelled", "already_delivered"})


def settlement_context(booking: Booking, now: datetime, *, width: float = DIALOG) -> dict[str, Any]:
    """The quote of this moment, the curve, the terms and what the ledger would do."""
    quoted = quote(booking, now=now)
    rows, total = ledger_effect(quoted)
    service = str(booking.entitlement.offering)
    by_day = curve(booking, now=now)
    return {
        "booking": booking,
        "quote": quoted,
        "share_words": share_words(quoted.percent),
        "ahead_words": ahead_words(quoted.lead_days),
        "outlook": outlook_words(by_day),
        "curve": drawn(by_day, width=width),
        "bands": by_day.bands,
        "effect": [(account_words(row.code, service), row) for row in rows],
        "effect_sum": total,
        "contract_year": _contract_year(booking),
        "returned": _returned(quoted),
        "returned_clause": "2.2-F6" if quoted.outcome.exchange_value else "2.7-T10",
        "booked_on": local_date(booking.booked_at, zone_of(booking)),
        "zone": zone_of(booking),
        "when": span(booking.starts_at, booking.ends_at, zone_of(booking)),
    }


def _contract_year(booking: Booking) -> int | None:
    """The contract year in which it takes place, where the order has several."""
    years = years_of(booking.order)
    if len(years) < 2:
        return None
    day = event_day(booking)
    return next((year.number for year in years if day in year), None)


def _returned(quoted: Quote) -> str:
    """Until when what comes back can be used; nothing when nothing comes back."""
    back = given_back(quoted.booking, quoted.outcome)
    if not back.count:
        return ""
    return returned_words(
        str(back), request_by=quoted.request_by, use_by=quoted.use_by, today=quoted.day
    )


def booking_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog with the loss before the click, a page without JavaScript; then the act."""
    person, booking, now = acting(request), booking_of(request, pk), timezone.now()
    form = CancelForm(request.POST or None, for_microsoft=person.manages_agreements)
    refusal = _over(booking, now)
    if request.method == "POST" and form.is_valid():
        try:
            _cancelled(form, booking, person, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The booking is cancelled."))
            return redirect("scheduling:booking-detail", booking.pk)
    context = settlement_context(booking, now) | {
        "form": form,
        "refusal": refusal,
        "is_over": refusal is not None and refusal.code in OVER,
        "agreeing": _who_agrees(booking, person),
    }
    return _answer(request, "scheduling/booking_cancel.html", context, form, refusal)


def booking_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel and book again, with what that costs before the click."""
    person = manager(request)
    booking, now = booking_of(request, pk), timezone.now()
    form = MoveForm(
        request.POST or None,
        zone=zone_of(booking),
        is_event=booking.entitlement.offering.subcategory == EVENT,
        engineers=assignable(person, booking.customer),
        initial=_as_it_is(booking),
    )
    refusal = _over(booking, now)
    target = _dragged(request, form, booking, now) if refusal is None else None
    if request.method == "POST" and form.is_valid() and not form.refusals:
        try:
            new = _moved(form, booking, person, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The booking has a new date."))
            return redirect("scheduling:booking-detail", new)
    context = settlement_context(booking, now) | {
        "form": form,
        "quantity": quantity_words(booking.quantity, booking.entitlement.unit),
        "refusal": refusal or next(iter(form.refusals), None) or (target and target.refusal),
        "new_when": _target_words(target, zone_of(booking)),
        "is_over": refusal is not None and refusal.code in OVER,
    }
    return _answer(request, "scheduling/booking_move.html", context, form, context["refusal"])


def _answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    form: CancelForm | MoveForm,
    refusal: Refused | None,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"{template}{fragment}", context, status=status)


def _over(booking: Booking, now: datetime) -> Refused | None:
    state = state_of(booking, now)
    if state in {"cancelled", "moved"}:
        return Refused("already_cancelled", at=booking.cancelled_at)
    return Refused("already_delivered", at=booking.delivered_at) if state == "delivered" else None


def _cancelled(form: CancelForm, booking: Booking, person: User, now: datetime) -> None:
    data = form.cleaned_data
    # Nothing is lost when Microsoft cancels, so there is nothing to agree to.
    agreed = data.get("agreed_loss") if form.side == "customer" else None

    def act() -> tuple[int, Any]:
        cancelled = actions.cancel_booking(
            booking=booking,
            party=form.side,
            reason=data["reason"],
            agreed_loss=agreed,
            by=person,
            now=now,
        )
        return 200, {"booking": cancelled.pk}

    body = {"act": "cancel", "booking": booking.pk, "side": form.side, "reason": data["reason"]}
    idempotent(user=person, key=data["key"], body=body, now=now, act=act)


def _moved(form: MoveForm, booking: Booking, person: User, now: datetime) -> int:
    data = form.cleaned_data
    if form.starts_at is None or form.ends_at is None:
        raise ValueError("a valid form has both instants")
    starts_at, ends_at = form.starts_at, form.ends_at
    changes = {name: data[name] for name in ("event_confirmed_on",) if data.get(name) is not None}
    engineers = list(data["engineers"]) if "engineers" in data else None

    def act() -> tuple[int, Any]:
        new = actions.move_booking(
            booking=booking,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=data["reason"],
            waive_reason=data["waive_reason"],
            late_reason=data.get("late_reason", ""),
            agreed_loss=None if data["waive_reason"] else data.get("agreed_loss"),
            engineers=engineers,
            by=person,
            now=now,
            **changes,
        )
        return 201, {"booking": new.pk}

    body = {"act": "move", "booking": booking.pk, "starts": starts_at, "ends": ends_at}
    _status, answer = idempotent(user=person, key=data["key"], body=body, now=now, act=act)
    return int(answer["booking"])


def _as_it_is(booking: Booking) -> dict[str, Any]:
    """The form begins with the times that the booking has."""
    place = ZoneInfo(zone_of(booking))
    starts, ends = booking.starts_at.astimezone(place), booking.ends_at.astimezone(place)
    return {
        "engineers": [engineer.pk for engineer in team_of(booking)],
        "starts_on": starts.date(),
        "starts_time": starts.time(),
        "ends_on": ends.date(),
        "ends_time": ends.time(),
    }


SHIFT = re.compile(r"^-?[0-9]{1,4}$")


def _dragged(
    request: HttpRequest, form: MoveForm, booking: Booking, now: datetime
) -> Shifted | None:
    """Where it was dragged to, by the number of days in the address; the form begins there."""
    text = request.GET.get("shift", "")
    if request.method != "GET" or not SHIFT.match(text) or not int(text):
        return None
    try:
        target = shifted(booking, int(text), quoted=quote(booking, now=now), now=now)
    except OverflowError:
        return None
    for name in ("starts_on", "ends_on"):
        form.initial[name] += timedelta(days=int(text))
    return target


def _target_words(target: Shifted | None, zone: str) -> str:
    if target is None or target.starts_at is None or target.ends_at is None:
        return ""
    return str(span(target.starts_at, target.ends_at, zone))


def _who_agrees(booking: Booking, person: User) -> str:
    """Whose consent staff record: the host's administrator; nobody's name for the customer."""
    if not person.manages_agreements:
        return ""
    contact = Contact.objects.filter(
        customer=booking.customer_id, role=Contact.Role.ADMINISTRATOR, location__role="host"
    ).first()
    customer = booking.customer.short_name
    if contact is None:
        return customer
    return _("%(name)s (%(customer)s)") % {"name": contact.name, "customer": customer}
