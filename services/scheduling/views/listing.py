"""The schedule: list, month and week, and the same rows as a file."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http.access import viewer
from accounts.http.addresses import marked_page, one_of, read
from accounts.http.tables import csv_answer
from accounts.models import Customer, Location, User
from accounts.rules.money import Money
from services.catalog.models import Offering
from services.scheduling.forms.filters import ScheduleFilters
from services.scheduling.models import Booking, Engineer, ServiceRequest
from services.scheduling.queries.months import Grid, month_grid, week_grid
from services.scheduling.queries.schedule import AHEAD, Wanted, schedule, state_of
from services.scheduling.views.term import term_context
from services.scheduling.wording.losses import Amount
from services.scheduling.wording.states import BOOKING_STATES, language_name
from services.scheduling.wording.times import Span, span
from workorders.models import WorkOrder
from workorders.wording.states import Shown

VIEWS = ("list", "month", "week", "term")
EXPORTED_AT_MOST = 10_000
# Rows of a page: a row takes two lines, so half of what other lists show.
ROWS = 25
FILTERS = (
    "q", "customer", "location", "order", "service", "engineer", "state", "since", "until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking of the list."""

    booking: Booking
    when: Span
    state: Shown
    quantity: Amount
    fee: Amount | None


def booking_list(request: HttpRequest) -> HttpResponse:
    """The schedule as list, month or week, filtered, with pages and what waits for answer."""
    now, person = timezone.now(), viewer(request)
    form = _filters(request, person)
    shown = one_of(request, "view", VIEWS, usual="list")
    if shown != "list":
        form.says_not_cancelled()
    wanted = form.wanted(person.time_zone)
    context: dict[str, Any] = {
        "form": form,
        "shown": shown,
        "day": _day(request, person, now),
        "zone": person.time_zone,
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
        "may_book": person.manages_agreements,
        "may_request": person.may_act_for_customer and not person.manages_agreements,
        "waiting": ServiceRequest.objects.visible_to(person).waiting().count(),
    }
    if shown == "list":
        context |= _list(request, person, wanted, now)
    elif shown == "term":
        context |= term_context(person, _with_delivered(wanted), now) if wanted else {}
    else:
        context |= _grid(person, wanted, shown, context["day"], now)
    fragment = "#results" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/booking_list.html{fragment}", context)


def booking_export(request: HttpRequest) -> HttpResponse:
    """The same rows with the same filters, all pages, as CSV."""
    now, person = timezone.now(), viewer(request)
    wanted = _filters(request, person).wanted(person.time_zone)
    found = schedule(person, wanted, now=now) if wanted else Booking.objects.none()
    header = (
        _("Booking"), _("Service"), _("Title"), _("Customer"), _("Work order"), _("Location"),
        _("Begins"), _("Ends"), _("Time zone"), _("Delivery"), _("Language"), _("Quantity"),
        _("Unit"), _("Worth"), _("Currency"), _("State"), _("Cancellation charge"),
    )  # fmt: skip
    return csv_answer(
        "schedule", header, (_exported(booking, now) for booking in found[:EXPORTED_AT_MOST])
    )


def _exported(booking: Booking, now: datetime) -> tuple[object, ...]:
    zone = ZoneInfo(booking.location.time_zone)
    row = _row(booking, now)
    charge = booking.charge_minor
    return (
        booking.reference,
        str(booking.entitlement.offering),
        booking.title,
        booking.customer.name,
        booking.order.number,
        booking.location.name,
        booking.starts_at.astimezone(zone).isoformat(timespec="minutes"),
        booking.ends_at.astimezone(zone).isoformat(timespec="minutes"),
        booking.location.time_zone,
        booking.get_mode_display(),
        language_name(booking.language),
        booking.quantity,
        booking.entitlement.get_unit_display()
        if booking.entitlement.unit != "minute"
        else _("minutes"),
        Money(booking.fee_minor, booking.currency).decimal_text,
        booking.currency,
        str(row.state.word),
        "" if charge is None else Money(charge, booking.currency).decimal_text,
    )


def _filters(request: HttpRequest, person: User) -> ScheduleFilters:
    """The filter form; services are those that are booked somewhere in reach."""
    booked = Booking.objects.visible_to(person).order_by().values("entitlement__offering")
    services = {
        offering.code: str(offering)
        for offering in Offering.objects.filter(pk__in=booked).order_by("position")
    }
    return ScheduleFilters(
        request.GET,
        customers=Customer.objects.visible_to(person).order_by("name"),
        locations=Location.objects.visible_to(person).order_by("-role", "name"),
        orders=WorkOrder.objects.visible_to(person).executed(),
        services=list(services.items()),
        engineers=Engineer.objects.visible_to(person).order_by("name"),
    )


def _list(
    request: HttpRequest, person: User, wanted: Wanted | None, now: datetime
) -> dict[str, Any]:
    if wanted is None:
        return {"rows": []}
    keys = ("starts_at", "pk") if wanted.state in AHEAD else ("-starts_at", "-pk")
    page = marked_page(
        request,
        schedule(person, wanted, now=now),
        keys,
        size=ROWS,
    )
    return {"page": page, "rows": [_row(booking, now) for booking in page.rows]}


def _grid(
    person: User, wanted: Wanted | None, shown: str, day: date, now: datetime
) -> dict[str, Any]:
    """A calendar shows every state but the cancelled ones, unless one is asked for."""
    if wanted is None:
        return {"grid": None}
    wanted = _with_delivered(wanted)
    make = month_grid if shown == "month" else week_grid
    grid: Grid = make(person, wanted, day=day, now=now)
    return {"grid": grid, "weekdays": grid.weeks[0]}


def _with_delivered(wanted: Wanted) -> Wanted:
    return replace(wanted, state="standing") if wanted.state == "planned" else wanted


def _row(booking: Booking, now: datetime) -> BookingRow:
    entitlement = booking.entitlement
    return BookingRow(
        booking,
        span(booking.starts_at, booking.ends_at, booking.location.time_zone),
        BOOKING_STATES[state_of(booking, now)],
        Amount(booking.quantity, entitlement.unit, is_money=False),
        Amount(booking.fee_minor, booking.currency, is_money=True) if booking.fee_minor else None,
    )


def _day(request: HttpRequest, person: User, now: datetime) -> date:
    """The day that the calendar shows; today in the person's zone when none can be read."""
    today = now.astimezone(ZoneInfo(person.time_zone)).date()
    day = read(request, "day", date.fromisoformat, usual=today)
    return min(max(day, date(2000, 1, 1)), date(2199, 12, 31))
