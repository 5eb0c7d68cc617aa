"""Hours services: their balances, what was delivered, and the form to log more."""

import uuid
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
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.hours import HoursForm, TakeBackForm
from services.scheduling.models import HourLog
from services.scheduling.queries.engineers import assignable
from services.scheduling.queries.hours import (
    HourBalance,
    deliveries_of,
    hour_balance,
    hour_balances,
)
from workorders.models import Entitlement
from workorders.models.orders import Unit
from workorders.wording.units import quantity_words


def hours_list(request: HttpRequest) -> HttpResponse:
    """Every service in hours with what is left of it."""
    rows = [(row, _told(row)) for row in hour_balances(viewer(request))]
    return render(request, "scheduling/hours_list.html", {"rows": rows})


def hours_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One service in hours: its balance, its deliveries, and the form for those who log."""
    person, now = viewer(request), timezone.now()
    seen = Entitlement.objects.visible_to(person).filter(unit=Unit.MINUTE)
    entitlement = get_object_or_404(
        seen.select_related("offering", "location", "line", "order__customer", "order__edition"),
        pk=pk,
        order__executed_at__isnull=False,
    )
    form = HoursForm(
        request.POST or None,
        engineers=assignable(person, entitlement.order.customer),
        initial={"worked_on": local_date(now, entitlement.location.time_zone)},
    )
    refusal = None
    if request.method == "POST":
        if not person.manages_agreements:
            raise Http404
        if form.is_valid():
            try:
                _logged(form, entitlement, person, now)
            except Refused as refused:
                refusal = refused
            else:
                messages.success(request, _("The hours are logged."))
                return redirect("scheduling:hours-detail", pk)
    context = {
        "entitlement": entitlement,
        "told": _told(hour_balance(entitlement)),
        "rows": [
            (row, quantity_words(row.minutes, Unit.MINUTE)) for row in deliveries_of(entitlement)
        ],
        "form": form,
        "refusal": refusal,
        "may_log": person.manages_agreements,
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    return render(request, "scheduling/hours_detail.html", context, status=status)


def hours_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was logged wrongly: a dialog, or a page."""
    person, now = manager(request), timezone.now()
    rows = HourLog.objects.visible_to(person).select_related(
        "entitlement__offering", "entitlement__location", "engineer"
    )
    log = get_object_or_404(rows, pk=pk)
    form, refusal = TakeBackForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            _taken_back(form, log, person, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The hours are taken back."))
            return redirect("scheduling:hours-detail", log.entitlement_id)
    context = {
        "log": log,
        "amount": quantity_words(log.minutes, Unit.MINUTE),
        "form": form,
        "refusal": refusal,
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/hours_take_back.html{fragment}", context, status=status)


def _taken_back(form: TakeBackForm, log: HourLog, person: User, now: datetime) -> None:
    reason = form.cleaned_data["reason"]

    def act() -> tuple[int, Any]:
        actions.take_back_hours(log=log, reason=reason, by=person, now=now)
        return 200, {"log": log.pk}

    body = {"act": "hours-back", "log": log.pk, "reason": reason}
    idempotent(user=person, key=form.cleaned_data["key"], body=body, now=now, act=act)


def _logged(form: HoursForm, entitlement: Entitlement, person: User, now: datetime) -> None:
    data = {name: value for name, value in form.cleaned_data.items() if name != "key"}

    def act() -> tuple[int, Any]:
        log = actions.log_hours(entitlement=entitlement, by=person, now=now, **data)
        return 201, {"log": log.pk}

    typed = {name: str(value) for name, value in data.items()}
    body = {"act": "hours", "entitlement": entitlement.pk, "typed": typed}
    key = form.cleaned_data["key"] or uuid.uuid4().hex
    idempotent(user=person, key=key, body=body, now=now, act=act)


def _told(balance: HourBalance) -> dict[str, str]:
    """The figures in hours."""
    return {
        name: quantity_words(getattr(balance, name), Unit.MINUTE)
        for name in ("bought", "delivered", "reserved", "left", "gone")
    }
