"""Remote participation: admit people of another location, look at it, take it back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import idempotent, refusal_status
from accounts.http.access import manager, viewer
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.guests import GuestForm
from services.scheduling.models import Booking, Guest
from services.scheduling.queries.guests import guests_of, homes_of_guests
from services.scheduling.queries.terms import zone_of
from services.scheduling.views.access import booking_of
from services.scheduling.wording.times import span


def booking_guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Admit people of another location to a session."""
    person, booking, now = manager(request), booking_of(request, pk), timezone.now()
    homes, guests = homes_of_guests(booking), guests_of(booking)
    there = {guest.location_id for guest in guests}
    missing = next((home.pk for home, _seen in homes if home.pk not in there), None)
    form = GuestForm(request.POST or None, homes=homes, initial={"location": missing})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            _admitted(form, booking, person, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The participation is recorded."))
            return redirect("scheduling:booking-detail", booking.pk)
    context = {
        "booking": booking,
        "form": form,
        "homes": homes,
        "guests": guests,
        "refusal": refusal,
        "when": span(booking.starts_at, booking.ends_at, zone_of(booking)),
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/booking_guests.html{fragment}", context, status=status)


def _admitted(form: GuestForm, booking: Booking, person: User, now: datetime) -> None:
    data = {name: value for name, value in form.cleaned_data.items() if name != "key"}

    def act() -> tuple[int, Any]:
        guest = actions.admit_guests(booking=booking, by=person, now=now, **data)
        return 201, {"guest": guest.pk}

    body = {"act": "guests", "booking": booking.pk, **data, "location": data["location"].pk}
    idempotent(user=person, key=form.cleaned_data["key"], body=body, now=now, act=act)


def guest_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One participation; who manages agreements takes it back here."""
    person, now = viewer(request), timezone.now()
    seen = Guest.objects.visible_to(person).select_related(
        "location", "permitted_by", "added_by", "withdrawn_by", "booking__customer",
        "booking__location", "booking__order", "booking__entitlement__offering",
    )  # fmt: skip
    guest, refusal = get_object_or_404(seen, pk=pk), None
    if request.method == "POST":
        if not person.manages_agreements:
            raise Http404
        try:
            actions.withdraw_guests(guest=guest, by=person, now=now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The participation is withdrawn."))
            return redirect("scheduling:booking-detail", guest.booking_id)
    booking = guest.booking
    stands = guest.withdrawn_at is None and booking.cancelled_at is None
    home, there = guest.location.time_zone, booking.location.time_zone
    context = {
        "guest": guest,
        "booking": booking,
        "refusal": refusal,
        "when": span(booking.starts_at, booking.ends_at, there),
        "when_home": span(booking.starts_at, booking.ends_at, home) if home != there else None,
        "zone": person.time_zone,
        "sees_booking": Booking.objects.visible_to(person).filter(pk=booking.pk).exists(),
        "stands": stands,
        "may_withdraw": stands and booking.delivered_at is None and person.manages_agreements,
    }
    status = refusal_status(refusal) if refusal else 200
    return render(request, "scheduling/guest_detail.html", context, status=status)
