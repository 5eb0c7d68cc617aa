"""Ending an order early: everything that ends with it, before the click and after it."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.http.keys import key_for, once
from accounts.rules.refusal import Refused
from workorders.actions.orders import terminate_order
from workorders.forms.orders import TerminateForm
from workorders.forms.refusals import refuse
from workorders.models import WorkOrder
from workorders.queries.ending import ending_of, termination_of
from workorders.queries.terms import last_day_of, state_of
from workorders.views.access import clock_of, managed_order
from workorders.views.order_page import bookings_url, trail_of


def order_terminate(request: SignedInRequest, pk: int) -> HttpResponse:
    """When and why an order ends early; what ends with it on the day that is typed."""
    order = managed_order(request, pk)
    now, today, zone = clock_of(order)
    if state_of(order, now=now, zone=zone) not in ("executed", "in_force"):
        return redirect("workorders:order-detail", pk)
    first = max(today, order.starts_on)
    form = TerminateForm(request.POST or None, initial=_initial(request, first))
    if form.is_bound and form.is_valid():
        try:
            _terminate(request, order, form, now)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The end of the order is recorded; its deadlines moved."))
            return redirect("workorders:order-ended", pk)
    last = last_day_of(order)
    day = _day(form, first)
    context = _context(request, order, _("End early")) | {
        "form": form,
        "key": key_for(request),
        "today": today,
        "last": last,
        "ending": ending_of(order, day) if first <= day < last else None,
    }
    fragment = "#radius" if request.htmx and not form.is_bound else ""
    status = 422 if form.is_bound else 200
    return render(request, f"workorders/order_terminate.html{fragment}", context, status=status)


@require_safe
def order_ended(request: SignedInRequest, pk: int) -> HttpResponse:
    """What ended with an order that was ended early: the same figures as before the click."""
    order = managed_order(request, pk)
    if order.terminated_on is None:
        raise Http404
    ending = ending_of(order, order.terminated_on, done_at=termination_of(order))
    context = _context(request, order, _("What ended with it"))
    return render(request, "workorders/order_ended.html", context | {"ending": ending})


def _terminate(
    request: SignedInRequest, order: WorkOrder, form: TerminateForm, now: datetime
) -> None:
    def act() -> int:
        return terminate_order(order=order, by=request.user, now=now, **form.cleaned_data).pk

    once(request, "terminate", act, now=now)


def _context(request: SignedInRequest, order: WorkOrder, here: str) -> dict[str, Any]:
    page = reverse("workorders:order-detail", args=[order.pk])
    return {
        "order": order,
        "schedule_url": bookings_url(order),
        "trail": [*trail_of(request, order)[:-1], (page, order.number), ("", here)],
    }


def _initial(request: SignedInRequest, first: date) -> dict[str, Any]:
    """The day and the reason as they were typed before the radius was asked for."""
    return {"on": request.GET.get("on") or first, "reason": request.GET.get("reason", "")[:300]}


def _day(form: TerminateForm, first: date) -> date:
    """The day that is typed, as far as it is one; else the first that is possible."""
    field = form.fields["on"]
    try:
        day: date | None = field.clean(form["on"].value())
    except ValidationError:
        return first
    return day or first
