"""Engineers: who there is, what they are booked for, and who delivers a booking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import idempotent, refusal_status
from accounts.http.access import manager
from accounts.models import Customer, Team, User
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.engineers import EngineerForm, TeamForm
from services.scheduling.models import Booking, Engineer, EngineerAssignment
from services.scheduling.queries.engineers import (
    AHEAD,
    Busy,
    assignable,
    busy,
    duties,
    engineers_with_load,
    team_of,
)
from services.scheduling.queries.terms import zone_of
from services.scheduling.views.access import booking_of
from services.scheduling.wording.times import Span, span
from workorders.models.orders import Unit
from workorders.wording.units import quantity_words


@dataclass(frozen=True, slots=True)
class Duty:
    """What an engineer is booked for; for whom only where the reader may know."""

    booking: Booking | None
    when: Span


def engineer_list(request: HttpRequest) -> HttpResponse:
    """The engineers of the teams whose customers the person manages, with their load."""
    person, now = manager(request), timezone.now()
    rows = [
        (engineer, quantity_words(minutes, Unit.MINUTE))
        for engineer, minutes in engineers_with_load(person, now=now)
    ]
    context = {"rows": rows, "weeks": AHEAD.days // 7}
    return render(request, "scheduling/engineer_list.html", context)


def engineer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One engineer with what lies ahead; bookings of others' customers are only times."""
    person, now = manager(request), timezone.now()
    engineer = _engineer(person, pk)
    rows = duties(engineer, now=now)
    context = {"engineer": engineer, "duties": _told(person, engineer, rows)}
    return render(request, "scheduling/engineer_detail.html", context)


def _told(person: User, engineer: Engineer, rows: list[EngineerAssignment]) -> list[Duty]:
    mine = set(
        Booking.objects.visible_to(person)
        .filter(pk__in=[row.booking_id for row in rows])
        .values_list("pk", flat=True)
    )
    return [
        Duty(
            row.booking if row.booking_id in mine else None,
            span(row.booking.starts_at, row.booking.ends_at, engineer.time_zone),
        )
        for row in rows
    ]


def engineer_create(request: HttpRequest) -> HttpResponse:
    """Enter an engineer."""
    person = manager(request)
    form = EngineerForm(request.POST or None, teams=_teams(person), initial={"time_zone": "UTC"})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            engineer = actions.add_engineer(by=person, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The engineer is entered."))
            return redirect("scheduling:engineer-detail", engineer.pk)
    return _form_page(request, form, refusal)


def engineer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write another name, focus or zone, or take the engineer out."""
    person = manager(request)
    engineer = _engineer(person, pk)
    names = ("name", "focus", "time_zone", "is_active")
    form = EngineerForm(
        request.POST or None,
        teams=_teams(person),
        engineer=engineer,
        initial={name: getattr(engineer, name) for name in names},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_engineer(engineer=engineer, by=person, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The engineer is changed."))
            return redirect("scheduling:engineer-detail", engineer.pk)
    return _form_page(request, form, refusal, engineer)


def booking_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who delivers a booking; whoever is taken then is shown so."""
    person, booking, now = manager(request), booking_of(request, pk), timezone.now()
    there = team_of(booking)
    offered = {one.pk: one for one in [*there, *assignable(person, booking.customer)]}
    people = sorted(offered.values(), key=lambda one: one.name)
    form = TeamForm(
        request.POST or None,
        engineers=people,
        initial={"engineers": [engineer.pk for engineer in there]},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            _chosen(form, booking, person, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The engineers are assigned."))
            return redirect("scheduling:booking-detail", booking.pk)
    context = {
        "booking": booking,
        "form": form,
        "people": people,
        "taken": _taken(people, booking),
        "refusal": refusal,
        "when": span(booking.starts_at, booking.ends_at, zone_of(booking)),
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/booking_team.html{fragment}", context, status=status)


def _taken(people: list[Engineer], booking: Booking) -> list[tuple[Busy, Span]]:
    """Who is taken at the booking's time, and when."""
    try:
        found = busy(people, booking.starts_at, booking.ends_at, besides=booking)
    except Refused:
        return []
    zone = zone_of(booking)
    return [(one, span(one.starts_at, one.ends_at, zone)) for one in found.values()]


def _chosen(form: TeamForm, booking: Booking, person: User, now: datetime) -> None:
    engineers = list(form.cleaned_data.get("engineers") or ())

    def act() -> tuple[int, Any]:
        actions.assign_engineers(booking=booking, engineers=engineers, by=person, now=now)
        return 200, {"booking": booking.pk}

    chosen = [engineer.pk for engineer in engineers]
    body = {"act": "team", "booking": booking.pk, "engineers": chosen}
    idempotent(user=person, key=form.cleaned_data["key"], body=body, now=now, act=act)


def _engineer(person: User, pk: int) -> Engineer:
    return get_object_or_404(Engineer.objects.visible_to(person).select_related("team"), pk=pk)


def _teams(person: User) -> QuerySet[Team]:
    """The teams whose customers the person manages."""
    mine = Customer.objects.visible_to(person)
    return Team.objects.filter(customers__in=mine).distinct().order_by("name")


def _form_page(
    request: HttpRequest,
    form: EngineerForm,
    refusal: Refused | None,
    engineer: Engineer | None = None,
) -> HttpResponse:
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    context = {"form": form, "refusal": refusal, "engineer": engineer}
    return render(request, "scheduling/engineer_form.html", context, status=status)
