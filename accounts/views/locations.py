"""A customer's support locations with their calendars."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import customers
from accounts.forms import CustomerForm, HolidayForm, LocationForm
from accounts.http import SignedInRequest, refusal_status
from accounts.http.addresses import read
from accounts.models import Contact, Customer, Location, LocationHoliday
from accounts.queries.calendars import FIRST_YEAR, LAST_YEAR, business_hours, special_days
from accounts.queries.people import contact_gaps
from accounts.rules.business_time import is_open, next_opening
from accounts.rules.refusal import Refused


def location_detail(
    request: SignedInRequest,
    customer: int,
    pk: int,
    *,
    form: HolidayForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """Hours, clock, calendar of a year, contacts and gaps."""
    place = _location(request, customer, pk)
    now = timezone.now()
    hours = business_hours(place)
    year = read(request, "year", _year, usual=timezone.localdate(now).year)
    contacts = list(Contact.objects.visible_to(request.user).filter(location=place))
    return render(
        request,
        "accounts/location_detail.html",
        {
            "location": place,
            "now": now,
            "is_open": is_open(hours, now),
            "opens_at": next_opening(hours, now),
            "year": year,
            "earlier": year - 1 if year > FIRST_YEAR else None,
            "later": year + 1 if year < LAST_YEAR else None,
            "days": special_days(place, year, get_language() or "en"),
            "contacts": contacts,
            "gaps": contact_gaps([place], contacts),
            "form": form or HolidayForm(),
            "refusal": refusal,
            "may_change": customers.may_change_locations(request.user),
            "may_change_contacts": customers.may_change_contacts(request.user),
        },
        status=_status(refusal, form),
    )


def customer_create(request: SignedInRequest) -> HttpResponse:
    """Take a customer into the team; then its host location."""
    if not customers.may_add_customers(request.user):
        raise Http404
    form = CustomerForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            owner = customers.add_customer(by=request.user, **form.cleaned_data)
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, _("Saved. Add the host location next."))
            return redirect("accounts:location-create", owner.pk)
    context = {"form": form, "refusal": refusal}
    return render(request, "accounts/customer_form.html", context, status=_status(refusal, form))


def location_create(request: SignedInRequest, customer: int) -> HttpResponse:
    """A further location of the customer."""
    owner = _changeable_customer(request, customer)
    first = not owner.locations.exists()
    role = Location.Role.HOST if first else Location.Role.DOWNSTREAM
    form = LocationForm(
        request.POST or None,
        instance=Location(customer=owner, role=role, currency=owner.currency),
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            place = customers.add_location(customer=owner, by=request.user, **form.values())
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:location-detail", owner.pk, place.pk)
    context = {"form": form, "refusal": refusal, "customer": owner}
    return render(request, "accounts/location_form.html", context, status=_status(refusal, form))


def location_edit(request: SignedInRequest, customer: int, pk: int) -> HttpResponse:
    """Change a location; an edit by somebody else in between is noticed."""
    owner = _changeable_customer(request, customer)
    place = _location(request, customer, pk)
    form = LocationForm(request.POST or None, instance=place)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            customers.change_location(
                location=place, by=request.user, seen=form.cleaned_data["version"], **form.values()
            )
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:location-detail", owner.pk, place.pk)
    context = {"form": form, "refusal": refusal, "customer": owner, "location": place}
    return render(request, "accounts/location_form.html", context, status=_status(refusal, form))


@require_POST
def holiday_create(request: SignedInRequest, customer: int, pk: int) -> HttpResponse:
    """A day off of its own, or a holiday on which people work."""
    place = _location(request, customer, pk)
    if not customers.may_change_contacts(request.user):
        raise Http404
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return location_detail(request, customer, pk, form=form)
    try:
        holiday = customers.add_holiday(location=place, by=request.user, **form.cleaned_data)
    except Refused as exc:
        return location_detail(request, customer, pk, form=form, refusal=exc)
    return _to_year(customer, pk, holiday.on)


@require_POST
def holiday_delete(request: SignedInRequest, customer: int, pk: int, holiday: int) -> HttpResponse:
    """Back to the national calendar on that day."""
    if not customers.may_change_contacts(request.user):
        raise Http404
    rows = LocationHoliday.objects.visible_to(request.user)
    own = get_object_or_404(rows, pk=holiday, location=pk, location__customer=customer)
    customers.remove_holiday(holiday=own, by=request.user)
    return _to_year(customer, pk, own.on)


def _to_year(customer: int, pk: int, on: date) -> HttpResponse:
    answer = redirect("accounts:location-detail", customer, pk)
    answer["Location"] += f"?year={on.year}#calendar"
    return answer


def _location(request: SignedInRequest, customer: int, pk: int) -> Location:
    rows = Location.objects.visible_to(request.user).select_related("customer")
    return get_object_or_404(rows.prefetch_related("own_holidays"), pk=pk, customer=customer)


def _changeable_customer(request: SignedInRequest, pk: int) -> Customer:
    if not customers.may_change_locations(request.user):
        raise Http404
    return get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)


def _year(typed: str) -> int:
    """The year that is written; `ValueError` for one without a calendar."""
    year = int(typed)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(typed)
    return year


def _status(refusal: Refused | None, form: Any) -> int:
    if refusal:
        return refusal_status(refusal)
    return 422 if form is not None and form.errors else 200
