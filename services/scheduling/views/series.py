"""A series: its sessions, and the cancellation of what is left of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting, viewer
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.acts import CancelForm
from services.scheduling.models import Series
from services.scheduling.queries.schedule import state_of
from services.scheduling.queries.series import rest_of, series_quote
from services.scheduling.wording.states import BOOKING_STATES
from services.scheduling.wording.times import span
from workorders.wording.units import quantity_words


def series_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions of a series as they stand."""
    person, series, now = viewer(request), _series(request, pk), timezone.now()
    rows = [
        (
            booking,
            span(booking.starts_at, booking.ends_at, series.time_zone),
            quantity_words(booking.quantity, series.entitlement.unit),
            BOOKING_STATES[state_of(booking, now)],
        )
        for booking in series.bookings.order_by("starts_at", "pk")
    ]
    context = {
        "series": series,
        "rows": rows,
        "may_cancel": person.may_act_for_customer and rest_of(series, now=now).exists(),
    }
    return render(request, "scheduling/series_detail.html", context)


def series_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The rest of the series with what cancelling each session costs; then the act."""
    person, series, now = acting(request), _series(request, pk), timezone.now()
    form = CancelForm(request.POST or None, for_microsoft=person.manages_agreements)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            _cancelled(form, series, person, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The rest of the series is cancelled."))
            return redirect("scheduling:series-detail", series.pk)
    left = list(rest_of(series, now=now))
    quoted = series_quote(left, now=now) if left else None
    context = {
        "series": series,
        "form": form,
        "quoted": quoted,
        "rows": [
            (one, span(one.booking.starts_at, one.booking.ends_at, series.time_zone))
            for one in (quoted.quotes if quoted else ())
        ],
        "refusal": refusal or (None if left else Refused("series_over", clause="2.7-T19")),
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/series_cancel.html{fragment}", context, status=status)


def _cancelled(form: CancelForm, series: Series, person: User, now: datetime) -> None:
    data = form.cleaned_data
    agreed = data.get("agreed_loss") if form.side == "customer" else None

    def act() -> tuple[int, Any]:
        actions.cancel_series(
            series=series,
            party=form.side,
            reason=data["reason"],
            agreed_loss=agreed,
            by=person,
            now=now,
        )
        return 200, {"series": series.pk}

    body = {"act": "cancel", "series": series.pk, "side": form.side, "reason": data["reason"]}
    idempotent(user=person, key=data["key"], body=body, now=now, act=act)


def _series(request: HttpRequest, pk: int) -> Series:
    seen = Series.objects.visible_to(viewer(request)).select_related(
        "customer", "order", "location", "entitlement__offering"
    )
    return get_object_or_404(seen, pk=pk)
